"""Pages behind links in mails, of a site with real addresses."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def real_addresses(addresses: None) -> None:
    """Links and calendar entries are compared letter by letter."""
