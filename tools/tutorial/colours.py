"""Pictures of pages made small: as many colours as a palette holds, which is what flat pages consist of."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Pages are drawn in far fewer; what is more are the edges of letters.
MOST_COLOURS = 64
_READ = """async (png) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const {data} = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const parts = [];
  for (let place = 0; place < data.length; place += 32768)
    parts.push(String.fromCharCode(...data.subarray(place, place + 32768)));
  return [bitmap.width, bitmap.height, btoa(parts.join(""))];
}"""
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


def pixels_of(png: bytes, page: Page) -> Pixels:
    """The pixels of a picture, which the browser of `page` reads; an empty page will do."""
    width, height, raw = page.evaluate(_READ, base64.b64encode(png).decode())
    return np.frombuffer(base64.b64decode(raw), dtype=np.uint8).reshape(height, width, 4)[:, :, :3]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
