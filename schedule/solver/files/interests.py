"""What attendees wish for, as both files of a problem say it."""

from __future__ import annotations

from typing import Any

from schedule.solver.problem import Attendee

from .reading.record import Record, Value, shown
from .reading.values import Ref, Whole

HEAVIEST = 100_000
HEAVIEST_WISH = 1_000
"""The most that one unit of a goal may cost, and that one wish may weigh.

With these the objective stays below 2 ** 63, which is as far as CP-SAT and the compiled loops can count. Its largest
sum is that of the clashes: 100,000 times 1,000 for each two wishes of one person, of which there would have to be 92
thousand million. That is a million people with 430 wishes each, whom no machine that this runs on can hold. A million
seats at 100,000 each leave room for 92 million choices of a room, and 366 days of one person's idle minutes for 170
million days of people.
"""


class Interests(Value[tuple[Attendee, ...]]):
    """For each attendee a list of [session code, weight]; heaviest first, else as given."""

    harmless: tuple[Attendee, ...] = ()
    _session, _weight = Ref("sessions"), Whole(1, HEAVIEST_WISH)
    codes = ("not_a_list", "not_a_wish", "named_twice", *_session.codes, *_weight.codes)

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> tuple[Attendee, ...] | None:
        return tuple(
            Attendee(self._wishes(record, f"{key}[{index}]", wishes))
            for index, wishes in enumerate(record.list_of(key, value))
        )

    def _wishes(self, record: Record, place: str, value: Any) -> tuple[tuple[str, int], ...]:
        found: dict[str, int] = {}
        for wish in record.list_of(place, value):
            if not isinstance(wish, list) or len(wish) != 2:
                record.wrong("not_a_wish", place, value=shown(wish))
                continue
            code = self._session.read(record, place, wish[0], required=True)
            weight = self._weight.read(record, place, wish[1], required=True)
            if code is None or weight is None:
                continue
            if code in found:
                record.wrong("named_twice", place, value=shown(code))
            found[code] = weight
        return tuple(sorted(found.items(), key=lambda wish: -wish[1]))

    def schema(self) -> dict[str, Any]:
        wish = {"type": "array", "prefixItems": [self._session.schema(), self._weight.schema()], "minItems": 2}
        return {"type": "array", "items": {"type": "array", "items": {**wish, "maxItems": 2}}}

    @property
    def words(self) -> str:
        return f"for each attendee a list of [code of a session, weight from 1 to {HEAVIEST_WISH}]"
