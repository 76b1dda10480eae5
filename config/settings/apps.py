"""The apps of the house, what each request passes through, and what a lower app asks a higher one."""

from __future__ import annotations

from config.settings.addresses import BASE_DIR
from ops import env

INSTALLED_APPS = [
    "ops",
    "journal",
    "schedule",
    "accounts",
    "registration",
    "notifications",
    "website",
    "organize",
    "api",
    "accounts.apps.AdministrationConfig",
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
    "ops.backends.refusals.CookiesWithoutControlCharacters",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ops.backends.sessions.HeadKeepsNothing",
    "django.middleware.locale.LocaleMiddleware",
    "website.sharing.LanguageOfTheAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "organize.account.kept_nowhere.AccountsKeptNowhere",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ops.backends.signed_out.FormsOfTheSignedOut",
    "ops.backends.left_form.LeftForms",
    "ops.backends.refusals.Refusals",
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
            "builtins": ["schedule.templatetags.session_ends"],
        },
    }
]


# What a lower app asks a higher one, so that imports run one way; see docs/architecture.md.
SCHEDULE_DEMAND = "registration.domain.signups.demand.demand_for"
SCHEDULE_FOLLOW = "registration.domain.signups.seats_follow.follow"
SCHEDULE_CALENDARS = "notifications.feeds.calendar_files.calendar_files"
SCHEDULE_ARCHIVE_TABLES = (
    "registration.domain.privacy.archive_tables.archive_tables",
    "notifications.archive_tables.archive_tables",
)
REGISTRATION_UNREACHABLE = "notifications.delivery.suppression.is_suppressed"
REGISTRATION_FORGET_ADDRESSES = "notifications.delivery.suppression.forget_addresses"
VALUES_ANY_LETTERS_BEFORE_AT = "notifications.delivery.smtp.capabilities.takes_any_letters"
NOTIFICATIONS_ATTENTION = "organize.overview.attention.pressing"

# Megabytes of address space one search for a timetable may map (it is not all used). With wishes the forum needs 768
# where the search is compiled first.
SOLVER_MEMORY_MB = env.integer("SOLVER_MEMORY_MB", 4096, minimum=1024)
