from __future__ import annotations

from tests.organize.account.people import quick_hashes

__all__ = ["quick_hashes"]
