from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.consents import ConsentMissing, Purpose, agree
from registration.domain.registrations import links, registering, tokens
from registration.domain.registrations.answers import Answers, sessions_to_wish_for, wished_sessions
from registration.domain.signups.signing_up import sign_up
from registration.models import MagicLink, Participant, Registration, SignUp
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Conference
from tests.at_once import at_once
from tests.factories import at, make_conference, make_registration, make_session, publish
from tests.fixtures.conferences import Agenda, Small, states
from tests.registration.steps import redeemed

ANSWERS = Answers(display_name="Dana", country="KR", access_needs=("captions",), wishes=("C", "A"))


def token_of(link: MagicLink) -> str:
    return tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_one_address_is_one_person_however_it_is_written(agenda: Agenda) -> None:
    first = registering.begin(agenda.conference, email="Dana@Example.org", language="en")
    again = registering.begin(agenda.conference, email=" dana@example.ORG ", language="ko")
    assert (first.pk, first.participant_id) == (again.pk, again.participant_id)
    assert list(Participant.objects.values_list("email", flat=True)) == ["Dana@Example.org"]
    written = ("eun@straße.example", "Eun@XN--STRAE-OQA.example", "eun@STRASSE.example")
    eun, encoded, other = (registering.begin(agenda.conference, email=one, language="en") for one in written)
    assert (eun.participant_id == encoded.participant_id, eun.participant_id == other.participant_id) == (True, False)


def test_a_draft_holds_nothing_of_what_was_typed_until_the_link_is_used(agenda: Agenda) -> None:
    link = registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)
    registration = Registration.objects.get()
    assert (registration.state, registration.display_name, registration.access_needs) == ("draft", "", [])
    now = timezone.now()
    participant = redeemed(token_of(link), now=now)
    registration.refresh_from_db()
    assert (registration.state, registration.display_name, registration.access_needs) == (
        "accepted",
        "Dana",
        ["captions"],
    )
    assert list(registration.interests.order_by("rank").values_list("session__code", flat=True)) == ["C", "A"]
    assert (registration.consented_at, sorted(registration.consents)) == (now, ["access", "conduct", "privacy"])
    assert participant.verified_at is not None
    link.refresh_from_db()
    assert link.answers == {}
    assert verbs() == [
        "link.requested",
        "registration.answered",
        "registration.consents_changed",
        "interests.changed",
        "registration.confirmed",
    ]


def test_the_journal_holds_no_address_and_no_name(agenda: Agenda) -> None:
    redeemed(
        token_of(registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)), now=timezone.now()
    )
    links.request_link("nobody@example.org", now=timezone.now())
    written = repr(list(Entry.objects.values()))
    assert "link.refused" in written
    for word in ("dana", "Dana", "nobody", "example.org"):
        assert word not in written


def test_a_stranger_who_knows_the_address_changes_nothing_and_what_they_typed_is_only_offered(
    alice: Registration,
) -> None:
    typed = Answers(display_name="Mallory", wishes=("A",))
    link = registering.register(alice.conference, email="ALICE@example.org", answers=typed)
    assert Entry.objects.latest("pk").data["purpose"] == "known"
    used = registering.redeem(token_of(link), now=timezone.now())
    assert (used.participant, used.offered) == (alice.participant, typed)
    alice.refresh_from_db()
    assert (alice.display_name, alice.state, alice.interests.count()) == ("Alice", "accepted", 0)
    link.refresh_from_db()
    assert link.answers == {}


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        (Answers("Dana"), ("privacy", "conduct")),
        (Answers("Dana", access_note="a ramp"), ("privacy", "access", "conduct")),
        (Answers("Dana", diet="vegan"), ("privacy", "meals", "conduct")),
    ],
)
def test_nobody_takes_part_with_answers_that_nobody_agreed_to(
    agenda: Agenda, answers: Answers, missing: tuple[str, ...]
) -> None:
    now = timezone.now()
    link = registering.register(agenda.conference, email="dana@example.org", answers=answers)
    for one in missing:
        agreed = agree([Purpose(purpose) for purpose in missing if purpose != one], {}, now=now)
        with pytest.raises(ConsentMissing) as refused:
            registering.redeem(token_of(link), now=now, agreed=agreed)
        assert refused.value.purposes == (one,)
    registration = Registration.objects.get()
    assert (registration.state, registration.participant.verified_at) == ("draft", None)
    registering.redeem(token_of(link), now=now, agreed=agree([Purpose(one) for one in missing], {}, now=now))
    assert Registration.objects.get().state == "accepted"


