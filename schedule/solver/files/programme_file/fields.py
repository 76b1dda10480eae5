"""The fields of a programme file (format "whrcf-scheduler-input", version 1), declared once.

The reader, the reference (docs/reference/programme-file.md) and the JSON Schema are made from these. `rules` are the
codes of what else can be found about a field, beside what its type refuses.
"""

from __future__ import annotations

import re

from schedule.solver.files.interests import Interests
from schedule.solver.files.reading.record import Fields, optional, required
from schedule.solver.files.reading.times import ClockValue, DayValue, Moment, Zone
from schedule.solver.files.reading.values import (
    Anything,
    Choice,
    Code,
    Flag,
    Groups,
    Object,
    Objects,
    Ref,
    Refs,
    StringField,
    Texts,
    Whole,
    WordsField,
)
from schedule.vocabulary.limits import LONGEST_GAP, LONGEST_SESSION, MOST_AT_ONCE, MOST_COUNTED

from .vocabulary import MODES, SIGNUPS, SUBJECTS, VERSION

NO_TEXTS: dict[str, str] = {}
_DAY = ("outside_conference",)
_MINUTES = Whole(0, LONGEST_GAP)


class Recorded(Fields):
    """Any record of the file."""

    provenance = optional(
        Anything(),
        'where each value comes from, such as `{"hosts": {"status": "assumed"}}`. What is assumed serves the '
        "timetable, the public programme says that it is sample data, and assumed hosts are not shown",
    )


class ConferenceFields(Recorded):
    slug = required(
        StringField(50, pattern=re.compile(r"[a-z0-9][a-z0-9_-]*\Z"), unlike="not_a_slug"),
        "the conference's part of every address",
        rules=("reserved_slug",),
    )
    languages = required(
        WordsField(12),
        "codes of the languages, such as `ko`; the first is used where nothing else is said",
        rules=("no_language", "not_a_language"),
    )
    timezone = required(Zone(), "the zone that all times of the file are local to")
    starts_on = required(DayValue(), "the first day")
    ends_on = required(DayValue(), "the last day", rules=("ends_before_start", "longer_than_a_year"))
    name = required(Texts(200), "what it is called")
    theme = optional(Texts(300), "its motto", default=NO_TEXTS)
    venue = optional(Texts(300), "where it takes place", default=NO_TEXTS)
    expected_participants = optional(Whole(), "how many people are expected; 0 is not known", default=0)


class RulesFields(Recorded):
    slot_minutes = required(
        Whole(1, LONGEST_GAP), "the time grid: sessions that are free start on it, fixed ones at any minute"
    )
    room_changeover_minutes = optional(_MINUTES, "minutes between two uses of a room", default=0)
    person_gap_same_group_minutes = optional(
        _MINUTES, "minutes a person needs to another room of the same `distance_group`", default=0
    )
    person_gap_other_group_minutes = optional(
        _MINUTES, "minutes a person needs to a room of another `distance_group`", default=0
    )
    interpreter_teams = optional(
        Whole(0, MOST_AT_ONCE), "sessions with interpretation at once, at most; none: any number"
    )
    max_parallel_open_sessions = optional(
        Whole(1, MOST_AT_ONCE), "sessions at once, at most, breaks and those by invitation aside; none: any number"
    )


class DayFields(Recorded):
    date = required(DayValue(), "a day of the conference", rules=(*_DAY, "day_twice"))
    weekday = optional(
        StringField(20),
        "the day's name in English or Korean, whole or short, for people to read",
        default="",
        rules=("wrong_weekday",),
    )
    opens = required(ClockValue(), "when sessions may begin", rules=("hours_overlap",))
    closes = required(
        ClockValue(),
        "when sessions must have ended; a night may end after midnight",
        rules=("closes_before_opening", "closes_next_day"),
    )
    core_from = optional(ClockValue(), "from when sessions are preferred; with `core_until`", rules=("missing",))
    core_until = optional(
        ClockValue(), "until when sessions are preferred; with `core_from`", rules=("missing", "core_outside_hours")
    )


class KindFields(Recorded):
    code = required(Code(), "names the kind; `break` holds breaks", rules=("code_twice",))
    name = required(Texts(120), "what it is called")
    signup = required(Choice(SIGNUPS), "how people sign up for sessions of the kind")
    max_parallel = optional(Whole(1, MOST_AT_ONCE), "sessions of the kind at once, at most; none: any number")


class ThemeFields(Recorded):
    code = required(Code(), "names the theme", rules=("code_twice",))
    name = required(Texts(120), "what it is called")


class RoomFields(Recorded):
    code = required(
        Code(), "names the room; `LOBBY` takes breaks only, any number of them at once", rules=("code_twice",)
    )
    name = required(Texts(200), "what it is called")
    capacity = required(Whole(), "seats")
    parts = optional(
        Refs("rooms"),
        "the rooms it is joined from, which are taken while it is",
        default=(),
        rules=("part_of_itself", "circle"),
    )
    features = optional(
        WordsField(60),
        "what it has, such as `projector`; others than Plenary knows are kept",
        default=(),
        rules=("unknown_feature",),
    )
    distance_group = optional(StringField(60), "rooms of one group are near each other", default="")


class BodyFields(Recorded):
    code = required(Code(60), "names the organisation", rules=("code_twice",))
    name = required(Texts(300), "what it is called")
    single_team = optional(Flag(), "its people can run one session at a time", default=False)


