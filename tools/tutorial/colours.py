"""Pictures of pages made small: as many colours as a palette holds, which is what flat pages consist of."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Pages are drawn in far fewer; what is more are the edges of letters.
MOST_COLOURS = 64
Pixels = npt.NDArray[np.uint8]


def small_png(pixels: Pixels) -> bytes:
    """A PNG (ISO/IEC 15948) of `pixels` (height, width, 3) in the colours that are used most.

    Every other colour becomes the nearest of them.
    """
    height, width, _ = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    colours, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_COLOURS])
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    nearest = np.empty(len(colours), dtype=np.uint8)
    for first in range(0, len(colours), 4096):  # all at once would be some hundred megabytes
        apart = parts[first : first + 4096, None] - parts[kept][None]
        nearest[first : first + 4096] = (apart * apart).sum(axis=2).argmin(axis=1)
    lines = nearest[inverse.reshape(-1)].reshape(height, width)
    raw = np.concatenate([np.zeros((height, 1), dtype=np.uint8), lines], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = parts[kept].astype(np.uint8).tobytes()
    chunks = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def pixels_of(png: bytes) -> Pixels:
    """The pixels of a PNG as chromium writes it: eight bits of red, green and blue, not interlaced; ValueError else."""
    data, width, height, depth, channels = b"", 0, 0, 0, 0
    place = len(_SIGNATURE)
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        body = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            channels = {2: 3, 6: 4}.get(colour, 0)
            if depth != 8 or not channels or interlaced:
                raise ValueError("a picture of another kind than chromium makes")
        elif kind == b"IDAT":
            data += body
        place += length + 12
    lines = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, 1 + width * channels)
    return _unfiltered(lines, width, height, channels)[:, :, :3]


def _unfiltered(lines: Pixels, width: int, height: int, channels: int) -> Pixels:
    """Undo the filter of each line (section 9 of the standard)."""
    found = np.zeros((height + 1, width + 1, channels), dtype=np.uint8)  # with an edge of nothing above and at the left
    for row in range(height):
        kind, line = int(lines[row, 0]), lines[row, 1:].reshape(width, channels)
        above, here = found[row], found[row + 1]
        if kind in (0, 2):
            here[1:] = line if kind == 0 else line + above[1:]
        elif kind == 1:
            here[1:] = np.cumsum(line, axis=0, dtype=np.uint8)
        else:
            _unfilter_by_pixel(kind, line.tolist(), above.tolist(), here)
    return found[1:, 1:]


def _unfilter_by_pixel(kind: int, line: list[list[int]], above: list[list[int]], here: Pixels) -> None:
    """The two filters (average and Paeth) in which a pixel depends on the one before it."""
    left = [0] * here.shape[1]
    for x, pixel in enumerate(line):
        up, corner = above[x + 1], above[x]
        guesses = [(a + b) // 2 if kind == 3 else _paeth(a, b, c) for a, b, c in zip(left, up, corner, strict=True)]
        left = [(value + guess) & 255 for value, guess in zip(pixel, guesses, strict=True)]
        here[x + 1] = left


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