def test_an_agreement_ends_with_the_answers_it_was_about(alice: Registration) -> None:
    now = timezone.now()
    given = agree([Purpose.ACCESS, Purpose.MEALS], {"privacy": 3}, now=now)
    Registration.objects.update(consents={})
    alice.refresh_from_db()
    typed = Answers("Alice", access_needs=("captions",), diet="vegan")
    with pytest.raises(ConsentMissing), transaction.atomic():
        registering.answer(alice, typed, actor=alice.actor)
    registering.answer(alice, typed, actor=alice.actor, agreed=given)
    registering.answer(alice, replace(typed, diet=""), actor=alice.actor)
    alice.refresh_from_db()
    assert alice.consents == {"access": given["access"]}
    told = Entry.objects.filter(verb="registration.consents_changed").order_by("pk").values_list("data", flat=True)
    assert list(told) == [{"given": {"access": 3, "meals": 3}}, {"withdrawn": ["meals"]}]


def test_a_newer_link_that_was_used_leaves_no_older_one_alive(agenda: Agenda, elsewhere: Conference) -> None:
    """But those that confirm a registration elsewhere, which hold something else."""
    now = timezone.now()

    def registered(conference: Conference, name: str, minutes: int) -> MagicLink:
        at = now + timedelta(minutes=minutes)
        return registering.register(conference, email="dana@example.org", answers=Answers(name), now=at)

    older, other = registered(agenda.conference, "Dane", -9), registered(elsewhere, "Dana", -8)
    sign_in = links.request_link("dana@example.org", now=now - timedelta(minutes=7))
    newer, newest = registered(agenda.conference, "Dana", -6), registered(agenda.conference, "Danah", -5)
    assert sign_in is not None
    redeemed(token_of(newer), now=now)
    everyone = {"older": older, "other": other, "sign-in": sign_in, "newer": newer, "newest": newest}
    for one in everyone.values():
        one.refresh_from_db()
    assert [name for name, one in everyone.items() if links.is_usable(one, now=now)] == ["other", "newest"]
    assert older.answers == {}


@pytest.mark.parametrize(
    ("state", "purpose", "name"),
    [("expired", "confirm", "Dana"), ("used", "sign_in", ""), ("registered", "known", "Dana")],
)
def test_another_link_goes_to_the_same_address_with_all_that_waited(
    agenda: Agenda, state: str, purpose: str, name: str
) -> None:
    now = timezone.now()
    link = registering.register(agenda.conference, email="dana@example.org", answers=Answers("Dana"), now=now)
    later = now + links.CONFIRM_VALID_FOR
    if state == "used":
        redeemed(token_of(link), now=now)
    elif state == "registered":
        Registration.objects.update(state="accepted", consented_at=now)
    link.refresh_from_db()
    sent = links.send_again(link, now=later)
    assert (sent.participant, sent.next_path, links.is_usable(sent, now=later)) == (
        link.participant,
        "/my/forum/",
        True,
    )
    assert (Entry.objects.latest("pk").data["purpose"], sent.answers.get("display_name", "")) == (purpose, name)


