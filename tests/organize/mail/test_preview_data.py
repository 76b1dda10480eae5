"""How wordings read before anybody gets them, for every kind of mail."""

from __future__ import annotations

import pytest
from django.test import Client

from notifications.mails.mail_templates import EDITABLE
from notifications.wordings.mail_placeholders import PLACEHOLDERS
from notifications.wordings.own_texts import read_wording
from organize.mail.preview_data import sample
from tests.organize.conftest import Desk


@pytest.mark.parametrize("kind", EDITABLE)
def test_a_sample_has_something_for_every_placeholder(desk: Desk, kind: str) -> None:
    body = "\n".join(f"[{name}={{{name}}}]" for name in PLACEHOLDERS[kind])
    shown = sample(desk.conference, kind, read_wording(kind, "Own words", body, "en"))
    said = [name for name in PLACEHOLDERS[kind] if f"[{name}=" in shown.words and f"[{name}=]" not in shown.words]
    assert said == list(PLACEHOLDERS[kind])


@pytest.mark.parametrize("kind", EDITABLE)
def test_every_wording_has_its_page(desk: Desk, alice: Client, kind: str) -> None:
    for language in ("en", "ko"):
        page = alice.get(f"/organize/forum/wordings/{kind}/{language}/")
        assert (page.status_code, page.context["preview"] is None) == (200, False)
        assert alice.get(f"/organize/forum/wordings/{kind}/{language}/html/").status_code == 200
