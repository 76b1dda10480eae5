"""The session somebody appears in, in their own calendar: put there, kept right and taken out by the mails about it."""

from __future__ import annotations

import pytest

from journal.models import Entry
from notifications.mails.calendar_entries import appearance_uid
from notifications.models import Message
from schedule.domain.programme.people import set_entries
from schedule.domain.programme.sessions import cancel_session, reinstate_session
from schedule.models import Person, Role
from tests.factories import both, make_person
from tests.notifications.calendars.factories import unfolded
from tests.notifications.feeds.test_personal_feeds import events
from tests.notifications.places import ACTOR
from tests.notifications.rules.test_appearances import Programme
from tests.notifications.scenes import host, speaker
from tests.notifications.sending import later, send
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


class Calendars:
    """A programme whose speaker has read no mail yet, and the calendar parts of the mails that leave."""

    def __init__(self, sink: SmtpSink) -> None:
        self.programme = Programme()
        self.session = self.programme.session
        self.speaker = speaker(self.programme, "en")
        self.sink = sink

    def told(self) -> list[tuple[str, ...]]:
        """Recipient, method, SEQUENCE, STATUS and start of each mail since the last look."""
        before = len(self.sink.taken)
        send()
        later()
        send()
        found: list[tuple[str, ...]] = []
        for taken in self.sink.taken[before:]:
            parts = [one for one in taken.message.walk() if one.get_content_type() == "text/calendar"]
            about: tuple[str, ...] = ()
            for part in parts:
                body = part.get_payload(decode=True)
                assert isinstance(body, bytes)
                [event] = events(unfolded(body), "SEQUENCE", "STATUS", "DTSTART", "UID")
                assert event[3] == appearance_uid(self.session, Person.objects.get(email=taken.recipient))
                about = (str(part.get_param("method")), *event[:3])
            found.append((taken.recipient, *about))
        return found


@pytest.fixture
def calendars(sink: SmtpSink) -> Calendars:
    return Calendars(sink)


ADA = "speaker@example.org"


def test_entry_follows_the_session_from_release_to_release(calendars: Calendars) -> None:
    programme = calendars.programme
    programme.publish("10:00")
    assert calendars.told() == [(ADA, "REQUEST", "0", "CONFIRMED", "20370601T100000")]
    programme.publish("10:00")
    assert calendars.told() == []
    programme.publish("12:00")
    assert calendars.told() == [(ADA, "REQUEST", "1", "CONFIRMED", "20370601T120000")]
    programme.publish()
    assert calendars.told() == [(ADA, "CANCEL", "2", "CANCELLED", "20370601T120000")]
    programme.publish("14:00")
    assert calendars.told() == [(ADA, "REQUEST", "3", "CONFIRMED", "20370601T140000")]
    cancel_session(calendars.session, actor=ACTOR)
    assert calendars.told() == [(ADA, "CANCEL", "4", "CANCELLED", "20370601T140000")]
    reinstate_session(calendars.session, actor=ACTOR)
    assert calendars.told() == [(ADA, "REQUEST", "5", "CONFIRMED", "20370601T140000")]


def test_whoever_comes_later_is_told_at_the_next_release_and_whoever_goes_too(calendars: Calendars) -> None:
    programme = calendars.programme
    programme.publish("10:00")
    calendars.told()
    bob = make_person(programme.conference, email="bob@example.org", name=both("Bob"))
    Role.objects.create(session=calendars.session, person=bob, role="chair")
    Role.objects.filter(person=calendars.speaker).delete()
    assert calendars.told() == []
    programme.publish("10:00")
    assert sorted(calendars.told()) == [
        ("bob@example.org", "REQUEST", "0", "CONFIRMED", "20370601T100000"),
        (ADA, "CANCEL", "1", "CANCELLED", "20370601T100000"),
    ]
    programme.publish("10:00")
    assert calendars.told() == []
    # Gone while the session is taken out as well.
    Role.objects.filter(person=bob).delete()
    programme.publish()
    assert calendars.told() == [("bob@example.org", "CANCEL", "1", "CANCELLED", "20370601T100000")]


def test_contact_of_a_host_is_told_without_an_entry(calendars: Calendars) -> None:
    host(calendars.programme)
    calendars.programme.publish("12:00")
    assert sorted(calendars.told()) == [
        ("host@example.org",),
        (ADA, "REQUEST", "0", "CONFIRMED", "20370601T120000"),
    ]


def test_who_refuses_entries_is_told_without_and_what_they_have_is_taken_out(calendars: Calendars) -> None:
    programme = calendars.programme
    programme.publish("10:00")
    calendars.told()
    for _ in range(2):
        set_entries(calendars.speaker, wanted=False, actor=ACTOR)
    programme.publish("12:00")
    assert calendars.told() == [(ADA,)]
    cancel_session(calendars.session, actor=ACTOR)
    assert calendars.told() == [(ADA, "CANCEL", "1", "CANCELLED", "20370601T120000")]
    changes = Entry.objects.filter(verb="person.entries_changed").values_list("subject_id", "data")
    assert list(changes) == [(calendars.speaker.pk, {"wanted": False})]


def test_newer_mail_waits_for_the_older_one_about_the_same_session(calendars: Calendars) -> None:
    calendars.programme.publish("10:00")
    calendars.sink.answer("451 later")
    send()
    calendars.programme.publish("12:00")
    send()
    # The older one, rendered when it is sent, says what the newer would; nothing overtakes it.
    assert calendars.told() == [(ADA, "REQUEST", "0", "CONFIRMED", "20370601T120000")]
    assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "superseded"}
