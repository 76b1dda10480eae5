"""What of a released programme no face of this installation can draw: organizers are told, readers see a stand-in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from schedule.domain.published.programme import PublishedProgramme
from schedule.domain.published.values import PublishedText
from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces


@dataclass(frozen=True)
class UnshownText:
    """Where a text stands (a session's code, else the text itself) and its graphemes that have a stand-in."""

    place: str
    graphemes: tuple[str, ...]

    @property
    def named(self) -> str:
        """The graphemes with their numbers, since whoever reads this may have no face for them either."""
        return ", ".join(f"{one} ({_numbers(one)})" for one in self.graphemes)


def _numbers(grapheme: str) -> str:
    return " ".join(f"U+{ord(one):04X}" for one in unicodedata.normalize("NFC", grapheme))


def unshown(programme: PublishedProgramme) -> list[UnshownText]:
    """Every place with such a text, in any of its languages, in the programme's order. No query."""
    setting = Typesetting(typefaces())
    found: dict[str, dict[str, None]] = {}
    for place, text in _texts(programme):
        for version in text.versions:
            for grapheme in setting.missing(version):
                found.setdefault(place or version, {})[grapheme] = None
    return [UnshownText(place, tuple(graphemes)) for place, graphemes in found.items()]


def _texts(programme: PublishedProgramme) -> Iterator[tuple[str, PublishedText]]:
    """What the PDF file is written from. Names are their own place: they may stand in many sessions."""
    for text in (programme.name, programme.theme, programme.venue, programme.sample_note):
        yield "", text
    for room in programme.rooms:
        yield "", room.name
    for session in programme.sessions:
        yield session.code, session.title
        yield session.code, session.abstract
        names = [session.kind.name, *session.hosts, *(person.name for person in session.people)]
        for text in [*names, *([session.theme.name] if session.theme else [])]:
            yield "", text
