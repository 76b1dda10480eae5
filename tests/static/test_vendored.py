"""Every vendored file is the one VENDORED.md names, and nothing else lies beside it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
LIST = VENDOR / "VENDORED.md"
SLICES = sorted(VENDOR.rglob("*.woff2"))
STYLE = (VENDOR.parent / "typeface.css").read_text(encoding="utf-8")
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


def test_slices_of_the_typeface_stay_small() -> None:
    """What every page loads; what a Korean page loads besides; and the others, of which a page needs a few."""
    kilobytes = {path.name.removesuffix("-1.3.9.woff2"): path.stat().st_size / 1000 for path in SLICES}
    assert kilobytes.pop("plenary-sans-latin") <= 27
    assert kilobytes.pop("plenary-sans-korean") <= 112
    assert kilobytes.pop("plenary-sans-korean-name") <= 2
    assert {name: size for name, size in kilobytes.items() if size > 46} == {}


def test_each_character_is_in_one_slice() -> None:
    """Two would both be loaded. Every slice has its rule, and English has none of the Korean."""
    rules = re.findall(r'url\("vendor/plenary-sans/(\S+?)"\).*?unicode-range: ([^;]+);', STYLE, re.S)
    assert sorted(name for name, _ranges in rules) == sorted(path.name for path in SLICES)
    points = [point for _name, ranges in rules for part in ranges.split(",") for point in _points(part)]
    assert len(points) == len(set(points))
    latin = {point for part in dict(rules)["plenary-sans-latin-1.3.9.woff2"].split(",") for point in _points(part)}
    assert set(range(0x20, 0x7F)) <= latin
    assert max(latin) < 0x3000


def _points(part: str) -> range:
    first, _, last = part.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
