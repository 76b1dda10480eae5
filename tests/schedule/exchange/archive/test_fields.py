"""An archive holds every field of every model of the programme, but for those that are named here with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps

from journal.actors import SYSTEM
from schedule.domain.programme.people import take_down
from schedule.exchange.archive.shapes import COLUMNS
from schedule.exchange.imports.stored import MODELS
from schedule.exchange.writers.archive import archive_of
from schedule.models import Conference, Person, Session
from tests.factories import both, make_conference, make_person
from tests.schedule.exchange.imports.test_round_trip import bring, empty

ROW = "the row's own key, and its conference: others where it is imported"
RULES = "how people register and are told: decided anew for those who register where it is imported"
# What an archive says of a session, a room or the conference beside its columns, in the words of the models.
BESIDE: Mapping[str, Mapping[str, str]] = {
    "Day": {"date": "", "opens_at": "", "closes_at": "", "core_from": "", "core_until": ""},
    "RoomPart": {"room": "", "part": ""},
    "Role": {"session": "", "person": "", "role": "", "mode": "", "position": "the order in the list"},
    "SessionHost": {"session": "", "body": "", "is_shown": "", "position": "the order in the list"},
    "SessionOrder": {"earlier": "", "later": ""},
    "NotParallel": {"first": "", "second": ""},
    "Preference": {"session": "", "room": "", "starts_at": "", "ends_at": ""},
    "SessionGroup": {"same": ""},
    "Unavailability": {"room": "", "person": "", "body": "", "starts_at": "", "ends_at": "", "reason": ""},
    "Placement": {"session": "", "room": "", "start": "", "end": "the start and the session's length"},
}
LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    **{
        name: {"id": ROW, "conference": ROW}
        for name in ("Day", "RoomPart", "Role", "SessionHost", "SessionOrder", "NotParallel", "Preference")
    },
    **{name: {"id": ROW, "conference": ROW} for name in ("SessionGroup", "Unavailability")},
    "Placement": {"id": ROW, "draft": "the draft that the import writes", "version": "counts changes of that draft"},
    "Conference": {
        "id": ROW,
        "team": "those who import it",
        "uid": "two conferences never have one identity",
        "slug": "the address is chosen where it is imported",
        "timezone": "stands at the top of the archive; the clocks are chosen where it is imported",
        "accent": "how the pages look, not the programme",
        "is_public": "nothing becomes public by an import",
        "contact_email": "whom to ask there",
        "survey_url": "asked of those who came here",
        "published_texts": "which texts of this installation are public",
        **dict.fromkeys(
            (
                "registration_open", "registration_opens_at", "registration_closes_at", "signup_closes_minutes",
                "approves_registrations", "capacity", "overlap_rule", "offer_hours", "gather_seconds", "quiet_from",
                "quiet_until", "agenda_reminder_at", "session_reminder_minutes", "entry_sequence", "entry_changed_at",
            ),
            RULES,
        ),
    },
    **{
        name: {"id": ROW, "conference": ROW, "import_key": "where this installation had it from"}
        for name in ("Kind", "Theme", "Room", "Person", "Body")
    },
    "Session": {
        "id": ROW,
        "conference": ROW,
        "import_key": "where this installation had it from",
        "uid": "the session's key in the archive (guid)",
    },
}  # fmt: skip
# Models of the programme's app that hold nothing of a programme, or what no import may make.
NO_PROGRAMME: Mapping[str, str] = {
    "ConferenceText": "privacy notices and terms: published for those who register, and kept for ever",
    "Draft": "one timetable is taken along: the one that is worked on by imports, or what is published",
    "DraftStep": "how a draft came about",
    "StepMove": "how a draft came about",
    "Release": "a release is made by publishing, never by an import",
    "ReleasedPlacement": "as the release",
    "RoomUse": "kept by the database with placements",
    "Invitation": "a question to somebody, which is asked by a mail",
    "ImportRun": "what became of uploaded files",
    "ProgrammeUpload": "uploaded files",
    "ReadingHabit": "how uploaded files are read",
    "WholeArchive": "archives themselves",
    "SolverRun": "searches for a timetable",
    "SolverAnswer": "what searches found",
    "SolverWeight": "what counts in searches: decided anew with the programme that is searched for",
}


def columns_of(model: type[Any]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def test_every_field_of_every_model_is_in_an_archive_or_left_out_for_a_reason() -> None:
    shapes = {MODELS.get(what, Conference).__name__: set(columns) for what, columns in COLUMNS.items()}
    models = {model.__name__: columns_of(model) for model in apps.get_app_config("schedule").get_models()}
    held = shapes | {name: set(fields) for name, fields in BESIDE.items()}
    assert models.keys() == held.keys() | NO_PROGRAMME.keys()
    for name, fields in held.items():
        left_out = {field for field in LEFT_OUT[name] if field in models[name]}
        assert (name, fields | left_out, fields & left_out) == (name, models[name], set())


@pytest.mark.django_db
def test_whoever_is_not_to_be_named_is_not_named_elsewhere_either() -> None:
    conference = make_conference()
    person = make_person(conference, code="P1", name=both("Ada"))
    Person.objects.filter(pk=person.pk).update(entries_by_mail=False)
    archive = archive_of(conference)
    take_down(person, actor=SYSTEM)
    other = empty(conference)
    bring(other, archive_of(conference))
    made = other.people.get(code="P1")
    assert (made.taken_down_at is not None, made.entries_by_mail) == (True, False)
    bring(conference, archive)  # of the time before they were taken down
    person.refresh_from_db()
    assert person.taken_down_at is not None
    assert Session.objects.count() == 0
