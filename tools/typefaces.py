"""The vendored typefaces, made from what their makers publish: `python -m tools.typefaces pages|print FOLDER`.

`pages` writes the slices that browsers load and static/typeface.css, which says which slice has which characters;
`print` writes the faces that PDF files fall back to. FOLDER holds the unpacked packages named in
static/vendor/VENDORED.md. Needs fonttools and brotli, which nothing else does: install them beside the project's tools,
not among its requirements. Their rows in VENDORED.md are printed.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

BASE_DIR = Path(__file__).resolve().parent.parent
VENDOR = BASE_DIR / "static" / "vendor"
CATALOGUE = BASE_DIR / "locale" / "ko" / "LC_MESSAGES" / "django.po"
STYLE = BASE_DIR / "static" / "typeface.css"
PRETENDARD = "1.3.9"
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case", "frac", "zero", "ss05"]
# What Han characters are set with. Their regional forms ("locl") would double the file.
HAN_FEATURES = ["kern", "liga", "ccmp", "mark", "mkmk"]
# The weights that the style sheets use lie between these.
LIGHTEST, BOLDEST = 400, 700
OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1. https://openfontlicense.org"

# What every page of ours in English is written with, and what Western names need.
LATIN = (
    "20-7E A0-FF 131 152-153 2BB-2BC 2C6 2DA 2DC 2010-2015 2018-201E 2020-2022 2026 2030 2032-2033 2039-203A 2044 20AC "
    "2122 2190-2193 2212 2215"
)
# The other letters and signs of the face: Latin of other countries, Greek, Cyrillic, arrows, mathematics, circles.
LETTERS = (
    "100-17F 18F 192 1A0-1B0 1CD-1DC 1E6-1E7 1F8-1F9 218-21B 237 259 2BD-2DD 300-30C 323-331 370-3FF 400-45F 1E00-1EFF"
)
SIGNS = (
    "2016-2017 201F 2023-2025 2027 202F 2031 2034-2038 203B-203E 2042-2043 2070-208E 20A0-20BF 2100-2126 2150-2189 "
    "2194-2199 2200-222B 2248-2265 2460-2473 25A0-25CF 2605-2606 2713-2717 3131-318E 3200-321E 3260-327F FF01-FF5E FFE6"
)
# Brackets and marks that go with Korean.
KOREAN_SIGNS = "203B 2160-216B 2460-2469 25A0-25A1 25CB 25CF 2605 2606 3000-3020 FF5E"
# The one Korean word on pages in every language: how Korean calls itself.
OWN_NAME = "한국어"
# Syllables that nearly every Korean page has, beside those of our own texts; the rest follows in slices.
COMMON, SLICES = 800, 16

# Scripts of the Noto project with their versions; "noto-sans" itself is published in parts.
SCRIPTS = {
    "arabic": "2.012",
    "armenian": "2.008",
    "bengali": "3.011",
    "devanagari": "2.006",
    "ethiopic": "2.102",
    "georgian": "2.005",
    "gujarati": "2.106",
    "gurmukhi": "2.004",
    "hebrew": "3.001",
    "kannada": "2.006",
    "khmer": "2.004",
    "lao": "2.003",
    "malayalam": "2.104",
    "myanmar": "2.107",
    "oriya": "2.007",
    "sinhala": "2.006",
    "tamil": "2.004",
    "telugu": "2.005",
    "thai": "2.002",
}
PARTS = {"latin": "Latin", "latin-ext": "Latin Extended", "greek-ext": "Greek Extended", "cyrillic-ext": "Cyrillic"}
NOTO_SANS = "2.015"
EMOJI, CJK = "3.006", "2.004"
# What goes with Han characters: signs, kana, and every syllable of Hangul, most of which our own typeface leaves out.
CJK_SIGNS = "3000-30FF 3100-312F 31F0-31FF 32D0-33FF AC00-D7A3 FF00-FFE6"


def ranges(text: str) -> set[int]:
    """Code points of hexadecimal numbers and ranges: "20-7E A0"."""
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def in_css(points: Iterable[int]) -> str:
    """Code points as CSS Fonts 4 (4.5) writes a unicode-range."""
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ",".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def syllables(folder: Path) -> list[int]:
    """The 2,350 syllables of KS X 1001, the commonest first: the order in which the maker of the face slices it."""
    style = (folder / "web/variable/pretendardvariable-dynamic-subset.css").read_text(encoding="utf-8")
    listed = re.findall(r"/\* \[(\d+)\] \*/.*?unicode-range:([^;]+);", style, re.S)
    in_order = [part for _number, part in sorted(listed, key=lambda one: -int(one[0]))]
    standard = set(codes("euc_kr", range(0xB0, 0xC9)))
    found = [one for part in in_order for one in ranges(re.sub(r"U\+|,", " ", part)) if one in standard]
    return list(dict.fromkeys(found))


def codes(encoding: str, leads: Iterable[int] = range(0x81, 0xFF)) -> set[int]:
    """What a double-byte character set can write."""
    found = set()
    for lead in leads:
        for trail in range(0x40, 0xFF):
            text = bytes([lead, trail]).decode(encoding, "replace")
            if len(text) == 1 and text != "\ufffd":
                found.add(ord(text))
    return found


def han() -> set[int]:
    """The characters of the Japanese, Chinese (both) and Korean standards: what names in these countries are of."""
    points = codes("euc_jisx0213") | codes("gb2312") | codes("big5") | codes("euc_kr") | {0x5586, 0x5803, 0x9AD9}
    return {one for one in points if 0x3400 <= one <= 0x9FFF or 0xF900 <= one <= 0xFAFF}


def cut(
    font: TTFont, points: set[int] | None, target: Path, *, flavor: str | None = None, features: list[str]
) -> set[int]:
    """Write `font` with these characters only (None: all it has). Returns those it really has."""
    options = Options(flavor=flavor, hinting=False, layout_features=features, name_IDs=["*"])
    subsetter = Subsetter(options)
    held = set(font.getBestCmap())
    wanted = held if points is None else held & points
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.flavor = flavor
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target, reorderTables=False)
    return wanted


def renamed(font: TTFont, family: str, *, old: str = "") -> TTFont:
    """The same face under another name: a licence reserves the first, or two files must be told apart."""
    for record in font["name"].names:
        text = record.toUnicode()
        if old and record.nameID <= 25:
            short = family.replace(" ", "") if record.nameID == 6 else family
            font["name"].setName(
                text.replace(old, short), record.nameID, record.platformID, record.platEncID, record.langID
            )
        elif not old and record.nameID in (1, 4):
            font["name"].setName(family, record.nameID, record.platformID, record.platEncID, record.langID)
    # 13 and 14 are the licence's; 16 and 17 would be a family's and a style's other names.
    for number in (13, 14, *(() if old else (16, 17))):
        font["name"].removeNames(nameID=number)
    font["name"].setName(OFL, 13, 3, 1, 0x409)
    return font


def pages(folder: Path) -> None:
    """The slices of the typeface of pages, and their style sheet. `folder` is the package's `dist`."""
    whole = TTFont(folder / "public/variable/PretendardVariable.ttf")
    source = renamed(
        instantiateVariableFont(whole, {"wght": (LIGHTEST, BOLDEST)}), "Plenary Sans", old="Pretendard Variable"
    )
    renamed(source, "Plenary Sans", old="Pretendard")
    kept = folder / "plenary-sans.ttf"
    source.save(kept)
    order = syllables(folder)
    ours = {ord(one) for one in CATALOGUE.read_text(encoding="utf-8")} & set(order)
    own = {ord(one) for one in OWN_NAME}
    common = (ours | set(order[:COMMON])) - own
    rest = [one for one in order if one not in common | own]
    size = -(-len(rest) // SLICES)
    slices = {
        "latin": ranges(LATIN),
        "letters": ranges(LETTERS) - ranges(LATIN),
        "signs": ranges(SIGNS) - ranges(LATIN) - ranges(KOREAN_SIGNS),
        "korean-name": own,
        "korean": common | ranges(KOREAN_SIGNS),
        **{f"korean-{n + 1}": set(rest[n * size : (n + 1) * size]) for n in range(SLICES)},
    }
    rules = []
    for name, points in slices.items():
        file = VENDOR / "plenary-sans" / f"plenary-sans-{name}-{PRETENDARD}.woff2"
        held = cut(TTFont(kept), points, file, flavor="woff2", features=FEATURES)
        row(file, f"slice of Pretendard Variable (npm package `pretendard`): {len(held)} characters", PRETENDARD)
        rules.append(
            "@font-face {\n"
            '  font-family: "Plenary Sans";\n'
            f'  src: url("vendor/plenary-sans/{file.name}") format("woff2");\n'
            f"  font-weight: {LIGHTEST} {BOLDEST};\n"
            "  font-style: normal;\n"
            "  font-display: swap;\n"
            f"  unicode-range: {in_css(held)};\n"
            "}\n"
        )
    said = "/* Made by `python -m tools.typefaces pages`: readers load the slices that their page is written in. */\n"
    STYLE.write_text(said + "\n".join(rules), encoding="utf-8")


def printed(folder: Path) -> None:
    """The faces that PDF files fall back to. `folder` holds the packages side by side, and NotoSansCJK-Regular.ttc."""
    for script, version in SCRIPTS.items():
        package = f"noto-sans-{script}"
        source = TTFont(folder / f"fontsource-{package}-5.3.0" / "files" / f"{package}-{script}-400-normal.woff2")
        renamed(source, f"Noto Sans {script.title()}")
        _fallback(source, package, version, f"@fontsource/{package} 5.3.0")
    for part, name in PARTS.items():
        source = TTFont(folder / "fontsource-noto-sans-5.3.0" / "files" / f"noto-sans-{part}-400-normal.woff2")
        renamed(source, f"Noto Sans {name}")
        _fallback(source, f"noto-sans-{part}", NOTO_SANS, "@fontsource/noto-sans 5.3.0")
    emoji = folder / "expo-google-fonts-noto-emoji-0.4.7" / "400Regular" / "NotoEmoji_400Regular.ttf"
    _fallback(TTFont(emoji), "noto-emoji", EMOJI, "@expo-google-fonts/noto-emoji 0.4.7")
    cjk = TTFont(folder / "NotoSansCJK-Regular.ttc", fontNumber=0)
    _fallback(cjk, "noto-sans-cjk", CJK, "Debian's package fonts-noto-cjk", han() | ranges(CJK_SIGNS))


def _fallback(source: TTFont, name: str, version: str, package: str, points: set[int] | None = None) -> None:
    said = source["name"].getDebugName(5) or ""
    if version not in said:
        raise SystemExit(f"{name} is of {said}, not {version}.")
    file = VENDOR / "noto" / f"{name}-{version}.{'otf' if 'CFF ' in source else 'ttf'}"
    held = cut(source, points, file, features=HAN_FEATURES if points else ["*"])
    row(file, f"{source['name'].getDebugName(1)} of {package}, for PDF files: {len(held)} characters", version)


def row(file: Path, what: str, version: str) -> None:
    """The file's row of VENDORED.md."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    print(f"| {file.relative_to(VENDOR).as_posix()} | {what} | {version} | OFL-1.1 | {digest} |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.typefaces", description=__doc__)
    parser.add_argument("what", choices=["pages", "print"])
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    {"pages": pages, "print": printed}[given.what](given.folder)


if __name__ == "__main__":
    main()
