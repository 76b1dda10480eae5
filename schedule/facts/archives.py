"""What becomes of archives of everything: who took what is known of everybody away is to be found later."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Fact
from schedule.facts.things import CONFERENCE

TEAM = Concern.TEAM


@dataclass(frozen=True, kw_only=True)
class ArchiveAsked(Fact, verb="archive.asked", subject=CONFERENCE, concerns=TEAM):
    """An owner asked for an archive of everything; a worker makes it."""

    sentence = _("Archive of everything asked for")


@dataclass(frozen=True, kw_only=True)
class ArchiveMade(Fact, verb="archive.made", subject=CONFERENCE, concerns=TEAM):
    """An archive of everything is ready to be taken away."""

    sentence = _("Archive of everything made: %(rows)s rows")
    rows: int


@dataclass(frozen=True, kw_only=True)
class ArchiveTaken(Fact, verb="archive.taken", subject=CONFERENCE, concerns=TEAM):
    """An owner downloaded an archive of everything, with what people said of themselves."""

    sentence = _("Archive of everything downloaded: %(size)s bytes")
    size: int


@dataclass(frozen=True, kw_only=True)
class ArchiveDeleted(Fact, verb="archive.deleted", subject=CONFERENCE, concerns=TEAM):
    """An owner deleted an archive of everything before its time was over."""

    sentence = _("Archive of everything deleted")
