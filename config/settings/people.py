"""Who signs in and how, and how long browsers are remembered."""

from __future__ import annotations

from config.settings.addresses import HTTPS

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organize:index"
ACCOUNT_ADAPTER = "organize.account.adapter.OrganizerAdapter"
ACCOUNT_FORMS = {"reset_password": "organize.account.forms.ResetForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator; nobody signs up by themselves
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False  # they are kept in the cache, which may be away; organize.account.tries counts
ACCOUNT_REAUTHENTICATION_REQUIRED = True
PASSWORD_RESET_TIMEOUT = 3600
# The library's own writes the address into a table of its own. Here an account has one address, in its row.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # a class
ACCOUNT_SESSION_REMEMBER = None
MFA_ADAPTER = "organize.account.factor_adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "organize.account.forms.CodeForm",
    "reauthenticate": "organize.account.forms.CodeAgainForm",
    "activate_totp": "organize.account.forms.EnrolForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: there are no rows that would say so
MFA_TOTP_TOLERANCE = 1  # RFC 6238, 5.2: one step for what lies between a phone's clock, its owner and us
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False


SESSION_ENGINE = "ops.backends.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ops.backends.csrf.csrf_failed"
