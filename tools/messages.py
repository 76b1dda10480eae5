"""The texts of the sources and their translations: `python -m tools.messages update|compile|check`. No GNU gettext.

update   collects the texts into locale/*/LC_MESSAGES/django.po: new ones come without a translation, gone ones go
compile  writes the .mo files, which are committed, so that running Plenary needs no compiler
check    fails on a text without a translation, a fuzzy or surplus one, placeholders that differ, or an old .mo file
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib  # type: ignore[import-untyped]  # it has no types, and its stubs would be needed only here
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
APPS = ("accounts", "config", "journal", "notifications", "registration", "schedule")
PLURALS = {"ko": "nplurals=1; plural=0;"}
# Position of the context, the text and the plural in the arguments of each function; None where it has none.
_ONE, _MANY, _IN_CONTEXT, _MANY_IN_CONTEXT = (None, 0, None), (None, 0, 1), (0, 1, None), (0, 1, 2)
_PLACES = {
    "_": _ONE, "gettext": _ONE, "gettext_lazy": _ONE, "gettext_noop": _ONE,
    "ngettext": _MANY, "ngettext_lazy": _MANY, "ngettext_noop": _MANY,
    "pgettext": _IN_CONTEXT, "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _MANY_IN_CONTEXT, "npgettext_lazy": _MANY_IN_CONTEXT,
}  # fmt: skip
_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(
    rf"\b(_|n?p?gettext)\(\s*({_STRING})(?:,\s*({_STRING}))?(?:,\s*({_STRING}))?\s*(?:,\s*count)?\s*\)", re.S
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]


@dataclass
class Text:
    """One text to translate, and the files it is in."""

    context: str | None
    text: str
    plural: str | None = None
    files: list[str] = field(default_factory=list)


def collect(base: Path = BASE_DIR) -> dict[Key, Text]:
    """Every text of the sources and templates, in the order of the files."""
    found: dict[Key, Text] = {}
    for path in sorted([*base.glob("templates/**/*.html"), *base.glob("templates/**/*.txt"), *_sources(base)]):
        name = path.relative_to(base).as_posix()
        calls = _python(path.read_text("utf-8")) if path.suffix == ".py" else _template(path.read_text("utf-8"), name)
        for function, arguments in calls:
            context, text, plural = (None if at is None else arguments[at] for at in _PLACES[function])
            if text is None:
                raise ValueError(f"{name}: {function}() without a text")
            entry = found.setdefault((context, text), Text(context, text))
            entry.plural = entry.plural or plural
            if name not in entry.files:
                entry.files.append(name)
    return found


def _sources(base: Path) -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (base / app).rglob("*.py") if "migrations" not in path.parts)


def _python(source: str) -> Iterator[tuple[str, list[str]]]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in _PLACES:
            continue
        values = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        needed = 1 + max(at for at in _PLACES[name] if at is not None)
        if len(values) >= needed:
            yield name, values


def _template(source: str, name: str) -> Iterator[tuple[str, list[str]]]:
    for match in _CALL.finditer(templatize(source, origin=name)):
        yield match[1], [str(ast.literal_eval(literal.removeprefix("u"))) for literal in match.groups()[1:] if literal]


def catalogue_path(language: str, base: Path = BASE_DIR) -> Path:
    return base / "locale" / language / "LC_MESSAGES" / "django.po"


def update(language: str, base: Path = BASE_DIR) -> polib.POFile:
    """The catalogue with exactly the texts of the sources; translations there are kept."""
    path = catalogue_path(language, base)
    known = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Project-Id-Version": "Plenary",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for key, text in collect(base).items():
        old = known.get(key)
        entry = polib.POEntry(
            msgctxt=text.context,
            msgid=text.text,
            msgid_plural=text.plural or "",
            occurrences=[(name, "") for name in text.files],
            flags=_flags(text),
        )
        if text.plural:
            forms = range(int(PLURALS[language].split(";")[0].split("=")[1]))
            entry.msgstr_plural = {
                form: (old.msgstr_plural.get(form, "") or old.msgstr) if old else "" for form in forms
            }
        elif old:
            entry.msgstr = old.msgstr or old.msgstr_plural.get(0, "")
        if old:
            entry.tcomment = old.tcomment
            entry.flags += ["fuzzy"] if old.fuzzy else []
        catalogue.append(entry)
    return catalogue


def _flags(text: Text) -> list[str]:
    if re.search(r"%\(\w+\)[sd]|%[sd]", text.text + (text.plural or "")):
        return ["python-format"]
    return ["python-brace-format"] if re.search(r"\{\w+\}", text.text) else []


def faults(language: str, base: Path = BASE_DIR) -> list[str]:
    """What is wrong with one catalogue, as sentences."""
    path = catalogue_path(language, base)
    if not path.exists():
        return [f"{path} is missing"]
    catalogue = polib.pofile(str(path))
    wanted = collect(base)
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    found = [f"missing: {text.text!r} of {', '.join(text.files)}" for key, text in wanted.items() if key not in entries]
    found += [f"in no source: {entry.msgid!r}" for key, entry in entries.items() if key not in wanted]
    for entry in entries.values():
        found += _entry_faults(entry)
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        found.append(f"{compiled.relative_to(base)} is not what {path.name} compiles to; run: make messages")
    return found


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid!r}"
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not translations or not all(translations):
        yield f"not translated: {entry.msgid!r}"
        return
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in translations:
        if (has := set(_PLACEHOLDER.findall(text))) != wanted:
            yield f"placeholders differ: {entry.msgid!r} has {sorted(wanted)}, its translation {sorted(has)}"


def main(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command not in ("update", "compile", "check"):
        print(__doc__, file=sys.stderr)
        return 2
    found: list[str] = []
    for language in PLURALS:
        path = catalogue_path(language)
        if command == "update":
            path.parent.mkdir(parents=True, exist_ok=True)
            update(language).save(str(path))
            found += [fault for fault in faults(language) if "run: make messages" not in fault]
        elif command == "compile":
            path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())
        else:
            found += faults(language)
    print("".join(f"{fault}\n" for fault in found), end="")
    return 1 if found and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
