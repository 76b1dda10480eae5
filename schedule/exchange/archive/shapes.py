"""What an archive says of each thing, declared once: the writer and the reader both go by it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from schedule.exchange.incoming.records import What

FORMAT, VERSION = "plenary-archive", 1


class Shape(StrEnum):
    """How a value stands in the file."""

    TEXTS = "texts"  # {language: text}
    TEXT = "text"
    COUNT = "count"  # a whole number, or null
    FLAG = "flag"
    WORDS = "words"  # a list of texts
    DAY = "day"  # 2027-07-02
    MOMENT = "moment"  # 2027-07-02T10:00:00+02:00, or null
    KEY = "key"  # names another thing of the file, or null


_CODED = {"code": Shape.TEXT}
COLUMNS: Mapping[What, Mapping[str, Shape]] = {
    What.CONFERENCE: {
        **dict.fromkeys(("name", "theme", "venue", "sample_note"), Shape.TEXTS),
        **dict.fromkeys(("starts_on", "ends_on"), Shape.DAY),
        "languages": Shape.WORDS,
        **dict.fromkeys(
            (
                "expected_participants", "slot_minutes", "room_changeover_minutes", "person_gap_same_group_minutes",
                "person_gap_other_group_minutes", "interpreter_teams", "max_parallel_open_sessions",
            ),
            Shape.COUNT,
        ),
    },
    What.KIND: {
        **_CODED, "name": Shape.TEXTS, "signup": Shape.TEXT, "is_break": Shape.FLAG, "max_parallel": Shape.COUNT,
        "position": Shape.COUNT,
    },
    What.THEME: {**_CODED, "name": Shape.TEXTS, "position": Shape.COUNT},
    What.ROOM: {
        **_CODED, "name": Shape.TEXTS, "capacity": Shape.COUNT, "features": Shape.WORDS, "distance_group": Shape.TEXT,
        "allows_parallel_use": Shape.FLAG, "breaks_only": Shape.FLAG, "position": Shape.COUNT,
    },
    What.PERSON: {
        **_CODED, "name": Shape.TEXTS, "affiliation": Shape.TEXT, "country": Shape.TEXT, "email": Shape.TEXT,
        "language": Shape.TEXT, "biography": Shape.TEXTS, "entries_by_mail": Shape.FLAG,
        "taken_down_at": Shape.MOMENT,
    },
    What.BODY: {**_CODED, "name": Shape.TEXTS, "single_team": Shape.FLAG, "contact": Shape.KEY},
    What.SESSION: {
        **_CODED, "title": Shape.TEXTS, "abstract": Shape.TEXTS, "kind": Shape.KEY, "theme": Shape.KEY,
        "state": Shape.TEXT, "duration_minutes": Shape.COUNT, "languages": Shape.WORDS,
        "interpretation_pairs": Shape.WORDS, "sign_languages": Shape.WORDS, "caption_languages": Shape.WORDS,
        "required_features": Shape.WORDS, "expected_attendance": Shape.COUNT, "signup": Shape.TEXT,
        "capacity_cap": Shape.COUNT, "signup_closes_minutes": Shape.COUNT, "held_seats": Shape.COUNT,
        "online_url": Shape.TEXT, "fixed_start": Shape.MOMENT, "fixed_room": Shape.KEY, "not_before": Shape.MOMENT,
        "not_after": Shape.MOMENT, "blocks_all": Shape.FLAG,
    },
}  # fmt: skip
# What a column that holds a key names.
NAMES: Mapping[tuple[What, str], What] = {
    (What.BODY, "contact"): What.PERSON,
    (What.SESSION, "kind"): What.KIND,
    (What.SESSION, "theme"): What.THEME,
    (What.SESSION, "fixed_room"): What.ROOM,
}
