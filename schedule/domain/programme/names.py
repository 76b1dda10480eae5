"""Names of the codes a programme uses, as labels: interpretation, what a room has, what people do in a session."""

from __future__ import annotations

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from schedule.vocabulary.features import FEATURES
from schedule.vocabulary.languages import language_name

SIGN_LANGUAGES = {
    "ASL": gettext_lazy("American Sign Language"),
    "AUSLAN": gettext_lazy("Australian Sign Language"),
    "BSL": gettext_lazy("British Sign Language"),
    "CSL": gettext_lazy("Chinese Sign Language"),
    "DGS": gettext_lazy("German Sign Language"),
    "IS": gettext_lazy("International Sign"),
    "JSL": gettext_lazy("Japanese Sign Language"),
    "KSL": gettext_lazy("Korean Sign Language"),
    "LIBRAS": gettext_lazy("Brazilian Sign Language"),
    "LIS": gettext_lazy("Italian Sign Language"),
    "LSE": gettext_lazy("Spanish Sign Language"),
    "LSF": gettext_lazy("French Sign Language"),
    "LSM": gettext_lazy("Mexican Sign Language"),
    "NGT": gettext_lazy("Sign Language of the Netherlands"),
}
ROLES = {
    "chair": pgettext_lazy("role", "Chair"),
    "congratulations": pgettext_lazy("role", "Congratulations"),
    "guest-of-honour": pgettext_lazy("role", "Guest of honour"),
    "honouree": pgettext_lazy("role", "Honouree"),
    "host-of-ceremony": pgettext_lazy("role", "Host of the ceremony"),
    "interpreter": pgettext_lazy("role", "Interpreter"),
    "keynote": pgettext_lazy("role", "Keynote"),
    "moderator": pgettext_lazy("role", "Moderator"),
    "opening-address": pgettext_lazy("role", "Opening address"),
    "panellist": pgettext_lazy("role", "Panellist"),
    "participant": pgettext_lazy("role", "Participant"),
    "rapporteur": pgettext_lazy("role", "Rapporteur"),
    "reader-of-statement": pgettext_lazy("role", "Reader of the statement"),
    "speaker": pgettext_lazy("role", "Speaker"),
    "welcome": pgettext_lazy("role", "Welcome address"),
}


def _plain(code: str) -> str:
    """A code nobody has named yet, readable."""
    return str(capfirst(code.replace("-", " ").replace("_", " ")))


def interpretation_name(pair: str) -> str:
    """ "ko-en" as "Korean – English"."""
    return " – ".join(language_name(code) for code in pair.split("-"))


def sign_language_name(code: str) -> str:
    """A code nobody has named yet is at least said to be one of a sign language."""
    known = SIGN_LANGUAGES.get(code.upper())
    return str(known) if known else gettext("Sign language %(code)s") % {"code": code}


def captions_name(code: str) -> str:
    return gettext("Captions in %(language)s") % {"language": language_name(code)}


def feature_name(code: str) -> str:
    return str(capfirst(FEATURES[code](translation))) if code in FEATURES else _plain(code)


def role_name(code: str) -> str:
    return str(ROLES[code]) if code in ROLES else _plain(code)
