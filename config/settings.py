"""Settings. Everything that differs between installations comes from the environment (see README, Configuration)."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import env
from ops import embedded

if sys.version_info < (3, 11):  # noqa: UP036  # pip can be told to ignore requires-python; the message must still come
    raise ImproperlyConfigured("Plenary needs Python 3.11 or newer.")

BASE_DIR = Path(__file__).resolve().parent.parent

DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL") or embedded.redis_url()
# Without DATABASE_URL this is one machine trying Plenary out, on servers that only it can reach.
LOCAL = DATABASE_URL is None
DEBUG = env.boolean("DEBUG", default=False)


def _secret_key() -> str:
    if key := env.text("SECRET_KEY"):
        return key
    if not DEBUG and (not LOCAL or env.text("DEBUG") is not None):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set SECRET_KEY, or SECRET_KEY_FILE to a file holding it; "
            "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes a good one."
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
        "ENGINE": "django.db.backends.postgresql",
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
DATABASES = {"default": _database(DATABASE_URL or embedded.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Addresses ----------------------------------------------------------------------------------------------
# Links in mails use SITE_URL, never the Host header a request came with.
SITE_URL = (env.text("SITE_URL") or "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL={SITE_URL!r} is not a web address; it looks like https://forum.example.org.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [_site.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
HTTPS = _site.scheme == "https"

# --- Applications -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "accounts",
    "journal",
    "schedule",
    "registration",
    "notifications",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_standardized_errors",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "website.context.participant",
            ],
        },
    }
]

# --- What one app declares for another (the importing direction stays one way; see docs/architecture.md) -----
SCHEDULE_DEMAND = "registration.domain.signups.demand.demand_for"
SCHEDULE_FOLLOW = "registration.domain.signups.seats_follow.follow"
REGISTRATION_UNREACHABLE = "notifications.delivery.suppression.is_suppressed"

# Megabytes of address space one search for a timetable may map (it is not all used). With wishes the forum needs 768
# where the search is compiled first.
SOLVER_MEMORY_MB = env.integer("SOLVER_MEMORY_MB", 4096, minimum=1024)

# --- People -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organize:index"
ACCOUNT_ADAPTER = "accounts.adapter.OrganizerAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator; nobody signs up by themselves
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

# --- Languages and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Static files -------------------------------------------------------------------------------------------
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

# --- Cache, sessions, jobs ----------------------------------------------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "ops.backends.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "plenary",
        # One more try at once, for a connection gone stale; by default a lost Redis holds every page for seconds.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 1)},
    }
}
SESSION_ENGINE = "ops.backends.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 5, "max_retries": 1,
}  # fmt: skip
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # a lost wake-up is replaced by the sweep; a repeated one would only cost time
# Well below the visibility time-out: no task is handed out again while it runs.
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# KiB; a process that has grown beyond is replaced after its task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_TASK_DEFAULT_QUEUE = "background"
CELERY_TASK_ROUTES = {
    # The journal's intake is the first half of a sign-in link's way, so it waits behind nothing slower than itself.
    "notifications.tasks.take_in_journal": {"queue": "urgent"},
    "notifications.tasks.deliver_urgent": {"queue": "urgent"},
    "notifications.tasks.deliver_bulk": {"queue": "bulk"},
    "notifications.tasks.*": {"queue": "background"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "take in the journal": {"task": "notifications.tasks.take_in_journal", "schedule": 5.0, "options": {"expires": 5}},
    "deliver urgent messages": {
        "task": "notifications.tasks.deliver_urgent",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "deliver other messages": {
        "task": "notifications.tasks.deliver_bulk",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "deliver messages nobody waits for": {
        "task": "notifications.tasks.deliver_background",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "compose announcements": {
        "task": "notifications.tasks.compose_announcements",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "plan reminders": {"task": "notifications.tasks.plan_messages", "schedule": 60.0, "options": {"expires": 60}},
    "expire offered places": {"task": "registration.tasks.expire_offers", "schedule": 60.0, "options": {"expires": 60}},
    "make webhooks": {"task": "notifications.tasks.make_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "send webhooks": {"task": "notifications.tasks.send_webhooks", "schedule": 10.0, "options": {"expires": 10}},
    "forget old deliveries": {"task": "notifications.tasks.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "read the mailbox": {
        "task": "notifications.tasks.read_mailbox",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "find lost searches": {"task": "schedule.tasks.find_lost", "schedule": 10.0, "options": {"expires": 10}},
    "forget what has run out": {"task": "registration.tasks.forget", "schedule": 3600.0, "options": {"expires": 3600}},
}

# --- Mail ---------------------------------------------------------------------------------------------------
_email = urlsplit(env.text("EMAIL_URL") or "smtp://127.0.0.1:1025")
if _email.scheme not in ("smtp", "smtps", "smtp+tls") or not _email.hostname:
    raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:25 (or smtps://, smtp+tls://).")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _email.hostname
EMAIL_PORT = _email.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[_email.scheme]
EMAIL_HOST_USER = unquote(_email.username or "")
EMAIL_HOST_PASSWORD = unquote(_email.password or "")
EMAIL_USE_SSL = _email.scheme == "smtps"
EMAIL_USE_TLS = _email.scheme == "smtp+tls"
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 10, minimum=1)
# A number or a bare word is no domain of mail; RFC 2606 keeps .invalid for names that must lead nowhere.
_mail_domain = (
    _site.hostname if _site.hostname.rpartition(".")[2].isalpha() and "." in _site.hostname else "plenary.invalid"
)
# The address mails come from; calendar replies to it are absorbed.
MAIL_FROM = env.text("MAIL_FROM") or f"plenary@{_mail_domain}"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# Where answers to MAIL_FROM arrive: the robot mailbox. Without it nobody reads them.
IMAP_URL = env.text("IMAP_URL")
IMAP_HANDLED_FOLDER = env.text("IMAP_HANDLED_FOLDER") or "Handled"
IMAP_ASIDE_FOLDER = env.text("IMAP_ASIDE_FOLDER") or "Aside"
# Mails a second each provider gets (notifications/delivery/throttle.py); a slower one than it allows is not worth a refusal.
MAIL_RATES = env.rates("MAIL_RATES", "google=40,microsoft=40,naver=40,kakao=40,yahoo=20,apple=20")
# Whether webhooks may go to this machine, over http too: for trying out, never where strangers organize conferences.
WEBHOOKS_LOCAL = env.boolean("WEBHOOKS_LOCAL", default=LOCAL)
# Ends every calendar entry's UID; it must never change while entries are in people's calendars.
CALENDAR_DOMAIN = env.text("CALENDAR_DOMAIN") or _mail_domain

# --- Defences -----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.boolean("BEHIND_PROXY", default=False):
    # Only behind a proxy that sets this header itself and drops what a client sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- API ----------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.ParticipantSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plenary",
    "DESCRIPTION": "The released programme of a conference, and the signed-in participant's own sign-ups.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ValidationErrorEnum": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum.choices",
        "ClientErrorEnum": "drf_standardized_errors.openapi_serializers.ClientErrorEnum.choices",
        "ServerErrorEnum": "drf_standardized_errors.openapi_serializers.ServerErrorEnum.choices",
        "ErrorCode401Enum": "drf_standardized_errors.openapi_serializers.ErrorCode401Enum.choices",
        "ErrorCode403Enum": "drf_standardized_errors.openapi_serializers.ErrorCode403Enum.choices",
        "ErrorCode404Enum": "drf_standardized_errors.openapi_serializers.ErrorCode404Enum.choices",
        "ErrorCode405Enum": "drf_standardized_errors.openapi_serializers.ErrorCode405Enum.choices",
        "ErrorCode406Enum": "drf_standardized_errors.openapi_serializers.ErrorCode406Enum.choices",
        "ErrorCode415Enum": "drf_standardized_errors.openapi_serializers.ErrorCode415Enum.choices",
        "ErrorCode429Enum": "drf_standardized_errors.openapi_serializers.ErrorCode429Enum.choices",
        "ErrorCode500Enum": "drf_standardized_errors.openapi_serializers.ErrorCode500Enum.choices",
    },
    "POSTPROCESSING_HOOKS": ["drf_standardized_errors.openapi_hooks.postprocess_schema_enums"],
}

# --- Logs ---------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "ops.backends.log_lines.SecretsLeftOut",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL") or "WARNING"},
}
