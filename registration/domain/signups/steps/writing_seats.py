"""Writing what is on offer into the seats of many sessions at once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from registration.domain.signups.steps.on_offer import Offer
from registration.models import Seats

# The fields of an offer, each under the name of the column that it is written to, with its type.
_COLUMNS: Mapping[str, str] = {
    "during": "tstzrange",
    "room_id": "bigint",
    "room_name": "text",
    "venue": "text",
    "title": "text",
    "online_url": "text",
    "exclusive": "boolean",
    "bookable": "boolean",
    "capacity": "integer",
    "closes_at": "timestamptz",
}
# One statement for all rows. A CASE for every row and column, as `bulk_update` writes it, costs ten times as much.
_WRITE = f"""
UPDATE registration_seats seats SET {", ".join(f"{name} = offer.{name}" for name in _COLUMNS)}
FROM unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
    AS offer (session_id, {", ".join(_COLUMNS)})
WHERE seats.session_id = offer.session_id
"""  # noqa: S608  # made of the names above alone


def write_seats(offers: Mapping[int, Offer], rows: Mapping[int, Seats]) -> None:
    """Bring the seats of these sessions to what is on offer: the rows that are locked, and `rows`, what is known of
    them here. One query; none where nothing is to be written.

    The database looks at each row as at any other write.
    """
    if not offers:
        return
    for pk, offer in offers.items():
        for name in _COLUMNS:
            setattr(rows[pk], name, getattr(offer, name))
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [[*offers], *([getattr(one, name) for one in offers.values()] for name in _COLUMNS)])
