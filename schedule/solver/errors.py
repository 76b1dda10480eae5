"""What the solver's readers raise."""

from __future__ import annotations


class FormatError(ValueError):
    """A file that cannot be read as a problem or timetable; names the record and the field at fault."""

    def __init__(self, record: str, field: str, message: str) -> None:
        self.record = record
        self.field = field
        self.message = message
        super().__init__(f"{record}: {field}: {message}" if field else f"{record}: {message}")
