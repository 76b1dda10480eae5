"""Files of the programme."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Files of another test's rows, which had the same keys, must not be served."""
    cache.clear()
