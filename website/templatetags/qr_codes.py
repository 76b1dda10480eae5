"""A code that a telephone's camera reads, drawn into the page: no file, no style, no script."""

from __future__ import annotations

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """An address as a QR code (ISO/IEC 18004), black on white with its quiet zone in dark mode too."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass="qr-code", lineclass="")
    return mark_safe(drawn)  # noqa: S308  # segno writes numbers alone into it, none of the address
