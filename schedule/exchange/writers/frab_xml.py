"""schedule.xml: the frab and Pentabarf form (https://c3voc.de/schedule/schema.xsd), in one language."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedRoom, PublishedSession
from schedule.exchange.writers import frab

# The schema reads a code as one of pretalx's, which have six characters.
_CODE = re.compile(r"[0-9A-Z]{6}\Z")


def schedule_xml(programme: PublishedProgramme, language: str) -> bytes:
    """The whole programme. The same bytes for the same programme."""
    root = Element("schedule")
    if note := programme.sample_note.in_language(language):
        root.append(Comment(f" {note.replace('--', '—').rstrip('-')} "))
    SubElement(root, "generator", name=frab.GENERATOR)
    _add(root, "version", str(programme.number))
    conference = SubElement(root, "conference")
    days = frab.days(programme)
    for name, value in (
        ("acronym", frab.acronym(programme)),
        ("title", programme.name.in_language(language)),
        ("start", programme.starts_on.isoformat()),
        ("end", programme.ends_on.isoformat()),
        ("days", str(len(days))),
        ("timeslot_duration", frab.clock(programme.slot_minutes)),
        ("base_url", programme.url),
        ("time_zone_name", programme.timezone),
    ):
        _add(conference, name, value)
    for day in days:
        _day(root, programme, day, language)
    indent(root, " ")
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _day(root: Element, programme: PublishedProgramme, day: PublishedDay, language: str) -> None:
    element = SubElement(
        root,
        "day",
        index=str(day.index),
        date=day.date.isoformat(),
        start=day.opens.isoformat(),
        end=day.closes.isoformat(),
    )
    for room in programme.rooms:
        sessions = [session for session in day.sessions if session.room.code == room.code]
        if sessions:
            _room(element, programme, room, sessions, language)


def _room(
    day: Element, programme: PublishedProgramme, room: PublishedRoom, sessions: list[PublishedSession], language: str
) -> None:
    element = SubElement(day, "room", name=room.name.in_language(language), guid=str(room.guid))
    for session in sessions:
        event = SubElement(element, "event", id=str(session.number), guid=str(session.guid))
        if _CODE.match(session.code):
            event.set("code", session.code)
        for name, value in (
            ("date", session.start.isoformat()),
            ("start", f"{session.start:%H:%M}"),
            ("duration", frab.clock(session.minutes)),
            ("room", room.name.in_language(language)),
            ("slug", frab.slug(programme, session)),
            ("url", session.url),
            ("title", session.title.in_language(language)),
            ("track", frab.track(session, language)),
            ("type", session.kind.code),
            ("language", frab.languages(session)),
            ("abstract", session.abstract.plain(language)),
            ("description", frab.description(session, language)),
        ):
            _add(event, name, value)
        persons = SubElement(event, "persons")
        for person in session.people:
            SubElement(persons, "person", guid=str(person.guid)).text = person.name.in_language(language)
