"""The cache in Redis."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangosCache
from django.core.cache.backends.redis import RedisCacheClient
from redis import Redis


class KeptClient(RedisCacheClient):
    """Django's own makes a new Redis object for every call, which takes longer than the call."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: dict[bool, Redis] = {}

    def get_client(self, key: str | bytes | memoryview | None = None, *, write: bool = False) -> Redis:
        """The client, over a pool of connections; any thread may use it."""
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class RedisCache(DjangosCache):
    """What CACHES names."""

    def __init__(self, server: str, parameters: dict[str, Any]) -> None:
        super().__init__(server, parameters)
        self._class = KeptClient

    def delete_beginning(self, prefix: str) -> int:
        """Delete everything whose key begins so; returns how much that was. Goes through all keys, a few at a time."""
        client = self._cache.get_client(write=True)
        pattern = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in self.make_key(prefix))
        found = list(client.scan_iter(match=f"{pattern}*", count=1000))
        return int(client.unlink(*found)) if found else 0
