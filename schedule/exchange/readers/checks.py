"""What must hold between the records of a programme file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from graphlib import CycleError, TopologicalSorter

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from schedule.domain.programme.group_rules import impossible_together
from schedule.exchange.readers import plain
from schedule.exchange.readers.fields import Record
from schedule.vocabulary.languages import weekday_names

_SHOWN_CYCLES = 20


def _code(record: Record) -> str | None:
    code = record.value.get("code")
    return code.strip() if isinstance(code, str) else None


def codes_of(records: Iterable[Record]) -> frozenset[str]:
    return frozenset(code for record in records if (code := _code(record)))


def codes_are_unique(records: Iterable[Record]) -> None:
    seen: dict[str, str] = {}
    for record in records:
        code = _code(record)
        if not code:
            continue
        if code in seen:
            record.wrong(
                "code",
                _("The code “%(code)s” is used already by %(other)s.") % {"code": code[:60], "other": seen[code]},
                _("Give each its own code."),
            )
        else:
            seen[code] = record.where


def no_cycles(records: Sequence[Record], links: Mapping[str, Collection[str]], key: str) -> None:
    """Refuse chains of `links` (a code and the codes it names under `key`) that lead back to where they began."""
    graph = {code: set(others) for code, others in links.items()}
    places = {_code(record): record for record in reversed(records)}
    for _found in range(_SHOWN_CYCLES):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            # Each names its successor's key: in [a, b, a], a is named by b.
            chain: list[str] = list(reversed(error.args[1]))
            places[chain[0]].wrong(
                key,
                _("This goes round in a circle: %(chain)s.") % {"chain": " → ".join(chain)},
                _("Remove one of these."),
            )
            graph[chain[0]].discard(chain[1])
        else:
            return


def features_exist(records: Sequence[Record], sessions: Sequence[plain.Session], rooms: Sequence[plain.Room]) -> None:
    """Warn of a session that needs what no room has: it could not be placed."""
    present = {feature for room in rooms for feature in room.features}
    for record, session in zip(records, sessions, strict=True):
        for feature in session.required_features:
            if feature not in present:
                record.warn(
                    "required_features",
                    _("No room has “%(feature)s”; the session cannot be placed.") % {"feature": feature},
                    _("Add it to a room, or remove it here."),
                )


def groups_can_be_kept(top: Record, programme: plain.Programme) -> None:
    """Refuse sessions that would have to start together in one room that takes one at a time."""
    breaks = {kind.code for kind in programme.kinds if kind.is_break}
    shared = [room for room in programme.rooms if room.allows_parallel_use]
    takes_all = any(not room.breaks_only for room in shared)
    may_share = {one.code for one in programme.sessions if shared and (takes_all or one.kind in breaks)}
    for codes in impossible_together(programme.same_time, programme.same_room, may_share=may_share):
        top.wrong(
            "same_room",
            _("%(codes)s would have to start at the same time in the same room.")
            % {"codes": ", ".join(f"“{code}”" for code in sorted(codes))},
            _("Take one of them out of a group in “same_time” or “same_room”."),
        )


def fits(days: Iterable[plain.Day], start: datetime, minutes: int) -> bool:
    """Whether a session of `minutes` from `start` lies within one day's opening hours."""
    begin, length = start.timestamp(), timedelta(minutes=minutes).total_seconds()
    return any(day.opens_at.timestamp() <= begin and begin + length <= day.closes_at.timestamp() for day in days)


def weekday_is_right(record: Record, day: date) -> None:
    """Weekdays are computed, never stored; one that is written in the file must agree with its date."""
    if not record.has("weekday"):
        return
    written = record.text("weekday", longest=20).lower().rstrip(".")
    if written not in weekday_names(day):
        record.wrong(
            "weekday",
            _("%(day)s is a %(weekday)s, not “%(written)s”.")
            % {"day": day.isoformat(), "weekday": date_format(day, "l"), "written": written},
            _("Correct the date or remove the weekday."),
        )


def conference_day(record: Record, key: str, first: date, last: date) -> date | None:
    """A day of the conference; a `weekday` beside it must be that day's."""
    day = record.day(key)
    if day is None:
        return None
    if not first <= day <= last:
        record.wrong(
            key,
            _("%(day)s is not a day of the conference.") % {"day": day.isoformat()},
            _("Choose a day from %(first)s to %(last)s.") % {"first": first.isoformat(), "last": last.isoformat()},
        )
        return None
    weekday_is_right(record, day)
    return day