def test_no_other_link_is_sent_to_confirm_what_was_not_confirmed_in_time(agenda: Agenda) -> None:
    """Or whoever once filled in the form could come in as long as they pressed again."""
    now = timezone.now()
    link = registering.register(agenda.conference, email="dana@example.org", answers=Answers("Dana"), now=now)
    later = now + links.CONFIRM_VALID_FOR
    agenda.conference.registration_closes_at = later
    with pytest.raises(links.LinkRefused):
        links.send_again(link, now=later)
    agenda.conference.registration_closes_at = None
    assert links.send_again(link, now=later).answers["display_name"] == "Dana"


def test_a_second_form_for_the_same_draft_does_not_replace_what_the_first_link_carries(agenda: Agenda) -> None:
    mine = registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)
    registering.register(agenda.conference, email="dana@example.org", answers=Answers(display_name="Mallory"))
    redeemed(token_of(mine), now=timezone.now())
    assert Registration.objects.get().display_name == "Dana"


@pytest.mark.parametrize("spoiled", ["used", "expired", "unknown", "garbled"])
def test_a_link_works_once_and_in_time(agenda: Agenda, spoiled: str) -> None:
    now = timezone.now()
    link = registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS, now=now)
    token = token_of(link)
    if spoiled == "used":
        redeemed(token, now=now)
        Registration.objects.update(state="cancelled")
    elif spoiled == "expired":
        now = now + links.CONFIRM_VALID_FOR
    elif spoiled == "unknown":
        token = tokens.token_for(tokens.TokenPurpose.FEED, link.uid)
    else:
        token = token[:-1]
    before = Registration.objects.get().state
    with pytest.raises(links.LinkRefused):
        redeemed(token, now=now)
    assert Registration.objects.get().state == before


def test_a_link_still_works_in_its_last_second(agenda: Agenda) -> None:
    now = timezone.now()
    link = registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS, now=now)
    redeemed(token_of(link), now=now + links.CONFIRM_VALID_FOR - timedelta(seconds=1))
    assert Registration.objects.get().state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_a_link_at_once_one_does() -> None:
    conference = make_conference()
    token = token_of(registering.register(conference, email="dana@example.org", answers=Answers(display_name="Dana")))
    barrier = threading.Barrier(8, timeout=30)

    def use(_number: int) -> str:
        try:
            connection.ensure_connection()
            barrier.wait()
            redeemed(token, now=timezone.now())
        except links.LinkRefused:
            return "refused"
        else:
            return "redeemed"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(use, range(8)))
    assert sorted(outcomes) == ["redeemed"] + ["refused"] * 7
    assert verbs().count("registration.confirmed") == 1


