"""The programme in an archive of everything. The rest of it, which is about people, is not even unpacked."""

from __future__ import annotations

import io
import zipfile

# The name of the programme's file, in every archive of everything.
NAME = "programme.json"


def programme_in(content: bytes, most: int) -> bytes:
    """The programme of an archive of everything; any other file as it is, and one of more than `most` bytes too."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(NAME).file_size <= most:
                return archive.read(NAME)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError):
        return content
    return content
