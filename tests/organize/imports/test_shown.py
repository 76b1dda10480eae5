"""What the preview of an import says: nothing where nothing differs, and a link to each page it names."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schedule.models import ProgrammeUpload
from tests.factories import make_room
from tests.organize.conftest import Desk

START = "/organize/forum/import/"


def preview(client: Client, table: str) -> Any:
    client.post(START, {"file": SimpleUploadedFile("programme.csv", table.encode())})
    return client.get(f"{START}{ProgrammeUpload.objects.latest('pk').pk}/preview/")


@pytest.mark.parametrize(
    ("features", "counts"),
    [
        ("wheelchair; projector", ["New (0)", "Changed (0)", "Unchanged (1)"]),
        ("projector", ["New (0)", "Changed (1)", "Unchanged (0)"]),
    ],
)
def test_features_in_another_order_are_the_same(desk: Desk, alice: Client, features: str, counts: list[str]) -> None:
    make_room(desk.conference, code="BIG", capacity=90, features=["projector", "wheelchair"])
    page = preview(alice, f"Code,Name,Seats,Features\nBIG,,90,{features}\n")
    assert [label for _state, label in page.context["counts"][:3]] == counts


def test_a_sentence_that_names_a_page_links_to_it(desk: Desk, alice: Client) -> None:
    page = preview(alice, "Title,Minutes,Nobody <knows>\nTea,30,x\n")
    pk = ProgrammeUpload.objects.get().pk
    [told] = [one.sentence for one in page.context["told"] if "left out" in one.sentence]
    link = f'<a href="{START}{pk}/">How to read the file</a>'
    assert told == f"Nothing tells what this column holds, so it was left out. Say it under {link}."
    assert told in page.text
    assert "Nobody &lt;knows&gt;" in page.text