def rush_for_the_last_registration() -> list[str]:
    """Eight people use their links at once; the conference takes one. The states they end in."""
    conference = make_conference(capacity=1)
    people = [
        token_of(registering.register(conference, email=f"p{n}@example.org", answers=Answers(display_name=f"P{n}")))
        for n in range(8)
    ]
    barrier = threading.Barrier(8, timeout=30)

    def use(token: str) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            redeemed(token, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, people))
    return sorted(Registration.objects.for_conference(conference).values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_last_registration_is_given_once() -> None:
    for _round in range(5):
        assert rush_for_the_last_registration() == ["accepted"] + ["waitlisted"] * 7


@pytest.mark.django_db(transaction=True)
def test_without_its_lock_the_database_has_to_refuse_the_last_registration(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above can fail."""
    monkeypatch.setattr(registering, "_lock_if_limited", lambda conference: conference)
    with pytest.raises(IntegrityError, match="The conference is full"):
        [rush_for_the_last_registration() for _round in range(20)]


def test_who_comes_to_a_full_conference_is_in_line_with_the_answers(agenda: Agenda) -> None:
    Conference.objects.update(capacity=1)
    other = make_registration(agenda.conference)
    link = registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)
    participant = redeemed(token_of(link), now=timezone.now())
    mine = Registration.objects.get(participant=participant)
    assert (mine.state, mine.display_name, participant.verified_at is not None) == ("waitlisted", "Dana", True)
    assert registering.take_part(mine, actor=SYSTEM, now=timezone.now()).state == "waitlisted"
    registering.cancel(other, actor=SYSTEM)
    mine.refresh_from_db()
    assert (mine.state, mine.queued_at) == ("accepted", None)


@pytest.mark.parametrize("state", ["declined", "waitlisted", "under-review"])
def test_what_the_organizers_decided_is_not_undone_by_registering_again(agenda: Agenda, state: str) -> None:
    held = make_registration(agenda.conference, state=state)
    link = registering.register(agenda.conference, email=held.participant.email, answers=ANSWERS)
    redeemed(token_of(link), now=timezone.now())
    registering.take_part(held, actor=SYSTEM, now=timezone.now())
    held.refresh_from_db()
    assert held.state == state


def test_nothing_is_confirmed_without_agreement(agenda: Agenda) -> None:
    draft = registering.begin(agenda.conference, email="dana@example.org", language="en")
    assert registering.take_part(draft, actor=SYSTEM, now=timezone.now()).state == "draft"


def test_cancelling_gives_every_place_to_those_who_wait(small: Small) -> None:
    alice, bob, charlie = small.people(3)
    held, waiting = small.sign_up(alice, "morning"), small.sign_up(alice, "noon")
    small.sign_up(bob, "morning")
    in_line = small.sign_up(charlie, "morning")
    assert states(in_line) == ["waiting"]
    assert registering.cancel(alice, actor=SYSTEM).state == "cancelled"
    assert states(held, waiting, in_line) == ["left", "left", "confirmed"]
    count = Entry.objects.count()
    registering.cancel(alice, actor=SYSTEM)
    assert Entry.objects.count() == count


def test_after_cancelling_a_person_may_take_part_again(agenda: Agenda, alice: Registration) -> None:
    signup = sign_up(alice, agenda.a, actor=SYSTEM)
    registering.cancel(alice, actor=SYSTEM)
    link = registering.register(
        alice.conference, email="alice@example.org", answers=Answers(display_name="Alice again")
    )
    redeemed(token_of(link), now=timezone.now())
    alice.refresh_from_db()
    assert (alice.state, alice.display_name) == ("accepted", "Alice again")
    assert states(signup) == ["left"]


def test_a_link_for_one_conference_confirms_no_other(agenda: Agenda, elsewhere: Conference) -> None:
    registering.register(elsewhere, email="dana@example.org", answers=ANSWERS)
    link = registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)
    redeemed(token_of(link), now=timezone.now())
    found = Registration.objects.order_by("conference__slug").values_list("conference__slug", "state")
    assert list(found) == [("elsewhere", "draft"), ("forum", "accepted")]


def test_a_sign_in_link_confirms_nothing(agenda: Agenda) -> None:
    registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)
    link = links.request_link("Dana@example.org", now=timezone.now())
    assert link is not None
    redeemed(token_of(link), now=timezone.now())
    assert Registration.objects.get().state == "draft"


def test_nobody_is_made_for_an_unknown_address_that_wants_to_sign_in(db: None) -> None:
    assert links.request_link("nobody@example.org", now=timezone.now()) is None
    assert (Participant.objects.count(), MagicLink.objects.count()) == (0, 0)


def test_wishes_are_kept_in_order_and_only_those_that_can_be_wished_for(agenda: Agenda, elsewhere: Conference) -> None:
    alice = make_registration(agenda.conference)
    agenda.b.signup = "invitation"
    agenda.b.save()
    foreign = make_session(elsewhere, code="X")
    registering.answer(alice, Answers("Alice", wishes=("C", "B", "X", "A", "C", "gone")), actor=SYSTEM)
    assert list(alice.interests.values_list("rank", "session__code")) == [(1, "C"), (2, "A")]
    assert foreign.interests.count() == 0


def test_wishes_for_what_has_begun_are_asked_of_nobody_and_stay_as_they_are(
    agenda: Agenda, alice: Registration
) -> None:
    registering.set_interests(alice, [agenda.a, agenda.c], actor=SYSTEM)
    begun, noon = timezone.now() - timedelta(minutes=15), at(agenda.conference, "12:00")
    publish(
        agenda.conference,
        [(agenda.a, agenda.room, begun), (agenda.b, agenda.single, noon), (agenda.c, agenda.room, noon)],
    )
    assert [one.code for one in sessions_to_wish_for(agenda.conference)] == ["B", "C"]
    assert list(wished_sessions(agenda.conference, ["A", "C"])) == [agenda.c]
    count = Entry.objects.count()
    registering.set_interests(alice, [agenda.c], actor=SYSTEM)
    assert (list(alice.interests.values_list("session__code", flat=True)), Entry.objects.count()) == (["A", "C"], count)
    registering.set_interests(alice, [agenda.b], actor=SYSTEM)
    assert list(alice.interests.values_list("rank", "session__code")) == [(1, "B"), (2, "A")]


def test_wishes_for_what_may_be_reinstated_stay(agenda: Agenda, alice: Registration) -> None:
    registering.set_interests(alice, [agenda.a, agenda.c], actor=SYSTEM)
    cancel_session(agenda.a, actor=SYSTEM)
    registering.set_interests(alice, [agenda.b], actor=SYSTEM)
    assert list(alice.interests.values_list("rank", "session__code")) == [(1, "B"), (2, "A")]


def test_the_same_wishes_write_nothing(agenda: Agenda, alice: Registration) -> None:
    registering.set_interests(alice, [agenda.a, agenda.c], actor=SYSTEM)
    count = Entry.objects.count()
    registering.set_interests(alice, [agenda.a, agenda.c], actor=SYSTEM)
    assert Entry.objects.count() == count
    registering.set_interests(alice, [agenda.c, agenda.a], actor=SYSTEM)
    assert list(alice.interests.values_list("rank", "session__code")) == [(1, "C"), (2, "A")]
    registering.set_interests(alice, [], actor=SYSTEM)
    assert alice.interests.count() == 0


def test_places_of_others_stay_when_a_person_registers(agenda: Agenda) -> None:
    other = sign_up(make_registration(agenda.conference), agenda.a, actor=SYSTEM)
    redeemed(
        token_of(registering.register(agenda.conference, email="dana@example.org", answers=ANSWERS)), now=timezone.now()
    )
    assert list(SignUp.objects.values_list("pk", flat=True)) == [other.pk]


@pytest.mark.django_db(transaction=True)
def test_an_address_typed_by_eight_at_once_is_one_participant_with_one_registration() -> None:
    conference = make_conference()

    def begin() -> int:
        return registering.begin(conference, email="Dana@example.org", language="en").pk

    keys = at_once([begin] * 8)
    assert [(one.pk, one.participant.email) for one in Registration.objects.all()] == [(keys[0], "Dana@example.org")]
    assert keys == [keys[0]] * 8
    assert Participant.objects.count() == 1


def test_registering_costs_the_same_whoever_has_the_address(
    agenda: Agenda, alice: Registration, charlie: Registration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """So that no clock tells who is registered here (alice), elsewhere (charlie), or nowhere; each of them twice."""
    for email in ("alice@example.org", "charlie@example.org", "nobody@example.org") * 2:
        with django_assert_num_queries(8 + 4):
            registering.register(agenda.conference, email=email, answers=ANSWERS)
    addresses = ["alice@example.org", "charlie@example.org", "nobody@example.org"]
    assert sorted(Participant.objects.values_list("email", flat=True)) == addresses


def test_registering_and_using_the_link_cost_the_same_however_much_is_wished_for(
    agenda: Agenda, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for email, wishes in (("dana@example.org", ("A",)), ("eun@example.org", ("A", "C", "B"))):
        answers = Answers(display_name="Dana", wishes=wishes)
        with django_assert_num_queries(8 + 4):  # savepoints stand for the transactions
            link = registering.register(agenda.conference, email=email, answers=answers)
        with django_assert_num_queries(11 + 2):
            redeemed(token_of(link), now=timezone.now())
