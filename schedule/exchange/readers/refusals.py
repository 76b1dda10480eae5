"""What an import says when it cannot take a file: every problem at once, each with a way to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from schedule.solver.files.reading.finding import Finding, Word
from schedule.solver.files.reading.sentences import SENTENCES


@dataclass(frozen=True)
class ImportProblem:
    """One thing wrong with one field of one record, in the reader's language.

    `record` is the place in the file, such as "sessions[4] (T1)"; it is empty for the file as a whole, as is `field`.
    `code` says the same in no language.
    """

    record: str
    field: str
    what: str
    mend: str
    code: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.record, self.field) if part)
        return f"{place}: {self.what} {self.mend}".removeprefix(": ").rstrip()


def in_words(finding: Finding) -> ImportProblem:
    """What the reader found, in the language that is active."""
    values = {name: gettext(value) if isinstance(value, Word) else value for name, value in finding.values.items()}
    what, mend = (gettext(text) % values for text in SENTENCES[finding.code])
    return ImportProblem(finding.record, finding.field, what, mend, finding.code)


class ImportRefused(ValueError):  # a word of the product: the file is at fault, not the program
    """Nothing was imported. `problems` holds all that was found; never empty."""

    def __init__(self, problems: Sequence[ImportProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        heading = ngettext(
            "Nothing was imported: the file has %(count)d problem.",
            "Nothing was imported: the file has %(count)d problems.",
            count,
        ) % {"count": count}
        super().__init__("\n".join([heading, *(f"- {problem}" for problem in self.problems)]))
