"""A row of a table made a session, with the kind, room, people and hosts that it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from schedule.domain.programme.names import SIGN_LANGUAGES
from schedule.exchange.incoming.moments import clock_of, day_of, minutes_of, on_clocks, stamp_of
from schedule.exchange.incoming.records import Gathering, Unreadable, What, text
from schedule.exchange.readers.tables.cells import in_brackets
from schedule.exchange.readers.tables.rows import Cells, Rows
from schedule.exchange.readers.tables.values import (
    address_of,
    count_of,
    language_of,
    mailboxes_of,
    pair_of,
    parts_of,
)
from schedule.models import SignupPolicy
from values.instants import minutes_between
from values.text import one_form

MOST_PEOPLE = 200
_MINUTES = re.compile(r"(\d{1,4}) ?(?:min|mins|minutes?|minuten|분)\.?", re.IGNORECASE)
_TAKEN = {"accept", "accepted", "confirmed", "yes", "승인", "확정", "angenommen", "bestätigt"}
_SIGNUPS = {
    SignupPolicy.OPEN: {"open", "공개", "offen", "자유"},
    SignupPolicy.LIMITED: {"limited", "limited places", "정원제", "begrenzt", "정원 제한"},
    SignupPolicy.INVITATION: {"invitation", "by invitation", "초대", "auf einladung"},
}
_CLOCK_ALONE = re.compile(r"(?:오[전후] ?)?\d{1,2}[:.h]\d{2}")


class SessionRows(Rows):
    about = What.SESSION

    def __init__(self, gathered: Gathering, headings: Mapping[str, str]) -> None:
        super().__init__(gathered, headings)
        self._titles: Counter[str] = Counter()
        # What sheets of rooms and people have, which are read before: a session adds to neither.
        self._listed: dict[What, set[str]] = {}
        for record in gathered.records:
            if record.what in (What.ROOM, What.PERSON):
                names = {name.casefold() for name in record.said["name"].values()}
                self._listed.setdefault(record.what, set()).update(names)

    def take(self, cells: Cells, place: str) -> None:
        status = cells.get("status", "").casefold()
        if "status" in self.headings and status not in _TAKEN:
            self.gathered.note("not_accepted", place, self.headings["status"], said=cells.get("status", ""))
            return
        super().take(cells, place)

    def _read(self, cells: Cells) -> tuple[str, dict[str, Any]]:
        title = self.texts(cells, "title")
        if not title:
            self.wrong("no_title", "title")
        for said_title in title.values():
            if not any(letter.isalnum() for letter in said_title):
                self.note("title_without_letters", "title", said=said_title)
            elif "\N{REPLACEMENT CHARACTER}" in said_title:
                self.note("letters_lost", "title", said=said_title)
        start = self._start(cells)
        said: dict[str, Any] = {"title": title, "code": self.code(cells, 40) or None}
        kind, minutes = self._kind(cells)
        said |= self._length(cells, start, minutes)
        said["abstract"] = self.texts(cells, "abstract", lines=True)
        said["languages"] = self.value(cells, "languages", self._spoken)
        said["caption_languages"] = self.value(cells, "captions", self._spoken)
        said["interpretation_pairs"] = self.value(cells, "interpretation", self._interpreted)
        said["sign_languages"] = self.value(cells, "sign", _signed)
        said["signup"] = self.value(cells, "signup", _signup)
        said["capacity_cap"] = self.value(cells, "places", _places)
        said["expected_attendance"] = self.value(cells, "expected", count_of)
        said["online_url"] = self.value(cells, "online", address_of)
        people = self._people(cells)
        if not self._is_wrong:
            self._refer(cells, said, kind, start, people)
        return self._key(cells, title), said

    def _refer(self, cells: Cells, said: dict[str, Any], kind: str, start: datetime | None, people: Any) -> None:
        """Name the rows of other kinds, which are made where there are none: only for a row that is taken."""
        take = self.gathered
        said["kind"] = take.named(What.KIND, kind or take.asked.kind, self.place)
        if not kind:
            take.note("no_kind", self.place)
        said["theme"] = take.named(What.THEME, cells.get("theme", ""), self.place)
        if "hosts" in cells:
            hosts = (take.named(What.BODY, name, self.place) for name in parts_of(cells["hosts"]))
            said["hosts"] = tuple(dict.fromkeys(host for host in hosts if host))
        if people:
            self._unlisted(What.PERSON, [name for _key, name, _more in people], "people")
            keys = [take.person(key, name, self.place, **more) for key, name, more in people]
            said["people"] = tuple(dict.fromkeys((key, "", "in-person") for key in keys))
        self._unlisted(What.ROOM, [cells.get("room", "")], "room")
        room = take.named(What.ROOM, cells.get("room", ""), self.place)
        if start is not None and room is not None:
            said["start"], said["room"] = start, room
        elif start is not None:
            said["fixed_start"] = start
            take.note("time_without_room", self.place)
        elif room is not None:
            said["fixed_room"] = room
            take.note("room_without_time", self.place)

    def _unlisted(self, what: What, names: Sequence[str], column: str) -> None:
        """Tell whom and what a sheet of their own does not have: most often a name is written in two ways."""
        for name in names if what in self._listed else ():
            if name and one_form(name).casefold() not in self._listed[what]:
                self.note("room_not_listed" if what is What.ROOM else "person_not_listed", column, said=name)

    def _key(self, cells: Cells, title: Mapping[str, str]) -> str:
        for column in ("key", "code"):
            if column in cells:
                return f"{'row' if column == 'key' else column}:{cells[column]}"
        own = next(iter(title.values()), "").casefold()
        self._titles[own] += 1
        return f"title:{own[:180]}" + (f"#{self._titles[own]}" if self._titles[own] > 1 else "")

    def _kind(self, cells: Cells) -> tuple[str, int | None]:
        """The kind, and the minutes that are written behind it: "Talk (30 minutes)"."""
        kind = cells.get("kind", "")
        before, inside = in_brackets(kind)
        found = _MINUTES.fullmatch(" ".join(inside.split()))
        return (before, int(found[1])) if found and before else (kind, None)

    def _start(self, cells: Cells) -> datetime | None:
        """From a day and a clock, or a cell with both."""
        on = self.value(cells, "day", _date)
        if "start" not in cells:
            if on is not None and "day" in cells:
                self.gathered.note("day_without_time", self.place, self.headings["day"])
            return None
        written = cells["start"]
        if re.search(r"\d{4}|\s\d{1,2}[:.]\d{2}", written) and not _CLOCK_ALONE.match(written):
            return self.value(cells, "start", self._moment)
        clock = self.value(cells, "start", clock_of)
        if "day" not in cells:
            self.wrong("no_day_given", "start", said=written)
        if clock is None or on is None:
            return None
        return self.value(cells, "start", lambda _said: on_clocks(on, clock, self.gathered.asked.zone))

    def _moment(self, said: str) -> datetime:
        day, _blank, clock = said.partition(" ")
        if clock and not re.match(r"\d{4}-\d{2}-\d{2}", day):
            return on_clocks(day_of(day), clock_of(clock), self.gathered.asked.zone)
        found = stamp_of(said)
        zone = self.gathered.asked.zone
        return found.astimezone(zone) if found.tzinfo else on_clocks(found.date(), found.time(), zone)

    def _length(self, cells: Cells, start: datetime | None, beside: int | None) -> dict[str, int]:
        minutes = self.value(cells, "minutes", minutes_of)
        if minutes is not None and "end" in cells and start is not None:
            until = self._until(cells, start)
            if until not in (None, minutes):
                self.wrong("end_contradicts", "end", said=cells["end"], minutes=minutes, found=until)
        elif "end" in cells and "start" not in cells:
            self.gathered.note("end_without_start", self.place, self.headings["end"])
        if minutes is None and "minutes" not in cells and "end" in cells and start is not None:
            minutes = self._until(cells, start)
        elif minutes is None and beside is not None:
            minutes = beside if beside else None
        if minutes is None and not self._is_wrong:
            minutes = self.gathered.asked.minutes
            if minutes is None:
                self.wrong("length_missing", "minutes")
            else:
                self.gathered.note("length_assumed", self.place, minutes=minutes)
        return {} if minutes is None else {"duration_minutes": minutes}

    def _until(self, cells: Cells, start: datetime) -> int | None:
        """The minutes to the end; one that is earlier on the clock is after midnight."""
        if not _CLOCK_ALONE.match(cells["end"]):
            end = self.value(cells, "end", self._moment)
        else:
            clock = self.value(cells, "end", clock_of)
            if clock is None:
                return None
            is_next = isinstance(clock, time) and clock <= start.time()
            day = date.fromordinal(start.toordinal() + is_next)
            end = self.value(cells, "end", lambda _said: on_clocks(day, clock, self.gathered.asked.zone))
        if end is None:
            return None
        minutes = minutes_between(start, end)
        if minutes < 1:
            self.wrong("ends_before_start", "end", said=cells["end"])
            return None
        return minutes

    def _spoken(self, said: str) -> tuple[str, ...]:
        named = [one.strip() for one in re.split(r"[,;/·、]", said)]
        return tuple(dict.fromkeys(language_of(one, self.gathered.asked.languages) for one in named if one))

    def _interpreted(self, said: str) -> tuple[str, ...]:
        pairs = (pair_of(one.strip(), self.gathered.asked.languages) for one in re.split(r"[,;\n]", said))
        return tuple(dict.fromkeys(pairs))

    def _people(self, cells: Cells) -> list[tuple[str, str, dict[str, Any]]]:
        """(key, name, what else is said) of everybody; what stands beside them in as many parts is told of each."""
        names = people_of(cells.get("people", ""))
        if len(names) > MOST_PEOPLE:
            self.wrong("too_many_people", "people", most=MOST_PEOPLE)
            return []
        misplaced = next((name for name in names if "@" in name), "")
        if misplaced:
            self.wrong("mailbox_for_name", "people", said=misplaced)
            return []
        emails = self.value(cells, "emails", mailboxes_of) or []
        if emails and not names:
            self.wrong("mailbox_of_nobody", "emails", said=cells["emails"])
            return []
        if len({one.casefold() for one in emails}) < len(emails):
            self.wrong("one_mailbox_for_two", "emails", said=cells["emails"])
            return []
        if emails and len(emails) != len(names):
            self.wrong("other_number", "emails", names=len(names), found=len(emails))
            return []
        more: list[dict[str, Any]] = [{"email": one} for one in emails] or [{} for _name in names]
        for column, field in (("affiliations", "affiliation"), ("biographies", "biography")):
            if column in cells and len(names) == 1:
                more[0][field] = text(cells[column], lines=True) if field == "biography" else cells[column]
            elif column in cells and column == "affiliations" and len(parts_of(cells[column])) == len(names):
                for one, part in zip(more, parts_of(cells[column]), strict=True):
                    one[field] = part
            elif column in cells:
                beside = "beside_several" if names else "beside_nobody"
                self.gathered.note(beside, self.place, self.headings[column])
        return [(self._person_key(name, one), name, one) for name, one in zip(names, more, strict=True)]

    def _person_key(self, name: str, more: Mapping[str, Any]) -> str:
        """The address, unless a sheet of people has them by their name."""
        by_name = f"name:{name.casefold()}"
        if "email" not in more or self.gathered.has(What.PERSON, by_name):
            return by_name
        return f"mail:{more['email'].casefold()}"


def people_of(said: str) -> list[str]:
    """Names in one cell: apart by lines or semicolons, else by commas and a last "and"."""
    apart = re.split(r"[;\n]", said)
    if len(apart) == 1:
        apart = re.split(r", ?(?:and )?| (?:and|und|&|및) |[、·]", " ".join(said.split()))
    return list(dict.fromkeys(name.strip() for name in apart if name.strip()))


def _date(said: str) -> date:
    day, _blank, clock = said.partition(" ")
    return day_of(day) if clock in ("00:00", "00:00:00") else day_of(said)


@cache
def _signed_names() -> Mapping[str, str]:
    """Codes of sign languages by what pages call them, in every language of the pages."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(name).casefold(): code for code, name in SIGN_LANGUAGES.items()}
    return found


def _signed(said: str) -> tuple[str, ...]:
    codes = [_signed_names().get(code.casefold(), code) for code in parts_of(said)]
    for code in codes:
        if not re.fullmatch(r"[A-Za-z]{2,12}", code):
            raise Unreadable("no_sign_language", said=code)
    return tuple(dict.fromkeys(code.upper() for code in codes))


def _signup(said: str) -> str:
    for policy, words in _SIGNUPS.items():
        if said.casefold() in words:
            return policy.value
    raise Unreadable("no_signup", said=said)


def _places(said: str) -> int:
    places = count_of(said)
    if places < 1:
        raise Unreadable("no_places", said=said)
    return places
