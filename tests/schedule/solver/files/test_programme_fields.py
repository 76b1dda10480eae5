"""The declared fields of the programme file: they hold every code that is found, and the reference is made of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schedule.models import Role
from schedule.models.sessions import SignupPolicy
from schedule.solver.files.programme_file.fields import ProgrammeFields
from schedule.solver.files.programme_file.vocabulary import MODES, SIGNUPS
from schedule.solver.files.reading.record import Field, Fields
from schedule.solver.files.reading.sentences import SENTENCES
from schedule.solver.files.reading.values import Object
from tests.conftest import SAMPLE
from tests.schedule.exchange.readers.probes import INPUTS, PROBES, SMALL, Found
from tools.programme_reference import DOCS, SCHEMA, page, record_types, schema

UNDECLARED = {"unknown_field"}  # of fields that nobody declares


def declared(place: str) -> tuple[type[Fields], Field | None]:
    """The kind of record and the field that a place such as "sessions[0] (O1).fixed, start" names."""
    record, _, name = place.rpartition(", ")
    found: type[Fields] = ProgrammeFields
    for step in [step for step in re.sub(r"\[\d+\]( \([^)]*\))?", "", record).split(".") if step]:
        value = found.declared()[step].value
        assert isinstance(value, Object)
        found = value.fields
    names = re.sub(r"\[\d+\]", "", name).split(".")
    for step in names[:-1]:
        value = found.declared()[step].value
        if not isinstance(value, Object):
            return found, found.declared()[step]
        found = value.fields
    return found, found.declared().get(names[-1])


def test_the_solver_s_words_are_those_of_the_rows() -> None:
    assert list(MODES) == Role.Mode.values
    assert list(SIGNUPS) == SignupPolicy.values


@pytest.mark.parametrize("found", sorted({one for probe in PROBES for one in (*probe.problems, *probe.warnings)}))
def test_what_is_found_about_a_field_is_declared_with_it(found: Found) -> None:
    place, code = found
    if code in UNDECLARED:
        return
    if place.partition(", ")[2] == "" and code == "not_an_object":
        place = re.sub(r"\[\d+\]\Z", "", place)
        place = ", ".join(place.rsplit(".", 1))
    _, field = declared(place)
    assert field is not None
    assert code in field.codes


def test_every_code_that_a_field_declares_has_a_sentence() -> None:
    codes = {code for one in record_types().values() for field in one.declared().values() for code in field.codes}
    assert codes <= SENTENCES.keys()


def test_every_field_is_said_in_the_reference() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for fields in record_types().values():
        for name, field in fields.declared().items():
            assert f"| `{name}` |" in text
            assert field.meaning in text
    assert page(text) == text, "run: python -m tools.programme_reference"


def test_the_schema_is_that_of_the_fields() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", [SAMPLE, *(INPUTS / f"{name}.json" for name in SMALL if name != "c3voc-minimal")])
def test_the_schema_takes_programmes(path: Path) -> None:
    Draft202012Validator(schema()).validate(json.loads(path.read_text(encoding="utf-8")))


def test_the_schema_takes_no_other_file() -> None:
    other = json.loads((INPUTS / "c3voc-minimal.json").read_text(encoding="utf-8"))
    assert not Draft202012Validator(schema()).is_valid(other)
