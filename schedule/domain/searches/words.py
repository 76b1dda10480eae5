"""What a search has found, in the language of the reader and with the names that sessions, rooms and people have now.

Searches keep messages of codes and values (`schedule.solver.sentences`). Who is gone by now is called by their code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils import translation

from schedule.models import Body, Person, Room, Session
from schedule.solver.sentences.message import from_json
from schedule.solver.sentences.words import SolverWords


class SearchWords:
    """The words of one conference, in the language that is active when they are asked for."""

    def __init__(self, conference_id: int) -> None:
        self._words = SolverWords(_Names(conference_id), translation)

    def say(self, messages: Iterable[Mapping[str, Any]]) -> str:
        """Kept messages as sentences. At most one query for each kind of thing they name, however many are said."""
        return self._words.say(*(from_json(one) for one in messages))

    def effect(self, value: Any) -> str:
        """What a change makes of the terms; empty where that is not known."""
        return "" if value is None else self._words.value(value)


class _Names:
    """Names by code, read where the first message asks for them."""

    def __init__(self, conference_id: int) -> None:
        self._conference_id = conference_id

    @cached_property
    def sessions(self) -> Mapping[str, str]:
        return {code: str(title) for code, title in self._rows(Session, "title")}

    @cached_property
    def rooms(self) -> Mapping[str, str]:
        return {code: str(name) for code, name in self._rows(Room, "name")}

    @cached_property
    def people(self) -> Mapping[str, str]:
        return {code: str(name) for code, name in self._rows(Person, "name")}

    @cached_property
    def bodies(self) -> Mapping[str, str]:
        return {code: str(name) for code, name in self._rows(Body, "name")}

    def _rows(self, model: type[Session | Room | Person | Body], name: str) -> Iterable[tuple[str, Any]]:
        return model._default_manager.filter(conference=self._conference_id).values_list("code", name)
