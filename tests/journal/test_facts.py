"""Every class of fact: it is written and read back as it was, has its sentence in both languages, and is documented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import translation

from accounts.facts import AddressLinkRefused, PasswordResetRefused
from journal.actors import SYSTEM, Actor, ActorKind
from journal.apps import modules_of_facts
from journal.encoding import hints_of
from journal.facts import Change, Concern, Fact, UnknownFact, class_of, fact_of, facts, known_fact
from journal.models import Entry
from journal.recording import record
from journal.reference import as_markdown
from notifications.rules.mail_rules import RULES, facts_that_cause_mail
from notifications.webhooks.events import EVENTS
from registration.facts import PlaceLeft, SignInRefused
from schedule.facts.edits import Done, Edited, KindEdited
from schedule.facts.programme import RoomResized
from schedule.facts.timetables import SessionPlaced
from tests.facts import WHEN, a_fact

# They wake as what they stand in for does: nobody must see from the time it takes which of the two it was.
REFUSALS = {SignInRefused, PasswordResetRefused, AddressLinkRefused}
EVERY = pytest.mark.parametrize("kind", facts(), ids=lambda kind: kind.verb)
NAMES = {("session", 7): "Talk", ("room", 7): "Hall", ("room", 8): "Aula", ("draft", 1): "Work", ("kind", 1): "Lecture"}


def test_there_are_facts_of_every_app_and_concern() -> None:
    assert {kind.__module__.partition(".")[0] for kind in facts()} == {
        "accounts",
        "schedule",
        "registration",
        "notifications",
    }
    assert {kind.concerns for kind in facts()} == set(Concern)


def test_every_module_with_facts_is_found_by_its_name() -> None:
    """Whatever a process has imported of its own accord."""
    found = {module for app in apps.get_app_configs() for module in modules_of_facts(app)}
    declaring = {kind.__module__ for kind in facts() if not kind.__module__.startswith("tests.")}
    assert declaring - found == set()
    assert {"schedule.facts.imports", "registration.line_facts", "accounts.facts"} <= declaring


@EVERY
def test_fact_comes_back_as_it_was_written(db: None, kind: type[Fact]) -> None:
    fact = a_fact(kind.verb, conference_id=3)
    entry = record(fact, actor=Actor.organizer(7))
    found = Entry.objects.get(pk=entry.pk)
    assert (found.verb, found.concerns, found.conference_id) == (kind.verb, kind.concerns, 3)
    assert (fact_of(found), type(fact_of(found))) == (fact, kind)
    assert Actor.parse(found.actor) == Actor.organizer(7)


@EVERY
def test_fact_is_about_a_model_and_says_what_it_means(kind: type[Fact]) -> None:
    if kind.subject is not None:
        model = apps.get_model(kind.subject.model)
        assert not kind.subject.named_by or model._meta.get_field(kind.subject.named_by)
    assert (kind.__doc__ or "").strip().endswith((".", "."))
    if kind.event is not None:
        assert set(kind.event.data) <= {one.name for one in kind.data_fields()}


def sentences(fact: Fact) -> Iterator[str]:
    for language in ("en", "ko"):
        with translation.override(language):
            yield fact.told(NAMES)


@EVERY
def test_fact_has_its_sentence_in_both_languages(kind: type[Fact]) -> None:
    english, korean = sentences(a_fact(kind.verb))
    assert english
    assert re.search("[가-힣]", korean), korean
    assert not re.search("[가-힣]", english.replace("홀", "")), english


ALLOWED = {"int", "str", "bool", "datetime", "NoneType", "Change", "Done", "Was"}


def inside(hint: Any) -> Iterator[str]:
    """The names of the types a field is made of, without what annotates them."""
    if get_origin(hint) is None:
        yield hint.__name__
        if isinstance(hint, type) and is_dataclass(hint) and hint is not Change:
            for one in fields(hint):
                yield from inside(hints_of(hint)[one.name])
    for one in get_args(hint):
        if isinstance(one, type) or get_origin(one) is not None:
            yield from inside(one)


@EVERY
def test_fact_holds_nothing_but_keys_codes_numbers_times_and_words(kind: type[Fact]) -> None:
    hints = hints_of(kind)
    assert {name for one in kind.data_fields() for name in inside(hints[one.name])} <= ALLOWED
    json.dumps(a_fact(kind.verb).data())


def test_reference_page_is_in_step() -> None:
    page = Path(settings.BASE_DIR) / "docs" / "reference" / "facts.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "run manage.py facts_reference"
    with translation.override("ko"):
        assert page.read_text(encoding="utf-8") == as_markdown()


def test_mails_and_webhooks_are_what_the_classes_say() -> None:
    assert {kind for kind in facts() if kind.causes_mail} == facts_that_cause_mail()
    for rule in RULES:
        # What a release changed for one person is found out, not recorded.
        assert rule.given.keys() <= {one.name for one in rule.fact.data_fields()} | {"change"}
    assert set(EVENTS) == {kind.verb for kind in facts() if kind.event is not None}
    assert {kind for kind in facts() if kind.wakes()} == {
        kind for kind in facts() if kind.causes_mail or kind.event or kind in REFUSALS
    }


def test_nobody_is_woken_for_what_nobody_is_told(db: None, django_capture_on_commit_callbacks: Any) -> None:
    for kind in facts():
        connection.run_on_commit = []  # the test's transaction would wake once for all
        with django_capture_on_commit_callbacks() as callbacks:
            record(a_fact(kind.verb), actor=SYSTEM)
        assert bool(callbacks) == kind.wakes(), kind.verb


def test_what_is_no_declared_fact_is_refused(db: None) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Impostor(RoomResized):
        """It has the verb of its base."""

    about: dict[str, Any] = {"conference_id": 1, "subject_id": 1}
    for wrong in (Fact(**about), Edited(**about, changes={}), Impostor(**about, old=1, capacity=2)):
        with pytest.raises(UnknownFact):
            record(wrong, actor=SYSTEM)
    with pytest.raises(ValueError, match="has no subject"):
        record(RoomResized(conference_id=1, old=1, capacity=2), actor=SYSTEM)
    with pytest.raises(ValueError, match="has a subject"):
        record(SignInRefused(**about, purpose="sign_in"), actor=SYSTEM)
    with pytest.raises(TypeError, match="is no Actor"):
        record(a_fact("room.closed"), actor="system")  # type: ignore[arg-type]  # what is refused
    assert not Entry.objects.exists()
    for verb in ("room.painted", ""):
        with pytest.raises(UnknownFact):
            class_of(verb)
    with pytest.raises(UnknownFact):
        fact_of(Entry(verb="room.painted"))


def test_a_verb_is_declared_once_and_concerns_something() -> None:
    with pytest.raises(ValueError, match=r"room\.resized is declared by RoomResized"):

        class Again(Fact, verb="room.resized", concerns=Concern.TEAM):
            pass

    with pytest.raises(TypeError, match="does not say what it concerns"):

        class Nothing(Fact, verb="room.painted"):
            pass

    with pytest.raises(UnknownFact):
        class_of("room.painted")


def test_defaults_are_not_written_and_strangers_are_not_read() -> None:
    placed = SessionPlaced(conference_id=1, subject_id=1, session=7, room=8, start=WHEN)
    assert placed.data() == {"session": 7, "room": 8, "start": WHEN.isoformat()}
    stored = Entry(verb="draft.placed", conference_id=1, subject_id=1, data=placed.data() | {"gone": 1})
    assert fact_of(stored) == placed
    lacking = Entry(verb="draft.placed", conference_id=1, subject_id=1, data={"session": 7})
    with pytest.raises(UnknownFact, match=r"draft\.placed lacks room"):
        fact_of(lacking)
    assert (known_fact(lacking), known_fact(Entry(verb="room.painted"))) == (None, None)


def test_sentences_say_old_and_new() -> None:
    placed = SessionPlaced(conference_id=1, subject_id=1, session=7, room=8, start=WHEN)
    moved = SessionPlaced(**vars(placed) | {"old_room": 7, "old_start": WHEN})
    left = {reason: a_fact("signup.left", was="confirmed", reason=reason) for reason in ("self", "session")}
    edited = KindEdited(
        conference_id=1,
        subject_id=1,
        changes={"signup": Change("open", "limited"), "is_break": Change(old=False, new=True), "name": None},
    )
    with translation.override("en"):
        assert placed.told(NAMES) == "“Talk” placed in draft “Work”: 1 June 2037, 01:30, Aula"
        assert moved.told(NAMES) == (
            "“Talk” moved in draft “Work”: 1 June 2037, 01:30, Hall → 1 June 2037, 01:30, Aula"
        )
        assert a_fact("room.resized", old=90, capacity=80).told({("room", 1): "Hall"}) == "Seats of Hall: 90 → 80"
        assert a_fact("room.resized", old=90, capacity=80).told({}) == "Seats of (deleted): 90 → 80"
        assert [fact.told(NAMES) for fact in left.values()] == [
            "Place in “Talk” given back",
            "Place in “Talk” ended with the session",
        ]
        assert edited.told(NAMES) == (
            "Changed: kind of session “Lecture” – sign-up: open → limited places; a break or meal: no → yes; name"
        )
        assert KindEdited(conference_id=1, subject_id=9, done=Done.DELETED, changes={}).told(NAMES) == (
            "Deleted: kind of session"
        )
    with translation.override("ko"):
        renamed = a_fact("room.renamed", old={"en": "Hall", "ko": "홀"}, new={"en": "Aula"})
        assert renamed.told(NAMES) == "장소 이름: “홀” → “Aula”"
    assert PlaceLeft.verb == "signup.left"


def test_edited_names_what_its_keys_lead_to() -> None:
    edited = a_fact("session.edited", changes={"kind": Change(1, 2), "gone": Change(1, 2), "roles": None})
    assert {(thing.code, key) for thing, key in edited.mentions()} == {("session", 1), ("kind", 1), ("kind", 2)}
    with translation.override("en"):
        told = edited.told({("session", 1): "Talk", ("kind", 1): "Talk", ("kind", 2): "Lecture"})
    assert told == "Changed: session “Talk” – kind: Talk → Lecture; gone; roles"


UID = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


@pytest.mark.parametrize(
    ("actor", "spelling"),
    [
        (Actor.organizer(7), "organizer:7"),
        (Actor.participant(UID), f"participant:{UID}"),
        (Actor.person(12), "person:12"),
        (SYSTEM, "system"),
    ],
)
def test_actor_has_one_spelling(actor: Actor, spelling: str) -> None:
    assert (str(actor), Actor.parse(spelling)) == (spelling, actor)


@pytest.mark.parametrize("spelling", ["", "organizer", "organizer:", "system:1", "system:", "robot:1", "organizer:1:2"])
def test_nobody_else_is_an_actor(spelling: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of the enumeration, or ours
        Actor.parse(spelling)
    with pytest.raises(ValueError, match="cannot have the key"):
        Actor(ActorKind.SYSTEM, "1")
