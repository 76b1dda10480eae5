"""What can be edited row by row: the fact that tells it, what is edited with it, and which fields people follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from journal.actors import Actor
from journal.facts import Fact
from schedule.domain.editing.lines import APART, DAYS, EARLIER, HOSTS, MEMBERS, PARTS, PREFERENCES, ROLES, Lines
from schedule.domain.programme import rooms, sessions
from schedule.facts.edits import (
    BodyEdited,
    ConferenceEdited,
    Edited,
    GroupEdited,
    KindEdited,
    PersonEdited,
    RoomEdited,
    SessionEdited,
    ThemeEdited,
)
from schedule.models import Body, Conference, Kind, Person, Room, Session, SessionGroup, Theme


@dataclass(frozen=True)
class FollowedField:
    """A field that people's places and calendars follow. `change` sets it in one row and lets them follow; `told` is
    the fact that tells it (the row, what was there, what is), for whoever changes many rows before they follow once.
    """

    change: Callable[[Any, Any, Actor], object]
    told: Callable[[Any, Any, Any], Fact]


@dataclass(frozen=True)
class Edit:
    """How rows of one model are edited.

    `followed`: fields that are told by facts of their own. `moves_signups`: further fields after whose change sign-ups
    follow.
    """

    fact: type[Edited]
    lines: tuple[Lines, ...] = ()
    followed: Mapping[str, FollowedField] = field(default_factory=dict)
    moves_signups: Collection[str] = ()


def _title(session: Session, title: Any, actor: Actor) -> object:
    return sessions.rename_session(session, title=title, actor=actor)


def _cap(session: Session, places: Any, actor: Actor) -> object:
    return sessions.change_cap(session, places=places, actor=actor)


def _held(session: Session, seats: Any, actor: Actor) -> object:
    return sessions.hold_seats(session, seats=seats, actor=actor)


def _online(session: Session, url: Any, actor: Actor) -> object:
    return sessions.change_online_address(session, url=url, actor=actor)


def _name(room: Room, name: Any, actor: Actor) -> object:
    return rooms.rename_room(room, name=name, actor=actor)


def _seats(room: Room, capacity: Any, actor: Actor) -> object:
    return rooms.resize_room(room, capacity=capacity, actor=actor)


def _venue(conference: Conference, venue: Any, actor: Actor) -> object:
    return rooms.change_venue(conference, venue=venue, actor=actor)


EDITS: Mapping[type[Any], Edit] = {
    Conference: Edit(
        ConferenceEdited,
        lines=(DAYS,),
        followed={"venue": FollowedField(_venue, rooms.venue_changed)},
        moves_signups=("overlap_rule", "signup_closes_minutes", "capacity", "ends_on"),
    ),
    Room: Edit(
        RoomEdited,
        lines=(PARTS,),
        followed={"name": FollowedField(_name, rooms.renamed), "capacity": FollowedField(_seats, rooms.resized)},
    ),
    Session: Edit(
        SessionEdited,
        lines=(HOSTS, ROLES, EARLIER, APART, PREFERENCES),
        followed={
            "title": FollowedField(_title, sessions.renamed),
            "capacity_cap": FollowedField(_cap, sessions.cap_changed),
            "held_seats": FollowedField(_held, sessions.seats_held),
            "online_url": FollowedField(_online, sessions.online_changed),
        },
        moves_signups=("signup", "kind", "signup_closes_minutes"),
    ),
    Kind: Edit(KindEdited, moves_signups=("is_break",)),
    Theme: Edit(ThemeEdited),
    Body: Edit(BodyEdited),
    Person: Edit(PersonEdited),
    SessionGroup: Edit(GroupEdited, lines=(MEMBERS,)),
}
