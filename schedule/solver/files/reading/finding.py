"""What is found wrong with a file: a code and values at a place, in no language. `sentences` has the words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from schedule.solver.errors import FormatError

from .sentences import SENTENCES


class Word(str):
    """A value that is itself a word to translate, such as the name of a weekday."""

    __slots__ = ()


Value = str | int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one field of one record.

    `record` is the place in the file, such as "sessions[4] (T1)"; it is empty for the file as a whole, as is `field`.
    `code` is one of `SENTENCES`, whose placeholders are the names of `values`.
    """

    code: str
    record: str
    field: str
    values: Mapping[str, Value] = dataclasses.field(default_factory=dict)

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.record, self.field) if part)

    def __str__(self) -> str:
        """The finding in English, its code at the end."""
        what, mend = (text % self.values for text in SENTENCES[self.code])
        return f"{self.place}: {what} {mend} [{self.code}]".removeprefix(": ")


class FileRefused(FormatError):  # a word of the product: the file is at fault, not the program
    """The file cannot be used. `findings` holds all that was found wrong; never empty."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(first.record, first.field, str(first))
        if len(self.findings) == 1:
            self.args = (str(first),)
        else:
            lines = "\n".join(f"- {finding}" for finding in self.findings)
            self.args = (f"{len(self.findings)} problems\n{lines}",)


def refuse(code: str, record: str = "", field_: str = "", /, **values: Value) -> NoReturn:
    """Refuse a file for one thing after which there is nothing more to look at."""
    raise FileRefused([Finding(code, record, field_, values)])


@dataclass
class Findings:
    """What was found so far. Problems stop whoever reads, warnings do not.

    With `at_once` the first problem is raised where it is found, so that whoever reads goes on with right values only.
    """

    at_once: bool = False
    problems: list[Finding] = dataclasses.field(default_factory=list)
    warnings: list[Finding] = dataclasses.field(default_factory=list)

    def problem(self, finding: Finding) -> None:
        self.problems.append(finding)
        if self.at_once:
            raise FileRefused([finding])

    def warning(self, finding: Finding) -> None:
        self.warnings.append(finding)

    def refuse_problems(self) -> None:
        """Raises `FileRefused` with all problems, if there are any."""
        if self.problems:
            raise FileRefused(self.problems)
