"""Pictures in few colours, read back as the standard says."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tools.tutorial.colours import MOST_COLOURS, Pixels, small_png


def chunks_of(png: bytes) -> dict[bytes, bytes]:
    """The chunks by their kind, each with the right checksum."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, place = {}, 8
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        data = png[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", png, place + 8 + length) == (zlib.crc32(kind + data),)
        found[kind], place = data, place + length + 12
    return found


def read(png: bytes) -> Pixels:
    chunks = chunks_of(png)
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert kind == [8, 3, 0, 0, 0]
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    assert not lines[:, 0].any()
    palette = np.frombuffer(chunks[b"PLTE"], dtype=np.uint8).reshape(-1, 3)
    colours: Pixels = palette[lines[:, 1:]]
    return colours


def test_few_colours_stay_as_they_are() -> None:
    pixels = np.array([[[255, 0, 0], [0, 0, 255]], [[0, 0, 255], [1, 2, 3]]], dtype=np.uint8)
    assert read(small_png(pixels)).tolist() == pixels.tolist()


def test_the_rarest_of_too_many_colours_become_the_nearest_that_is_kept() -> None:
    kept = [[value, 0, 0] for value in range(0, 4 * MOST_COLOURS, 4) for _ in range(2)]
    pixels = np.array([[*kept, [9, 1, 0]]], dtype=np.uint8)
    assert read(small_png(pixels)).tolist() == [[*kept, [8, 0, 0]]]
