"""What kinds of mail say of a session: of those in it, and what it is about, nothing outside its calendar entry.

There the public view decides (tests/notifications/feeds/test_details.py); who must not be named is named nowhere.
"""

from __future__ import annotations

from typing import cast

import pytest
from i18nfield.strings import LazyI18nString

from notifications.rules.mail_rules import KINDS
from schedule.domain.programme.people import take_down
from schedule.models import Session
from tests.factories import both, make_body, make_person, make_theme
from tests.notifications.mails.test_rendering import SCENES, mail_of
from tests.notifications.places import ACTOR, Stage

pytestmark = pytest.mark.django_db


def mark(about: str) -> LazyI18nString:
    return LazyI18nString({"en": f"unsaid {about}", "ko": f"unsaid {about}"})


@pytest.mark.parametrize("kind", KINDS)
def test_details_of_a_session_are_in_no_mails_words(kind: str) -> None:
    stage = Stage()
    SCENES[kind](stage, "en")
    # Mails are written when they are sent, from what holds then.
    session = Session.objects.get(pk=stage.session.pk)
    session.abstract, session.theme = mark("abstract"), make_theme(stage.conference, name=mark("theme"))
    session.save(update_fields=["abstract", "theme"])
    session.roles.create(person=make_person(stage.conference, name=mark("person"), affiliation="unsaid"), role="chair")
    gone = make_person(stage.conference, name=both("taken down"))
    session.roles.create(person=gone, role="chair", position=8)
    take_down(gone, actor=ACTOR)
    session.host_links.create(body=make_body(stage.conference, name=both("not shown")), is_shown=False, position=9)
    message = mail_of(kind)[1].message
    parts = {
        part.get_content_type(): cast("bytes", part.get_payload(decode=True)).decode()
        for part in message.walk()
        if not part.is_multipart()
    }
    everything = "\n".join([str(message["Subject"]), *parts.values()])
    assert [word for word in ("taken down", "not shown") if word in everything] == []
    words = "\n".join([str(message["Subject"]), parts["text/plain"], parts["text/html"]])
    assert words.count("\n") > 5
    assert "unsaid" not in words
