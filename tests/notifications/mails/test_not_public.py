"""No kind of mail says who else appears in a session, who hosts it, or what it is about, whatever is public of it."""

from __future__ import annotations

import pytest
from i18nfield.strings import LazyI18nString

from notifications.rules.mail_rules import KINDS
from schedule.models import Session
from tests.factories import make_body, make_person, make_theme
from tests.notifications.mails.test_rendering import SCENES, mail_of
from tests.notifications.places import Stage

pytestmark = pytest.mark.django_db


def mark(about: str) -> LazyI18nString:
    return LazyI18nString({"en": f"unsaid {about}", "ko": f"unsaid {about}"})


@pytest.mark.parametrize("kind", KINDS)
def test_details_of_a_session_are_in_no_mail(kind: str) -> None:
    stage = Stage()
    SCENES[kind](stage, "en")
    # Mails are written when they are sent, from what holds then.
    session = Session.objects.get(pk=stage.session.pk)
    session.abstract, session.theme = mark("abstract"), make_theme(stage.conference, name=mark("theme"))
    session.save(update_fields=["abstract", "theme"])
    session.roles.create(person=make_person(stage.conference, name=mark("person"), affiliation="unsaid"), role="chair")
    session.host_links.create(body=make_body(stage.conference, name=mark("host")), is_shown=False, position=9)
    message = mail_of(kind)[1].message
    parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    text = "\n".join([str(message["Subject"]), *(part.decode() for part in parts if isinstance(part, bytes))])
    assert text.count("\n") > 5
    assert "unsaid" not in text
