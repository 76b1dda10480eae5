from __future__ import annotations

import threading

from django.core.cache import cache, caches

from ops.backends.cache import KeptClient, RedisCache


def test_what_is_kept_is_found_by_every_thread() -> None:
    found: list[object] = []
    cache.set("of-all", {"a": [1, "둘"]}, timeout=30)
    thread = threading.Thread(target=lambda: found.append(caches["default"].get("of-all")))
    thread.start()
    thread.join(10)
    assert (cache.get("of-all"), found) == ({"a": [1, "둘"]}, [{"a": [1, "둘"]}])
    assert (cache.add("of-all", 1), cache.delete("of-all"), cache.add("of-all", 1)) == (False, True, True)


def test_one_client_serves_all_calls() -> None:
    redis = caches["default"]
    assert isinstance(redis, RedisCache)
    client = redis._cache
    assert isinstance(client, KeptClient)
    assert client.get_client("a") is client.get_client("b")
    assert client.get_client("a", write=True) is client.get_client("b", write=True)
