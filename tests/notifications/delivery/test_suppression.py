"""Addresses that take no mail: nothing is sent there, nothing is lost, and an organizer can lift it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from journal.models import Entry
from notifications.delivery.delivering import deliver
from notifications.delivery.smtp.codes import no_mailbox
from notifications.delivery.suppression import LiftRefusedError, forget, is_suppressed, lift, suppress
from notifications.models import Message, Suppression
from notifications.rules.intake import take_in
from registration.domain.registrations import links
from registration.domain.signups.signing_up import leave
from tests.factories import make_conference, make_participant, make_person, make_registration, make_user
from tests.notifications.places import ACTOR, Stage
from tests.notifications.sending import later, send
from tests.smtp_sink import SmtpSink
from tests.sql import refused

pytestmark = pytest.mark.django_db
REFUSED = Suppression.Reason.REFUSED


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (550, "5.1.1 The email account that you tried to reach does not exist", True),
        (550, "5.1.1", True),
        (550, "5.1.10 Recipient address has null MX", True),
        (550, "5.2.1 The email account that you tried to reach is disabled", True),
        (550, "No such user here", True),
        (553, "sorry, that recipient unknown", True),
        (556, "takes no mail", True),
        (550, "5.7.1 user unknown to our policy", False),
        (552, "5.2.2 mailbox full", False),
        (550, "blocked by our spam filter", False),
        (554, "no such user", False),
        (550, "see http://192.5.1.1/", False),
    ],
)
def test_only_a_mailbox_that_is_not_there_counts(code: int, text: str, expected: bool) -> None:
    assert no_mailbox(code, text) is expected


def refused_person(sink: SmtpSink) -> tuple[Stage, str]:
    """Somebody whose mail server says there is no such mailbox, and somebody who is fine; both were written to."""
    stage = Stage()
    one, _two = stage.place(participant=make_participant(email="Ana@example.org")), stage.place()
    sink.refuse("Ana@example.org", "550 5.1.1 no such user")
    send()
    leave(one, actor=ACTOR)
    return stage, "Ana@example.org"


def test_refused_address_is_listed_and_its_next_message_withheld(sink: SmtpSink) -> None:
    stage, address = refused_person(sink)
    done = send()
    assert (done.sent, done.withheld) == (0, 1)
    entry = Suppression.objects.get()
    assert (entry.address, entry.reason, entry.answer) == ("ana@example.org", "refused", "550 5.1.1 no such user")
    rows = Message.objects.filter(participant__email=address).order_by("pk")
    assert list(rows.values_list("kind", "state", "suppression", "last_answer")) == [
        ("place_confirmed", "failed", None, "550 5.1.1 no such user"),
        ("place_left", "withheld", entry.pk, "not sent: mails to this address come back (550 5.1.1 no such user)"),
    ]
    assert [taken.recipient for taken in sink.taken] == [
        one.registration.participant.email for one in stage.session.signups.filter(state="confirmed")
    ]
    assert list(Entry.objects.filter(verb="suppression.added").values_list("subject_id", "data")) == [
        (entry.pk, {"reason": "refused"})
    ]


def test_other_refusals_list_nobody(sink: SmtpSink) -> None:
    Stage().place(participant=make_participant(email="ana@example.org"))
    sink.refuse("ana@example.org", "550 5.7.1 blocked")
    assert send().failed == 1
    assert not is_suppressed("ana@example.org")


def test_lifted_address_is_sent_what_holds_now(sink: SmtpSink) -> None:
    _stage, address = refused_person(sink)
    send()
    sink.refuse_nobody()
    entry = Suppression.objects.get()
    assert lift(entry, actor=Actor.organizer(1)) == 1
    message = Message.objects.get(kind="place_left")
    assert (message.state, message.suppression, message.attempts) == ("queued", None, 0)
    assert deliver("bulk").sent == 1
    assert sink.taken[-1].recipient == address
    with pytest.raises(LiftRefusedError):
        lift(entry, actor=Actor.organizer(1))
    assert list(Entry.objects.filter(verb="suppression.lifted").values_list("actor", "data")) == [
        ("organizer:1", {"messages": 1})
    ]


def test_address_can_be_listed_again_after_it_was_lifted(sink: SmtpSink) -> None:
    refused_person(sink)
    send()
    lift(Suppression.objects.get(), actor=Actor.organizer(1))
    later()
    assert deliver("bulk").failed == 1
    assert Suppression.objects.count() == 2
    assert is_suppressed(" ANA@example.org")


def test_list_holds_an_address_once() -> None:
    now = timezone.now()
    assert suppress("Ana@example.org", REFUSED, answer="one", now=now) is not None
    assert suppress("ana@EXAMPLE.org ", REFUSED, answer="two", now=now + timedelta(days=1)) is None
    assert list(Suppression.objects.values_list("address", "answer")) == [("ana@example.org", "one")]


def test_database_refuses_a_second_entry_and_capitals() -> None:
    insert = (
        "INSERT INTO notifications_suppression (address, reason, answer, created_at) VALUES (%s, 'refused', '', now())"
    )
    suppress("ana@example.org", REFUSED, answer="", now=timezone.now())
    assert refused(insert, "ana@example.org") == "one_suppression_per_address"
    assert refused(insert, "Bob@example.org") == "suppressed_address_is_lower_case"


def test_organizers_see_the_addresses_of_their_conference_only() -> None:
    now = timezone.now()
    here, elsewhere = make_conference(), make_conference()
    for conference, address in ((here, "Ana@example.org"), (elsewhere, "bob@example.org")):
        make_registration(conference, participant=make_participant(email=address))
        suppress(address, REFUSED, answer="", now=now)
    suppress("charlie@example.org", REFUSED, answer="", now=now)
    shown = Suppression.objects.for_conference(here).values_list("address", flat=True)
    assert list(shown) == ["ana@example.org"]


@pytest.mark.parametrize("people", [1, 3])
def test_withholding_costs_one_query_for_each_address(
    people: int, sink: SmtpSink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = Stage()
    stage.move("10:00", stage.other_room)
    for _ in range(people):
        place = stage.place()
        suppress(place.registration.participant.email, REFUSED, answer="", now=timezone.now())
    take_in()
    # In hand, claim, messages, wordings, entries, history, six for what is said of the sessions, suppressed; one for
    # each entry of the list; give back.
    with django_assert_num_queries(7 + 6 + people + 1):
        assert deliver("bulk", limit=people).withheld == people


def test_lifted_entries_and_nobodys_addresses_are_forgotten_and_no_others() -> None:
    now = timezone.now()
    long_ago, lately = now - timedelta(days=40), now - timedelta(days=3)
    for address, created_at, lifted_at in (
        ("lifted-long-ago@example.org", long_ago, now - timedelta(days=31)),
        ("lifted-lately@example.org", long_ago, now - timedelta(days=29)),
        ("nobody-any-more@example.org", long_ago, None),
        ("nobody-since-lately@example.org", lately, None),
        ("dana@example.org", long_ago, None),
        ("speaker@example.org", long_ago, None),
        ("desk@example.org", long_ago, None),
    ):
        Suppression.objects.create(address=address, reason=REFUSED, created_at=created_at, lifted_at=lifted_at)
    make_participant(email="Dana@example.org")
    make_participant(email="lifted-lately@example.org")
    make_person(make_conference(), email="Speaker@example.org")
    make_user(email="desk@example.org")
    assert forget(now=now) == 2
    assert sorted(Suppression.objects.values_list("address", flat=True)) == [
        "dana@example.org",
        "desk@example.org",
        "lifted-lately@example.org",
        "nobody-since-lately@example.org",
        "speaker@example.org",
    ]


def test_link_that_somebody_asks_for_goes_to_a_listed_address(sink: SmtpSink) -> None:
    """Beside a confirmation to the same address, which is withheld as ever."""
    registration = make_registration(make_conference(), participant=make_participant(email="ana@example.org"))
    suppress("ana@example.org", Suppression.Reason.BOUNCED, answer="550 5.1.1 gone", now=timezone.now())
    links.request_link("ana@example.org", now=timezone.now())
    Stage(slug="other").place(participant=registration.participant)
    take_in()
    assert (deliver("urgent").sent, deliver("bulk").withheld) == (1, 1)
    assert [taken.recipient for taken in sink.taken] == ["ana@example.org"]
    kinds = sorted(Message.objects.values_list("kind", "state"))
    assert kinds == [("place_confirmed", "withheld"), ("sign_in", "sent")]
