"""What numbers may be, at most: forms, models and readers of files agree, so that what one takes no other refuses.

Whatever is larger is a slip of the hand.
"""

from __future__ import annotations

from typing import Final

MOST_COUNTED: Final = 1_000_000
"""Seats, places, people who are expected."""

LONGEST_SESSION: Final = 7 * 24 * 60
"""Minutes of one session. It may last over several days that are open all round the clock."""

LONGEST_GAP: Final = 24 * 60
"""Minutes between two sessions, and of the time grid."""

MOST_AT_ONCE: Final = 1_000
"""Sessions, or teams of interpreters, at the same time."""

LONGEST_OFFER: Final = 30 * 24
"""Hours that an offered place is kept."""

LONGEST_GATHERING: Final = 60 * 60
"""Seconds that a change waits for others."""
