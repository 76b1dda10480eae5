"""Who did something: a value with one stored spelling, which nothing else writes or takes apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What somebody acts as."""

    ORGANIZER = "organizer"
    PARTICIPANT = "participant"
    PERSON = "person"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or Plenary itself, which has no key.

    `key` is the key of an organizer's account, the uid of a participant's registration, or the key of a person of the
    programme; never a name.
    """

    kind: ActorKind
    key: str = ""

    def __post_init__(self) -> None:
        if (self.kind is ActorKind.SYSTEM) != (not self.key) or ":" in self.key:
            raise ValueError(f"{self.kind} cannot have the key {self.key!r}")

    @classmethod
    def organizer(cls, key: int) -> Actor:
        """A member of a team, by the key of the account."""
        return cls(ActorKind.ORGANIZER, str(key))

    @classmethod
    def participant(cls, uid: UUID | str) -> Actor:
        """Somebody acting on their own registration, by its uid."""
        return cls(ActorKind.PARTICIPANT, str(uid))

    @classmethod
    def person(cls, key: int) -> Actor:
        """A speaker or the contact of a host, by the key of the person."""
        return cls(ActorKind.PERSON, str(key))

    @classmethod
    def parse(cls, spelling: str) -> Actor:
        """The actor that is stored as `spelling`. Raises `ValueError` for what no actor is stored as."""
        kind, _, key = spelling.partition(":")
        actor = cls(ActorKind(kind), key)
        if str(actor) != spelling:
            raise ValueError(f"nobody is stored as {spelling!r}")
        return actor

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else str(self.kind)


SYSTEM = Actor(ActorKind.SYSTEM)
