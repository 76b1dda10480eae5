"""Whom organizers may ask to appear in a session or to host it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Prefetch

from schedule.domain.programme.names import role_name
from schedule.models import Conference, Invitation, Person, Role, Session, SessionHost
from schedule.models.sessions import SessionQuerySet


class Asking(StrEnum):
    """How far the asking for one role or host has come."""

    UNNAMED = "unnamed"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not-asked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Asked:
    """One role, or one organisation that hosts, with the person who is or would be asked."""

    row: Role | SessionHost
    what: str
    person: Person | None
    invitation: Invitation | None

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{'role' if isinstance(self.row, Role) else 'host'}-{self.row.pk}"

    @property
    def appears(self) -> bool:
        """Whether somebody appears in the session, so that the public may be told of them."""
        return isinstance(self.row, Role) and self.person is not None

    @property
    def at(self) -> datetime | None:
        """When they answered, or else were invited."""
        return (self.invitation.answered_at or self.invitation.invited_at) if self.invitation else None

    @property
    def state(self) -> Asking:
        if self.invitation is not None:
            return Asking(self.invitation.answer) if self.invitation.answer else Asking.ASKED
        if self.person is None:
            return Asking.UNNAMED
        return Asking.NOT_ASKED if self.person.email else Asking.UNREACHABLE


def sessions_with_people(conference: Conference) -> SessionQuerySet:
    """Sessions that are no breaks, by their codes, with all that `asked_of` reads. Four queries, whatever their number.

    Slice before use.
    """
    sessions = Session.objects.for_conference(conference).filter(kind__is_break=False).order_by("code")
    return sessions.prefetch_related(
        Prefetch("roles", Role.objects.select_related("person")),
        Prefetch("host_links", SessionHost.objects.select_related("body__contact")),
        "invitations",
    )


def asked_of(session: Session) -> tuple[list[Asked], list[Asked]]:
    """The roles of a session and its hosts. Reads what `sessions_with_people` has loaded."""
    invitations = list(session.invitations.all())
    roles = [_asked(role, role_name(role.role), role.person, invitations) for role in session.roles.all()]
    links = session.host_links.all()
    return roles, [_asked(link, str(link.body.name), link.body.contact, invitations) for link in links]


def _asked(row: Role | SessionHost, what: str, person: Person | None, invitations: Sequence[Invitation]) -> Asked:
    """Whoever held the role before was asked in their own name."""
    is_role = isinstance(row, Role)
    found = (
        one
        for one in invitations
        if person is not None and one.person_id == person.pk and (one.role_id if is_role else one.host_id) == row.pk
    )
    return Asked(row, what, person, next(found, None))
