"""What browsers, proxies and strangers may do."""

from __future__ import annotations

from csp import constants as csp

from config.settings.addresses import HTTPS
from ops import env

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF, "data:"],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "manifest-src": [csp.SELF],
        "object-src": [csp.NONE],
        "base-uri": [csp.NONE],
        "form-action": [csp.SELF],
        "frame-ancestors": [csp.NONE],
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
# Wishes have a field for each session, of which a congress has a thousand and more; the bytes are bounded above.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
