"""The reference of the programme file, made from the declared fields: `python -m tools.programme_reference`.

Writes the tables of docs/reference/programme-file.md and docs/reference/programme-file.schema.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schedule.solver.files.programme_file.fields import ProgrammeFields
from schedule.solver.files.programme_file.vocabulary import FORMAT, VERSION
from schedule.solver.files.reading.record import Field, Fields
from schedule.solver.files.reading.sentences import SENTENCES
from schedule.solver.files.reading.values import Object

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
DOCS = FOLDER / "programme-file.md"
SCHEMA = FOLDER / "programme-file.schema.json"
_MADE = re.compile(r"(<!-- made from the declared fields -->\n).*(<!-- end -->\n)", re.S)
_HEADING = "| field | value | if left out | meaning | what is found about it |\n|---|---|---|---|---|\n"
# Where the words of a value say it all.
_PLAIN = {"missing", "not_text", "not_shown", "turns_direction", "empty", "too_long", "not_a_list", "not_an_object"}


def record_types() -> dict[str, type[Fields]]:
    """Title -> the kind of record, the file itself first, each behind the one that holds it."""
    found: dict[str, type[Fields]] = {}

    def add(title: str, fields: type[Fields]) -> None:
        if title not in found:
            found[title] = fields
            for field in fields.declared().values():
                if isinstance(field.value, Object):
                    add(field.value.title, field.value.fields)

    add("file", ProgrammeFields)
    return found


def page(text: str) -> str:
    """The page with its tables made anew."""
    return _MADE.sub(lambda match: f"{match[1]}\n{''.join(_tables())}{match[2]}", text)


def _tables() -> Iterator[str]:
    for title, fields in record_types().items():
        yield f"## {title}\n\n{_HEADING}"
        for name, field in fields.declared().items():
            left_out = "refused" if field.required else _default(field)
            codes = ", ".join(f"`{code}`" for code in dict.fromkeys(field.codes) if code not in _PLAIN)
            yield f"| `{name}` | {field.value.words} | {left_out} | {field.meaning} | {codes} |\n"
        yield "\n"
    yield "## What is found\n\n| code | says | how to mend it |\n|---|---|---|\n"
    for code in _codes():
        what, mend = (re.sub(r"%\((\w+)\)[sd]", r"*\1*", text) for text in SENTENCES[code])
        yield f"| `{code}` | {what} | {mend} |\n"
    yield "\n"


def _default(field: Field[Any]) -> str:
    if field.default in (None, "", (), {}):
        return "none"
    return f"`{json.dumps(field.default)}`"


def _codes() -> list[str]:
    """Every code that can be found about a programme file, in the order of the sentences."""
    fields = [field for kind in record_types().values() for field in kind.declared().values()]
    named = {code for field in fields for code in field.codes} | set(ProgrammeFields.rules) | {"unknown_field"}
    of_the_file = {"file_too_long", "other_encoding", "not_utf8", "not_json", "nested_too_deeply", "too_many_digits"}
    named |= of_the_file | {"name_twice", "not_a_json_number", "no_object_in_file"}
    return [code for code in SENTENCES if code in named]


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the file. It knows no rules between fields; the reader does."""
    found = ProgrammeFields.schema()
    found["properties"] |= {"format": {"const": FORMAT}, "format_version": {"const": VERSION}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Programme file of Plenary, version 1",
        "description": "What the values of fields may be; programme-file.md has the rules between them.",
        **found,
    }


def main() -> None:
    DOCS.write_text(page(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
