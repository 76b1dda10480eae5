"""What this installation runs on: its database, its Redis, its secret key, and what is kept where."""

from __future__ import annotations

import os
import secrets

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from redis.backoff import NoBackoff
from redis.retry import Retry

from ops import embedded, env

DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL") or embedded.redis_url()
# Without DATABASE_URL this is one machine trying Plenary out, on servers that only it can reach.
LOCAL = DATABASE_URL is None
DEBUG = env.boolean("DEBUG", default=False)
# Requests that a process works on at once.
WEB_THREADS = env.integer("WEB_THREADS", 4, minimum=1)


_GOOD_KEY = "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes a good one."


def _secret_key() -> str:
    if key := env.text("SECRET_KEY"):
        if weakness := env.weakness_of(key):
            raise ImproperlyConfigured(f"SECRET_KEY {weakness}. {_GOOD_KEY}")
        return key
    if not DEBUG and (not LOCAL or env.text("DEBUG") is not None):
        raise ImproperlyConfigured(
            f"SECRET_KEY is not set. Set SECRET_KEY, or SECRET_KEY_FILE to a file holding it; {_GOOD_KEY}"
        )
    kept = embedded.state_dir() / "secret-key"
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key


def _former_keys() -> list[str]:
    """What was signed with one of them is believed, so whoever guesses one signs in as anybody."""
    keys = env.words("SECRET_KEY_FALLBACKS", [])
    for weakness in filter(None, map(env.weakness_of, keys)):
        raise ImproperlyConfigured(
            f"A key of SECRET_KEY_FALLBACKS {weakness}. Leave it out: everybody signs in again, and organizers set up "
            "their second factors anew."
        )
    return keys


def _database(url: str) -> dict[str, object]:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address: {error}") from error
    name = parts.pop("dbname", None)
    if not name:
        raise ImproperlyConfigured(
            "DATABASE_URL names no database; it looks like postgresql://user:password@host/name."
        )
    return {
        "ENGINE": "ops.backends.postgresql",
        "NAME": name,
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": env.integer("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **parts},
    }


SECRET_KEY = _secret_key()
# Keys that were in use before: what was signed or sealed with them is still read, and nothing is written with them.
SECRET_KEY_FALLBACKS = _former_keys()
DATABASES = {"default": _database(DATABASE_URL or embedded.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "ops.backends.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "plenary",
        # One more try at once, for a connection gone stale; by default a lost Redis holds every page for seconds.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 1)},
    }
}
