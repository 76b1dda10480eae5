"""The texts of the sources and their translations: `python -m tools.messages update|compile|check`.

update   collects the texts into locale/*/LC_MESSAGES/django.po with Django's makemessages, which needs GNU gettext:
         new ones come without a translation, gone ones go
compile  writes the .mo files, without GNU gettext. They are committed, so that running Plenary needs no compiler
check    fails on a text without a translation, a fuzzy or surplus one, placeholders that differ, a Korean
         particle that does not fit (tools/korean.py), or an old .mo file
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from tools.korean import nouns_of, particle_faults

BASE_DIR = Path(__file__).resolve().parent.parent
# Nobody reads translations of what is in these.
_WITHOUT_TEXTS = ("bench", "docs", "migrations", "requirements", "static", "tests", "tools")
_ENDINGS = (".html", ".py", ".txt")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_GETTEXT = re.compile(r"_|n?p?gettext(_lazy|_noop)?")


def catalogue_path(language: str, base: Path = BASE_DIR) -> Path:
    return base / "locale" / language / "LC_MESSAGES" / "django.po"


def languages(base: Path = BASE_DIR) -> list[str]:
    """The languages that there are catalogues for."""
    return sorted(path.name for path in (base / "locale").iterdir() if path.is_dir())


def collected(language: str, base: Path = BASE_DIR) -> polib.POFile:
    """The catalogue with exactly the texts of the sources; translations there are kept. Writes nothing into `base`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        # Django would leave its work beside the sources when something breaks off, and lint may run at the same time.
        for path in (*_sources(base), *base.glob(f"locale/{language}/LC_MESSAGES/*.po")):
            target = copy / path.relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        catalogue_path(language, copy).parent.mkdir(parents=True, exist_ok=True)
        _make_messages(language, copy)
        catalogue = polib.pofile(str(catalogue_path(language, copy)), wrapwidth=100)
    # It changes with every run, and nobody is told of bugs there.
    for name in ("POT-Creation-Date", "Report-Msgid-Bugs-To"):
        catalogue.metadata.pop(name, None)
    for entry in catalogue:
        if entry.previous_msgid:  # gettext's guess, from a text that looks like it
            entry.msgstr, entry.previous_msgid, entry.previous_msgctxt = "", None, None
            entry.previous_msgid_plural = None
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
            entry.flags.remove("fuzzy")
    return catalogue


def _sources(base: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(base):
        folders[:] = [one for one in folders if one not in _WITHOUT_TEXTS and not one.startswith(".")]
        yield from (Path(folder) / name for name in names if name.endswith(_ENDINGS))


def _make_messages(language: str, folder: Path) -> None:
    command = [sys.executable, "-m", "django", "makemessages", "--locale", language, "--no-obsolete"]
    command += ["--add-location", "file", *(f"--extension={ending[1:]}" for ending in _ENDINGS)]
    # With the settings it would write into the folders that they name.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The texts cannot be collected. {done.stderr.strip()}")


def faults(language: str, base: Path = BASE_DIR) -> list[str]:
    """What is wrong with one catalogue, as sentences."""
    path = catalogue_path(language, base)
    if not path.exists():
        return [f"{path} is missing"]
    catalogue = polib.pofile(str(path))
    wanted = {(entry.msgctxt, entry.msgid): entry for entry in collected(language, base)}
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    found = [
        f"missing: {entry.msgid!r} of {', '.join(name for name, _ in entry.occurrences)}"
        for key, entry in wanted.items()
        if key not in entries
    ]
    found += [f"in no source: {entry.msgid!r}" for key, entry in entries.items() if key not in wanted]
    for entry in entries.values():
        found += _entry_faults(entry)
    if language == "ko":
        texts = {id(entry): _translations(entry) for entry in entries.values()}
        nouns = nouns_of(text for of_entry in texts.values() for text in of_entry)
        found += [
            f"particle: {entry.msgid!r}: {fault}"
            for entry in entries.values()
            for text in texts[id(entry)]
            for fault in particle_faults(text, nouns)
        ]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        found.append(f"{compiled.relative_to(base)} is not what {path.name} compiles to; run: make messages")
    return found


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid!r}"
    translations = _translations(entry)
    if not translations or not all(translations):
        yield f"not translated: {entry.msgid!r}"
        return
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in translations:
        if (has := set(_PLACEHOLDER.findall(text))) != wanted:
            yield f"placeholders differ: {entry.msgid!r} has {sorted(wanted)}, its translation {sorted(has)}"


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def hidden(base: Path = BASE_DIR) -> list[str]:
    """Texts inside f-strings, where xgettext does not look."""
    return [
        f"{path.relative_to(base)}:{call.lineno}: a text inside an f-string is not collected"
        for path in _sources(base)
        if path.suffix == ".py"
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and _GETTEXT.fullmatch(getattr(call.func, "attr", getattr(call.func, "id", "")))
        and any(isinstance(argument, ast.Constant) for argument in call.args)
    ]


def wordings(base: Path = BASE_DIR) -> list[Path]:
    """Catalogues of what Django says, in our words: its texts are in no source of ours, so nothing is collected."""
    return sorted((base / "values" / "wordings").glob("*/LC_MESSAGES/django.po"))


def wording_faults(path: Path) -> list[str]:
    """What is wrong with one of them, as sentences."""
    catalogue = polib.pofile(str(path))
    found = [fault for entry in catalogue for fault in _entry_faults(entry)]
    found += [f"Django's own words: {entry.msgid!r}" for entry in catalogue if entry.msgstr == entry.msgid]
    if path.with_suffix(".mo").read_bytes() != catalogue.to_binary():
        found.append(f"{path.with_suffix('.mo')} is not what {path.name} compiles to; run: make messages")
    return found


def main(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command not in ("update", "compile", "check"):
        print(__doc__, file=sys.stderr)
        return 2
    found = hidden() if command == "check" else []
    for language in languages():
        path = catalogue_path(language)
        if command == "update":
            collected(language).save(str(path))
        elif command == "compile":
            path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())
        else:
            found += faults(language)
    for path in wordings():
        if command == "compile":
            path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())
        elif command == "check":
            found += wording_faults(path)
    print("".join(f"{fault}\n" for fault in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
