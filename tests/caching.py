"""A cache in which nothing is kept yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """No page is in the cache, and the language a request leaves behind is taken back."""
    cache.clear()
    with translation.override("en"):
        yield
    cache.clear()
