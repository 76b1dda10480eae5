"""Calendar colours: RFC 7986 knows CSS names only, Apple's property knows numbers only."""

from __future__ import annotations

import re

from .entries import CalendarError

# The CSS names that calendar clients draw distinguishably.
_PALETTE = {
    "black": 0x000000, "darkslategray": 0x2F4F4F, "midnightblue": 0x191970,
    "gray": 0x808080, "silver": 0xC0C0C0, "white": 0xFFFFFF,
    "maroon": 0x800000, "firebrick": 0xB22222, "crimson": 0xDC143C, "red": 0xFF0000, "tomato": 0xFF6347,
    "coral": 0xFF7F50, "darkorange": 0xFF8C00, "orange": 0xFFA500, "gold": 0xFFD700, "yellow": 0xFFFF00,
    "saddlebrown": 0x8B4513, "peru": 0xCD853F, "olive": 0x808000, "yellowgreen": 0x9ACD32,
    "green": 0x008000, "seagreen": 0x2E8B57, "limegreen": 0x32CD32, "lime": 0x00FF00,
    "teal": 0x008080, "turquoise": 0x40E0D0, "aqua": 0x00FFFF, "skyblue": 0x87CEEB,
    "steelblue": 0x4682B4, "dodgerblue": 0x1E90FF, "royalblue": 0x4169E1, "blue": 0x0000FF, "navy": 0x000080,
    "slateblue": 0x6A5ACD, "indigo": 0x4B0082, "rebeccapurple": 0x663399, "purple": 0x800080,
    "orchid": 0xDA70D6, "violet": 0xEE82EE, "fuchsia": 0xFF00FF, "hotpink": 0xFF69B4, "pink": 0xFFC0CB,
}  # fmt: skip
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def _distance(one: int, other: int) -> int:
    return sum(((one >> shift & 0xFF) - (other >> shift & 0xFF)) ** 2 for shift in (16, 8, 0))


def color_names(color: str | None) -> dict[str, str]:
    """Return the properties for a palette name or `#rrggbb`; for a number, COLOR is the nearest name.

    Raises CalendarError for anything else.
    """
    if not color:
        return {}
    if _HEX.fullmatch(color):
        number = int(color[1:], 16)
        name = min(_PALETTE, key=lambda known: _distance(_PALETTE[known], number))
    elif color in _PALETTE:
        number, name = _PALETTE[color], color
    else:
        raise CalendarError(f"color: {color!r} is neither #rrggbb nor a known colour name")
    return {"COLOR": name, "X-APPLE-CALENDAR-COLOR": f"#{number:06X}"}
