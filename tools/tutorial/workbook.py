"""The template that the import page offers, filled in as the forum's organizers would fill it in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ops.demo.dates import moved_to
from ops.embedded import BASE_DIR

Row = dict[str, Any]
# The session that somebody takes a place in: on the first morning, the day on which a room is lost.
TAKEN = "S1"
# What the organizers have settled beside what the forum's file has: on which day, from 0, and when.
SETTLED = {TAKEN: (0, "09:00"), "O2": (0, "14:30"), "P2": (1, "09:00"), "C1": (3, "10:00"), "BD14": (0, "18:45")}
SAMPLE = BASE_DIR / "schedule" / "exchange" / "samples" / "whrcf2017.json"


def forum(first_day: date) -> dict[str, Any]:
    """The programme of the forum, held from `first_day` on."""
    programme: dict[str, Any] = moved_to(json.loads(SAMPLE.read_bytes()), first_day)
    for one in programme["sessions"]:
        if one["code"] in SETTLED:
            day, start = SETTLED[one["code"]]
            one["fixed"] = {"date": (first_day + timedelta(days=day)).isoformat(), "start": start}
    return programme


def fill_in(template: Path, programme: Mapping[str, Any]) -> None:
    """Write the programme below the headings of the template, sheet by sheet."""
    book = load_workbook(template)
    for name, rows in (
        ("Sessions", _sessions(programme)),
        ("Rooms", _rooms(programme)),
        ("People", _people(programme)),
    ):
        sheet = book[name]
        headings = [cell.value for cell in sheet[1]]
        for row in rows:
            if unknown := set(row) - set(headings):
                raise LookupError(f"The sheet {name} has no column {', '.join(sorted(unknown))}.")
            sheet.append([row.get(str(heading)) for heading in headings])
    book.save(template)


def _in_each(column: str, said: Mapping[str, str]) -> Row:
    return {f"{column} (English)": said.get("en"), f"{column} (한국어)": said.get("ko")}


def _listed(values: Any) -> str:
    return "; ".join(values)


def _sessions(programme: Mapping[str, Any]) -> Iterator[Row]:
    kinds = {one["code"]: one["name"]["en"] for one in programme["kinds"]} | {"break": "Break"}
    people = {one["code"]: one["name"]["en"] for one in programme["people"]}
    bodies = {one["code"]: one["name"]["en"] for one in programme["bodies"]}
    for one in programme["sessions"]:
        fixed, spoken = one["fixed"] or {}, one["interpretation"]
        yield {
            "Code": one["code"],
            **_in_each("Title", one["title"]),
            **_in_each("Abstract", one["abstract"]),
            "Kind": kinds[one["kind"]],
            "Minutes": one["duration_minutes"],
            # With a time and no room it begins then, and the scheduler finds the room.
            "Day": fixed.get("date"),
            "Start": fixed.get("start"),
            "People": _listed(people[role["person"]] for role in one["roles"] if role["person"]),
            "Hosts": _listed(bodies[code] for code in one["hosts"]),
            "Languages": _listed(one["languages"]),
            "Interpretation": _listed(spoken["pairs"]),
            "Sign language": _listed(spoken["sign"]),
            "Captions": _listed(spoken["captions"]),
            "Sign-up": one["signup"],
            "Places at most": one["capacity_cap"],
            "Expected attendance": one["expected_attendance"],
        }


def _rooms(programme: Mapping[str, Any]) -> Iterator[Row]:
    for one in programme["rooms"]:
        yield {
            "Code": one["code"],
            **_in_each("Name", one["name"]),
            "Seats": one["capacity"],
            "Features": _listed(one["features"]),
            "Floor or building": one["distance_group"],
        }


def _people(programme: Mapping[str, Any]) -> Iterator[Row]:
    for one in programme["people"]:
        yield {
            "Code": one["code"],
            **_in_each("Name", one["name"]),
            "E-mail": f"{one['code']}@example.org",
            "Affiliation": one["affiliation"],
            "Country": one["country"],
        }
