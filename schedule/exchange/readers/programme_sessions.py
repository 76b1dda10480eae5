"""Reading the sessions of a programme file (see `forum_file`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from schedule.exchange.readers import checks, plain
from schedule.exchange.readers.fields import MAX_SMALL, Record
from schedule.models import Role
from schedule.models.sessions import SignupPolicy


@dataclass(frozen=True)
class SessionReader:
    """Reads one session after the other; the codes are those of the file that sessions may name."""

    first: date
    last: date
    zone: ZoneInfo
    slot: int
    languages: tuple[str, ...]
    days: Collection[plain.Day]
    kinds: Mapping[str, plain.Kind]
    themes: Collection[str]
    rooms: Collection[str]
    breaks_only: Collection[str]
    bodies: Collection[str]
    people: Collection[str]
    sessions: Collection[str]

    def read(self, record: Record) -> plain.Session:
        record.only(
            (
                "code",
                "kind",
                "theme",
                "title",
                "abstract",
                "hosts",
                "duration_minutes",
                "roles",
                "languages",
                "interpretation",
                "required_features",
                "expected_attendance",
                "signup",
                "capacity_cap",
                "fixed",
                "not_before",
                "not_after",
                "after",
                "not_parallel_with",
                "blocks_all",
                "preferred_rooms",
                "preferred_times",
                "provenance",
            )
        )
        code = record.code()
        kind = self.kinds.get(record.one_of("kind", self.kinds) or "")
        duration = self._duration(record)
        fixed_start, fixed_room = self._fixed(record.record("fixed")) if record.has("fixed") else (None, None)
        if fixed_room in self.breaks_only and kind and not kind.is_break:
            record.wrong("fixed.room", _("This room takes breaks only."), _("Choose another room."))
        if fixed_start and duration and not checks.fits(self.days, fixed_start, duration):
            record.warn("fixed", _("This is outside the opening hours."), _("Check the time, the length and the day."))
        not_before, not_after = self._bound(record, "not_before"), self._bound(record, "not_after")
        if not_before and not_after and not_after - not_before < timedelta(minutes=max(duration, 1)):
            record.wrong(
                "not_after",
                _("The session (%(minutes)d minutes) does not fit between “not_before” and “not_after”.")
                % {"minutes": duration},
                _("Correct one of the three."),
            )
        interpretation = record.record("interpretation")
        interpretation.only(("pairs", "sign", "captions"))
        return plain.Session(
            code=code,
            kind=kind.code if kind else "",
            theme=record.one_of("theme", self.themes, required=False),
            title=record.texts("title", self.languages, longest=300),
            abstract=record.texts("abstract", self.languages, longest=10_000, required=False, lines=True),
            hosts=record.codes("hosts", self.bodies),
            hosts_shown=not _is_assumed(record, "hosts"),
            duration_minutes=duration,
            roles=self._roles(record),
            languages=record.words("languages", longest=12),
            interpretation_pairs=interpretation.words("pairs", longest=24),
            sign_languages=interpretation.words("sign", longest=12),
            caption_languages=interpretation.words("captions", longest=12),
            required_features=record.words("required_features", longest=60),
            expected_attendance=record.integer("expected_attendance", default=0),
            signup=record.choice("signup", SignupPolicy.values)
            if record.has("signup")
            else kind.signup
            if kind
            else "",
            capacity_cap=record.optional_integer("capacity_cap", least=1),
            fixed_start=fixed_start,
            fixed_room=fixed_room,
            not_before=not_before,
            not_after=not_after,
            after=self._others(record, code, "after"),
            not_parallel_with=self._others(record, code, "not_parallel_with"),
            blocks_all=record.flag("blocks_all"),
            preferred_rooms=record.codes("preferred_rooms", self.rooms),
            preferred_times=self._preferred_times(record),
        )

    def _preferred_times(self, session: Record) -> tuple[tuple[datetime, datetime], ...]:
        found = []
        for record in session.records("preferred_times", required=False):
            record.only(("from", "to", "provenance"))
            starts_at = record.moment("from", self.zone, required=True)
            ends_at = record.moment("to", self.zone, required=True)
            if starts_at is None or ends_at is None:
                continue
            if starts_at.timestamp() >= ends_at.timestamp():
                record.wrong("to", _("This is not later than “from”."), _("Correct one of the two times."))
            found.append((starts_at, ends_at))
        return tuple(found)

    def _duration(self, record: Record) -> int:
        key = "duration_minutes"
        duration = record.optional_integer(key, least=1, most=MAX_SMALL, required=True)
        if duration is None:
            return 1
        longest = max((day.closes_at.astimezone(UTC) - day.opens_at.astimezone(UTC) for day in self.days), default=None)
        if duration % self.slot:
            record.wrong(
                key,
                _("%(minutes)d minutes are not on the time grid.") % {"minutes": duration},
                _("Choose a multiple of %(slot)d.") % {"slot": self.slot},
            )
        if longest is not None and timedelta(minutes=duration) > longest:
            record.wrong(
                key,
                _("%(minutes)d minutes are longer than the longest day.") % {"minutes": duration},
                _("Shorten the session, or open a day for longer."),
            )
        return duration

    def _fixed(self, record: Record) -> tuple[datetime | None, str | None]:
        record.only(("date", "weekday", "start", "room", "provenance"))
        day, clock = checks.conference_day(record, "date", self.first, self.last), record.clock("start")
        room = record.one_of("room", self.rooms, required=False)
        if clock is not None and clock % timedelta(minutes=self.slot):
            record.wrong(
                "start",
                _("This start is not on the time grid."),
                _("Choose a time that is a multiple of %(slot)d minutes after midnight.") % {"slot": self.slot},
            )
        if day is None or clock is None:
            return None, room
        return record.local("start", datetime.combine(day, time()) + clock, self.zone), room

    def _bound(self, record: Record, key: str) -> datetime | None:
        moment = record.moment(key, self.zone)
        # The end of the last day, 00:00 of the day after it, is a bound one may set.
        if moment and not self.first <= (moment - timedelta(microseconds=1)).date() <= self.last:
            record.wrong(key, _("This is outside the days of the conference."), _("Correct the date."))
            return None
        return moment

    def _roles(self, session: Record) -> tuple[plain.Role, ...]:
        found: list[plain.Role] = []
        for record in session.records("roles", required=False):
            record.only(("person", "role", "mode", "provenance"))
            role = plain.Role(
                person=record.one_of("person", self.people, required=False),
                role=record.text("role", longest=60),
                mode=record.choice("mode", Role.Mode.values),
            )
            if role.person and any((role.person, role.role) == (other.person, other.role) for other in found):
                record.wrong("person", _("This person has this role twice."), _("Remove one of the two."))
            found.append(role)
        return tuple(found)

    def _others(self, record: Record, code: str, key: str) -> tuple[str, ...]:
        found = record.codes(key, self.sessions)
        if code in found:
            record.wrong(key, _("The session names itself."), _("Name other sessions only."))
        return tuple(other for other in found if other != code)


def _is_assumed(record: Record, key: str) -> bool:
    provenance = record.value.get("provenance")
    entry = provenance.get(key) if isinstance(provenance, dict) else None
    return isinstance(entry, dict) and entry.get("status") == "assumed"
