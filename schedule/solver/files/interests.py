"""What attendees wish for, as both files of a problem say it."""

from __future__ import annotations

from collections.abc import Collection

from schedule.solver.problem import Attendee

from .records import HEAVIEST_WISH, Record, shown


def read_interests(top: Record, sessions: Collection[str]) -> tuple[Attendee, ...]:
    """The optional `interests`, for each attendee a list of [session code, weight]; heaviest first, else as given."""
    known = set(sessions)
    attendees = []
    for index, wishes in enumerate(top.items("interests", optional=True)):
        holder = Record({"wishes": wishes}, f"interests number {index + 1}")
        found: dict[str, int] = {}
        for wish in holder.items("wishes"):
            if not isinstance(wish, list) or len(wish) != 2:
                raise holder.fail("wishes", f"must be [session code, weight] pairs, found {wish!r}")
            code, weight = wish
            if not isinstance(code, str) or code not in known:
                raise holder.fail("wishes", f"unknown session {code!r}")
            if isinstance(weight, bool) or not isinstance(weight, int) or weight < 1:
                raise holder.fail("wishes", f"weight of {code} must be a whole number of at least 1, not {weight!r}")
            if weight > HEAVIEST_WISH:
                raise holder.fail("wishes", f"weight of {code} must be at most {HEAVIEST_WISH}, not {shown(weight)}")
            if code in found:
                raise holder.fail("wishes", f"names session {code} twice")
            found[code] = weight
        attendees.append(Attendee(tuple(sorted(found.items(), key=lambda wish: -wish[1]))))
    return tuple(attendees)
