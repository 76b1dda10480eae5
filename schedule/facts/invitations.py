"""Inviting people to take part in sessions and organisations to host them, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Fact
from schedule.facts.things import HOST, ROLE, SESSION

PERSON = Concern.PERSON


@dataclass(frozen=True, kw_only=True)
class SpeakerInvited(Fact, verb="role.invited", subject=ROLE, concerns=PERSON, causes_mail=True):
    """The person of a role is asked. `role` is the role's code, `invitation` the uid of what they answer."""

    sentence = _("Invited to take part in “%(session)s”")
    role: str
    session: Annotated[int, SESSION]
    invitation: str


@dataclass(frozen=True, kw_only=True)
class SpeakerAccepted(Fact, verb="role.accepted", subject=ROLE, concerns=PERSON):
    """Whoever was invited will take part."""

    sentence = _("Invitation to take part in “%(session)s” accepted")
    session: Annotated[int, SESSION]


@dataclass(frozen=True, kw_only=True)
class SpeakerDeclined(Fact, verb="role.declined", subject=ROLE, concerns=PERSON):
    """Whoever was invited will not take part."""

    sentence = _("Invitation to take part in “%(session)s” declined")
    session: Annotated[int, SESSION]


@dataclass(frozen=True, kw_only=True)
class HostInvited(Fact, verb="host.invited", subject=HOST, concerns=PERSON, causes_mail=True):
    """The contact of an organisation is asked whether it hosts a session."""

    sentence = _("Invited to host “%(session)s”")
    session: Annotated[int, SESSION]
    invitation: str


@dataclass(frozen=True, kw_only=True)
class HostAccepted(Fact, verb="host.accepted", subject=HOST, concerns=PERSON):
    """The organisation hosts the session."""

    sentence = _("Invitation to host “%(session)s” accepted")
    session: Annotated[int, SESSION]


@dataclass(frozen=True, kw_only=True)
class HostDeclined(Fact, verb="host.declined", subject=HOST, concerns=PERSON):
    """The organisation does not host the session."""

    sentence = _("Invitation to host “%(session)s” declined")
    session: Annotated[int, SESSION]
