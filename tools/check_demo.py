"""Reads what `manage.py demo --exit` printed and fails unless everything held. The last line is the JSON object."""

from __future__ import annotations

import json
import sys
from typing import Any

ZERO = ("hard_conflicts", "oversold", "double_booked", "messages_lost", "messages_doubled")


def faults(result: dict[str, Any]) -> list[str]:
    """What did not hold, as sentences; a figure that is missing did not hold."""
    change = result.get("change", {})
    equal = [
        ("placed", result.get("placed"), result.get("sessions")),
        ("messages_sent", result.get("messages_sent"), result.get("messages_due")),
        ("change.people_told", change.get("people_told"), change.get("people_affected")),
        ("change.told_without_cause", change.get("told_without_cause"), 0),
        *((name, result.get(name), 0) for name in ZERO),
    ]
    positive = [
        *((name, result.get(name)) for name in ("sessions", "registrations", "signups_confirmed", "invites_attached")),
        *((f"change.{name}", change.get(name)) for name in ("moved", "people_affected")),
        ("seconds.total", result.get("seconds", {}).get("total")),
    ]
    return [
        *(f"{name} is {found}, not {wanted}" for name, found, wanted in equal if found is None or found != wanted),
        *(f"{name} is {found}, not above 0" for name, found in positive if not found or found <= 0),
    ]


def main() -> int:
    lines = sys.stdin.read().strip().splitlines()
    if not lines:
        print("The demo printed nothing.", file=sys.stderr)
        return 1
    print(lines[-1])
    found = faults(json.loads(lines[-1]))
    for fault in found:
        print(f"The demo did not hold: {fault}.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
