"""Where people reach this installation, and the files it serves by itself."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.settings.servers import DEBUG, LOCAL
from ops import env
from values.hosts import own_address

BASE_DIR = Path(__file__).resolve().parents[2]

# Links in mails use SITE_URL, never the Host header a request came with.
_given = (env.text("SITE_URL") or "http://127.0.0.1:8000").removesuffix("/")
try:
    SITE_URL, SITE_HOST = own_address(_given)
except ValueError as error:
    raise ImproperlyConfigured(
        f"SITE_URL {error}. It looks like https://forum.example.org: Plenary has a host of its own, and answers at its "
        "root."
    ) from error
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [SITE_HOST, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
HTTPS = SITE_URL.startswith("https:")


STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# The hashed names need a collectstatic; a checkout that has not run one serves straight from the source folders.
_COLLECTED_TO = BASE_DIR / "staticfiles"
_COLLECTED = (_COLLECTED_TO / "staticfiles.json").exists() and not DEBUG and not LOCAL
_HASHED = _COLLECTED or "collectstatic" in sys.argv
STATIC_ROOT = _COLLECTED_TO if _HASHED else None  # WhiteNoise warns of a folder that is not there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = BASE_DIR / "var" / "media"
