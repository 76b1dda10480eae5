"""What the demonstration reports, and whether all of it held."""

from __future__ import annotations

from typing import Any

MUST_BE_ZERO = ("hard_conflicts", "oversold", "double_booked", "messages_lost", "messages_doubled")


def failures(summary: dict[str, Any], *, people: int) -> list[str]:
    """Sentences about what did not hold; empty when everything did. Without people nobody has a place to lose."""
    checks = [
        (summary["placed"] == summary["sessions"], "not every session has a time and a room"),
        (summary["messages_sent"] == summary["messages_due"], "not every message arrived"),
        *(_of_people(summary, people) if people else ()),
    ]
    wrong = [sentence for held, sentence in checks if not held]
    return wrong + [f"{name} is {summary[name]}" for name in MUST_BE_ZERO if summary[name]]


def _of_people(summary: dict[str, Any], people: int) -> list[tuple[bool, str]]:
    """What must hold where people register and sign up, and a room is lost to them."""
    change = summary["change"]
    return [
        (summary["registrations"] >= people, "not everybody is registered"),
        (summary["signups_confirmed"] > 0, "nobody has a place"),
        (summary["invites_attached"] >= summary["signups_confirmed"], "confirmed people are without a calendar file"),
        (change["moved"] > 0, "the lost room moved nothing"),
        (change["people_affected"] > 0, "the lost room concerned nobody"),
        (change["people_told"] == change["people_affected"], "not everybody concerned was told"),
        (change["told_without_cause"] == 0, "people were told who were not concerned"),
        (change["told_twice"] == 0, "people were told twice about one calendar entry"),
    ]
