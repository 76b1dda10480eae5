"""The steps of the tutorial, in the order of its text. Each shows one picture, which is named like the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.tutorial import losing_a_room, preparing, taking_part
from tools.tutorial.walking import Walk

STEPS: Mapping[str, Callable[[Walk], None]] = {
    step.__name__.replace("_", "-"): step for step in (*preparing.STEPS, *taking_part.STEPS, *losing_a_room.STEPS)
}


def take(walk: Walk) -> None:
    """Take every step."""
    for name, step in STEPS.items():
        walk.now = name
        step(walk)
