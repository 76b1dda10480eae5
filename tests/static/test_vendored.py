"""Every vendored file is the one VENDORED.md names, and nothing else lies beside it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
LIST = VENDOR / "VENDORED.md"
ROW = re.compile(
    r"^\| (?P<file>\S+) \| .+ \| (?P<version>[\d.]+) \| (?P<licence>\S+) \| (?P<digest>[0-9a-f]{64}) \|$", re.M
)


def test_vendored_files_have_the_listed_hashes() -> None:
    listed = {row["file"]: row["digest"] for row in ROW.finditer(LIST.read_text(encoding="utf-8"))}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path != LIST
    }
    assert found == listed


def test_vendored_typeface_stays_small() -> None:
    sizes = {path.name: path.stat().st_size <= 1_200_000 for path in VENDOR.rglob("*.woff2")}
    assert sizes == {"plenary-sans-1.3.9.woff2": True}