class PersonFields(Recorded):
    code = required(Code(60), "names the person", rules=("code_twice",))
    name = required(Texts(200), "what they are called")
    affiliation = optional(StringField(300), "what they belong to", default="")
    country = optional(
        StringField(60, pattern=re.compile(r"[A-Z]{2}\Z"), unlike="not_a_country"),
        "two capital letters, such as `KR`",
        default="",
    )
    email = optional(
        StringField(254, pattern=re.compile(r"[^@\s]+@[^@\s]+\Z"), unlike="not_a_mailbox"),
        "where mails about their sessions go; never published",
        default="",
    )
    bio = optional(Texts(10_000, lines=True), "about them, for organizers; not published", default=NO_TEXTS)


class RoleFields(Recorded):
    person = optional(Ref("people"), "who; none while nobody is named", rules=("role_twice",))
    role = required(StringField(60), "as what, such as `speaker`")
    mode = required(Choice(MODES), "how they take part; only who comes in person is bound to the time and place")


class InterpretationFields(Recorded):
    pairs = optional(WordsField(24), "interpreted, such as `ko-en`; needs an interpretation team", default=())
    sign = optional(WordsField(12), "sign languages, such as `KSL`; needs an interpretation team", default=())
    captions = optional(WordsField(12), "languages of captions", default=())


class FixedFields(Recorded):
    date = required(DayValue(), "the day it is fixed to", rules=_DAY)
    weekday = optional(StringField(20), "the day's name, as in a day window", default="", rules=("wrong_weekday",))
    start = required(ClockValue(), "the time it is fixed to", rules=("start_off_grid",))
    room = optional(Ref("rooms"), "the room it is fixed to; none: any", rules=("breaks_only",))


class SpanFields(Recorded):
    from_ = required(Moment(), "when it begins", rules=("far_away",))
    to = required(Moment(), "when it ends", rules=("not_later", "far_away"))


class SessionFields(Recorded):
    code = required(Code(), "names the session", rules=("code_twice",))
    kind = required(Ref("kinds"), "what kind of session it is")
    theme = optional(Ref("themes"), "what it is about; sessions of one theme stay in one room of a day if they can")
    title = required(Texts(300), "what it is called")
    abstract = optional(Texts(10_000, lines=True), "what it is about, as Markdown or HTML", default=NO_TEXTS)
    hosts = optional(Refs("bodies"), "the organisations that host it", default=())
    duration_minutes = required(
        Whole(1, LONGEST_SESSION), "how long it is", rules=("length_off_grid", "longer_than_a_day")
    )
    roles = optional(Objects(RoleFields, "role"), "who appears in it")
    languages = optional(WordsField(12), "the languages spoken", default=())
    interpretation = optional(Object(InterpretationFields, "interpretation"), "what is interpreted and captioned")
    required_features = optional(WordsField(60), "what its room must have", default=(), rules=("feature_nowhere",))
    expected_attendance = optional(Whole(), "how many people are expected: the room must seat them", default=0)
    signup = optional(Choice(SIGNUPS), "how people sign up; none: as its kind says")
    capacity_cap = optional(Whole(1, MOST_COUNTED), "places, at most; none: the seats of its room")
    fixed = optional(
        Object(FixedFields, "fixed place"), "the day, time and room it must have", rules=("outside_hours",)
    )
    not_before = optional(Moment(), "it may not begin before", rules=("outside_days",))
    not_after = optional(Moment(), "it may not end after", rules=("outside_days", "does_not_fit"))
    after = optional(
        Refs("sessions"),
        "sessions that must have ended before it begins",
        default=(),
        rules=("names_itself", "circle"),
    )
    not_parallel_with = optional(
        Refs("sessions"), "sessions that may not run at the same time", default=(), rules=("names_itself",)
    )
    blocks_all = optional(Flag(), "nothing else may run during it", default=False)
    preferred_rooms = optional(Refs("rooms"), "any of them will do best", default=())
    preferred_times = optional(Objects(SpanFields, "preferred time"), "it lies best within any of them")


class UnavailabilityFields(SpanFields):
    subject_type = required(Choice(SUBJECTS), "what is not there; a `host` is one of the `bodies`")
    subject = required(Ref("rooms, people or bodies"), "which of them")
    reason = optional(Texts(300), "why, for organizers", default=NO_TEXTS)


class ProgrammeFields(Fields):
    """The file as a whole."""

    rules = ("unknown_format", "too_large_to_schedule")

    format = required(Anything(), "`whrcf-scheduler-input`", rules=("unknown_format",))
    format_version = required(Anything(), f"`{VERSION}`")
    note = optional(Anything(), "for people to read; not looked into")
    conference = required(Object(ConferenceFields, "conference"), "the conference itself")
    rules_ = required(Object(RulesFields, "rules"), "the grid, and what holds for all sessions")
    day_windows = required(Objects(DayFields, "day window"), "the opening hours of each day")
    kinds = required(Objects(KindFields, "kind"), "kinds of session")
    themes = optional(Objects(ThemeFields, "theme"), "what sessions are about")
    rooms = required(Objects(RoomFields, "room"), "the rooms")
    bodies = optional(Objects(BodyFields, "body"), "organisations that host sessions")
    people = optional(Objects(PersonFields, "person"), "who appears in sessions")
    sessions = required(Objects(SessionFields, "session"), "what is to be scheduled")
    unavailabilities = optional(
        Objects(UnavailabilityFields, "unavailability"), "when a room, a person or an organisation is not there"
    )
    same_time = optional(Groups("sessions"), "the sessions of each group start together", default=())
    same_room = optional(
        Groups("sessions"), "the sessions of each group share one room", default=(), rules=("impossible_together",)
    )
    interests = optional(
        Interests(),
        "what each attendee wishes for, for the command line of the scheduler; the import leaves it out, as wishes "
        "belong to people who have registered",
        default=(),
        rules=("wishes_left_out",),
    )
