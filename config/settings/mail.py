"""Mails: who sends them, who carries them, where answers arrive; and what else leaves this machine."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.addresses import SITE_HOST
from config.settings.servers import LOCAL
from ops import env
from values.hosts import ascii_mailbox, is_mailbox_of_ascii


def _sender(address: str) -> str:
    """An address that every mail can name, whatever servers it passes (RFC 6531 3.3), its domain in ASCII."""
    try:
        known = ascii_mailbox(address)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"MAIL_FROM={address!r} has a domain that no host can have.") from wrong
    if not is_mailbox_of_ascii(known):
        raise ImproperlyConfigured(f"MAIL_FROM={address!r} must have no letters beyond a to z before the @.")
    return known


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
_mail_domain = SITE_HOST if SITE_HOST.rpartition(".")[2].isalpha() and "." in SITE_HOST else "plenary.invalid"
# The address mails come from; calendar replies to it are absorbed.
MAIL_FROM = _sender(env.text("MAIL_FROM") or f"plenary@{_mail_domain}")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# Where mails come back to that cannot be delivered; a `*` in it stands for which mail it was and a secret. Empty is
# MAIL_FROM with "+*" before the @; "off" is MAIL_FROM itself, and then no report counts.
MAIL_RETURN_PATH = env.text("MAIL_RETURN_PATH") or ""
_returns = (MAIL_RETURN_PATH or MAIL_FROM.replace("@", "+*@", 1)).partition("@")
if MAIL_RETURN_PATH != "off" and (_returns[0].count("*") != 1 or not _returns[2] or len(_returns[0]) > 23):
    raise ImproperlyConfigured(
        "MAIL_RETURN_PATH must look like bounces+*@example.org, with at most 23 characters before the @ (64 are "
        "allowed and 42 take the place of the *), or be off; without it MAIL_FROM is used, with +*. It is "
        f"{''.join(_returns)!r}."
    )
# Where answers to MAIL_FROM arrive: the robot mailbox. Without it nobody reads them.
IMAP_URL = env.text("IMAP_URL")
IMAP_HANDLED_FOLDER = env.text("IMAP_HANDLED_FOLDER") or "Handled"
IMAP_ASIDE_FOLDER = env.text("IMAP_ASIDE_FOLDER") or "Aside"
# Mails a second each provider gets (notifications/delivery/throttle.py); a slower one than it allows is no refusal.
MAIL_RATES = env.rates("MAIL_RATES", "google=40,microsoft=40,naver=40,kakao=40,yahoo=20,apple=20")
# Whether webhooks may go to this machine, over http too: for trying out, never where strangers organize conferences.
WEBHOOKS_LOCAL = env.boolean("WEBHOOKS_LOCAL", default=LOCAL)
# Ends every calendar entry's UID; it must never change while entries are in people's calendars.
CALENDAR_DOMAIN = env.text("CALENDAR_DOMAIN") or _mail_domain
