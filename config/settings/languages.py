"""Languages, time, and the faces that texts are printed in."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.settings.addresses import BASE_DIR
from ops import env

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
# Ours; and in our words what Django says of forms, in the site's own language too.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "values" / "wordings"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"
# What PDF files fall back to after the vendored faces: folders of fonts, and "system" for those the machine has.
PDF_FONTS = env.words("PDF_FONTS", [])
for _folder in PDF_FONTS:
    if _folder != "system" and not Path(_folder).is_dir():
        raise ImproperlyConfigured(f"PDF_FONTS: {_folder!r} is neither a folder nor the word system.")
