"""A code that a telephone's camera reads, drawn into the page: no file, no style, no script."""

from __future__ import annotations

from itertools import groupby

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
# The quiet zone, and how large a module is drawn (ISO/IEC 18004, 9.1).
BORDER, PIXELS = 4, 4


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """An address as a QR code, black on white with its quiet zone in dark mode too."""
    code = segno.make_qr(address, error="m")
    bars = []
    for y, row in enumerate(code.matrix_iter(border=BORDER)):
        x = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                bars.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    size = code.symbol_size(border=BORDER)[0]
    return format_html(
        '<svg class="qr-code" width="{0}" height="{0}" viewBox="0 0 {1} {1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{1}v{1}H0z"/><path fill="#000" d="{2}"/></svg>',
        size * PIXELS,
        size,
        "".join(bars),
    )
