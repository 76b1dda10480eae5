"""Choices of what is kept: those that are on offer, and those that were chosen when there were others.

In a form that narrows, nothing chosen means everything. A choice that the form does not show would be taken back by
saving it, and a mail for a few would go to all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Choice = tuple[Any, Any]


def with_held(offered: Iterable[Choice], held: Sequence[str], label: Callable[[str], Any] = str) -> list[Choice]:
    """What is on offer, and after it what is `held` and not offered any more, which `label` puts into words."""
    choices = list(offered)
    known = {str(value) for value, _label in choices}
    return choices + [(one, label(one)) for one in held if one not in known]
