"""What everybody sees reads the public view; a way round it is noticed here.

Rooms that show a programme import no model that leads to what is not public, and name none of the fields that decide.
Each exception says why; a new one is a question to whoever reviews it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SHOWING = (
    "api/v1/programme",
    "notifications/feeds",
    "notifications/mails",
    "notifications/wordings",
    "schedule/exchange/writers",
    "website",
)
# What has details, and what leads to it.
DETAILED = frozenset({"Body", "Person", "Placement", "Role", "Session", "SessionHost", "Theme"})
FIELDS = frozenset({"host_links", "is_shown", "roles", "taken_down_at"})
ALLOWED = {
    # Names of a choice in the reference, no rows.
    "api/v1/programme/serializers.py": {"Role", "Session"},
    # Keys of sessions for the public view to read, and whether one was ever released.
    "notifications/feeds/public_feeds.py": {"Session"},
    "notifications/feeds/public_parts.py": {"Session"},
    # Mails about somebody's own place or appearance: title, time and room, and whether they may be greeted by name.
    "notifications/mails/context.py": {"taken_down_at"},
    "notifications/mails/render_input.py": {"Role", "Session"},
    # Whose calendar entry it is; what it says of the session besides is the public view's.
    "notifications/mails/calendar_entries.py": {"Person", "Session"},
    # Whose entries the link in a mail ends.
    "notifications/mails/unsubscribing.py": {"Person"},
    # Those of the public view of a session.
    "notifications/wordings/session_facts.py": {"roles"},
    # Whoever was invited, by the secret address they were sent.
    "website/links/invitations.py": {"Session", "taken_down_at"},
    # What somebody takes a place in.
    "website/my/places.py": {"Session"},
    # What may be wished for, as `schedule.domain.published.disclosure` decides.
    "website/registering/forms.py": {"Session"},
    "website/registering/widgets.py": {"Session"},
    # Everything, for organizers: the archive that another installation reads.
    "schedule/exchange/writers/archive.py": {"Placement", "is_shown", "roles"},
    # The public view's own word for them.
    "schedule/exchange/writers/printed/book.py": {"roles"},
    "schedule/exchange/writers/site/pages.py": {"roles"},
    "website/sessions/page.py": {"roles"},
}


def mentions(text: str) -> Iterator[str]:
    """Models imported from `schedule.models`, and fields that are named, of the ones that matter."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("schedule.models"):
            yield from (alias.name for alias in node.names if alias.name in DETAILED)
        elif isinstance(node, ast.Attribute) and node.attr in FIELDS:
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield from FIELDS & set(node.arg.split("__"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            yield from FIELDS & set(node.value.split("__"))


def test_nothing_goes_round_the_public_view() -> None:
    found = {}
    for room in SHOWING:
        for file in sorted((ROOT / room).rglob("*.py")):
            if names := set(mentions(file.read_text(encoding="utf-8"))):
                found[file.relative_to(ROOT).as_posix()] = names
    assert found == ALLOWED


def test_a_way_round_is_noticed() -> None:
    way = """
from schedule.models import Conference, SessionHost
for host in session.host_links.filter(body__conference=1): print(session.abstract)
rows = rows.filter(session__roles__person=7).values_list("person__taken_down_at")
"""
    assert sorted(mentions(way)) == ["SessionHost", "host_links", "roles", "taken_down_at"]
