"""Which characters a font file can draw: its table "cmap" (OpenType 1.9, formats 4 and 12), and nothing else of it.

typst says that a character cannot be drawn only by refusing the whole file, so it is asked of the fonts before.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Coverage:
    """Code points in ranges, both ends belonging to them: a face may have tens of thousands."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    @classmethod
    def of(cls, points: Iterable[int]) -> Coverage:
        inside = sorted(set(points))
        gaps = [number for number, (one, other) in enumerate(pairwise(inside), 1) if other != one + 1]
        starts, ends = ([0, *gaps], [*gaps, len(inside)]) if inside else ([], [])
        return cls(tuple(inside[start] for start in starts), tuple(inside[end - 1] for end in ends))

    def __contains__(self, point: int) -> bool:
        place = bisect_right(self.firsts, point) - 1
        return place >= 0 and point <= self.lasts[place]

    def __iter__(self) -> Iterator[int]:
        for first, last in zip(self.firsts, self.lasts, strict=True):
            yield from range(first, last + 1)


def coverage_of(path: Path, index: int = 0) -> Coverage:
    """What the face `index` of a font file or collection draws. Raises OSError or struct.error where it is no font."""
    with path.open("rb") as file:
        head = file.read(12)
        start = 0
        if head[:4] == b"ttcf":
            file.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start + 4)
        (tables,) = struct.unpack(">H6x", file.read(8))
        for _number in range(tables):
            tag, offset, length = struct.unpack(">4s4xII", file.read(16))
            if tag == b"cmap":
                file.seek(offset)
                return Coverage.of(_points(file.read(length)))
    return Coverage((), ())


def _points(table: bytes) -> Iterator[int]:
    """What all Unicode subtables map to a glyph. Those of symbol fonts (platform 3, encoding 0) mean something else."""
    (count,) = struct.unpack_from(">2xH", table)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            (form,) = struct.unpack_from(">H", table, offset)
            if form in _FORMATS:
                yield from _FORMATS[form](table, offset)


def _segments(table: bytes, start: int) -> Iterator[int]:
    """Format 4: segments of the basic plane."""
    (doubled,) = struct.unpack_from(">H", table, start + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", table, start + 14)
    firsts = struct.unpack_from(f">{count}H", table, start + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", table, start + 16 + 2 * doubled)
    ranges_at = start + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", table, ranges_at)
    for number, (first, end, delta, offset) in enumerate(zip(firsts, ends, deltas, offsets, strict=True)):
        for point in range(first, min(end, 0xFFFE) + 1):
            glyph = point
            if offset:
                (glyph,) = struct.unpack_from(">H", table, ranges_at + 2 * number + offset + 2 * (point - first))
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield point


def _groups(table: bytes, start: int) -> Iterator[int]:
    """Format 12: groups of all planes."""
    (count,) = struct.unpack_from(">I", table, start + 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", table, start + 16 + 12 * number)
        yield from range(first if glyph else first + 1, last + 1)


_FORMATS = {4: _segments, 12: _groups}
