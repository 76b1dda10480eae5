"""/healthz: this process answers. /readyz: and what it needs is there too. Neither reads or makes a session."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 as long as the process serves pages; asks nothing of others, so a lost database restarts no web server."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database (with all migrations) and Redis answer, else 503; names the part, never an address."""
    parts = {"database": "ok", "migrations": "ok", "redis": "ok"}
    try:
        if missing_migrations():
            parts["migrations"] = "missing"
    except DatabaseError:
        parts["database"], parts["migrations"] = "unreachable", "unknown"
    if not _redis_answers():
        parts["redis"] = "unreachable"
    ready = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ready" if ready else "not ready", **parts}, status=200 if ready else 503)


def missing_migrations() -> list[str]:
    """The newest migrations of the code, as "app.name", that this database has not seen. One query."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [f"{app}.{name}" for app, name in _newest() if (app, name) not in applied]


@cache
def _newest() -> list[tuple[str, str]]:
    return sorted(MigrationLoader(None).graph.leaf_nodes())


def _redis_answers() -> bool:
    limits = {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 0)}
    with redis.Redis.from_url(settings.REDIS_URL, **limits) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
