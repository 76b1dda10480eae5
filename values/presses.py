"""When a button is pressed again before anything came of it."""

from __future__ import annotations

from datetime import timedelta

# Within this time the same button pressed again, by the same person about the same thing, is the same press: a mail it
# sends is sent once. Later it is a wish for another mail.
SAME_PRESS = timedelta(minutes=1)
