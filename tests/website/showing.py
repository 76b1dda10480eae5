"""A small released programme, and the titles its pages show."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from schedule.models import Conference
from tests.factories import at, both, make_conference, make_room, make_session, publish


class Words(HTMLParser):
    """Titles of the sessions shown, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.titles: list[str] = []
        self._in = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h4":
            self._in = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "h4":
            self._in = False

    def handle_data(self, data: str) -> None:
        if self._in:
            self.titles[-1] += data.strip()


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return Words(response.content.decode()).titles


def forum(count: int = 2, **fields: Any) -> Conference:
    """`count` sessions on the first day, one after the other, in one room; nothing else."""
    conference = make_conference(slug="forum", **fields)
    room = make_room(conference, code="HALL", features=["wheelchair"])
    sessions = [make_session(conference, code=f"A{n}", title=both(f"Talk {n}")) for n in range(count)]
    publish(conference, [(one, room, at(conference, f"{9 + n:02}:00")) for n, one in enumerate(sessions)])
    return conference
