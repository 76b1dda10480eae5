"""Who may do what in a team: the one permission matrix. Pages, mails and tests read it from here.

A right is an area and a level: to see it, or to change it (which includes seeing it). A role is a row of the matrix;
whoever fits none has rights chosen by hand. Which page belongs to which area stands in `organize.pages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.TextChoices):
    """What rights are about."""

    SETUP = "setup", _("Set-up")
    PROGRAMME = "programme", _("Programme")
    PROPOSALS = "proposals", _("Proposals")
    REGISTRATIONS = "registrations", _("Registrations")
    ANSWERS = "answers", _("Access needs and meals")
    DESK = "desk", _("Sign-ups and desk")
    MAILS = "mails", _("Mails")
    WEBHOOKS = "webhooks", _("Webhooks")
    TEAM = "team", _("Team")


class AccessLevel(models.IntegerChoices):
    """How far a right in one area goes."""

    NONE = 0, _("nothing")
    SEE = 1, _("see")
    CHANGE = 2, _("see and change")


class RoleName(models.TextChoices):
    """The rows of the matrix, and `custom` for rights that were chosen one by one."""

    OWNER = "owner", _("Owner")
    ORGANIZER = "organizer", _("Organizer")
    EDITOR = "editor", _("Programme editor")
    DESK = "desk", _("Desk")
    VIEWER = "viewer", _("Viewer")
    CUSTOM = "custom", _("Chosen by hand")


@dataclass(frozen=True)
class Rights:
    """What somebody may do in one team. `themes` are codes; None: of all themes.

    Themes narrow what may be changed of the programme, and whose names are seen among sign-ups. `is_owner` is for what
    no area gives: a whole conference, and other owners.
    """

    sees: frozenset[str]
    changes: frozenset[str]
    themes: frozenset[str] | None = None
    is_owner: bool = False

    def level(self, area: str) -> AccessLevel:
        if area in self.changes:
            return AccessLevel.CHANGE
        return AccessLevel.SEE if area in self.sees else AccessLevel.NONE

    def may_see(self, area: str) -> bool:
        return area in self.sees

    def may_change(self, area: str) -> bool:
        return area in self.changes

    def may_reach(self, theme: str | None) -> bool:
        """Whether a session of this theme is among theirs; one without a theme is for those who have all."""
        return self.themes is None or theme in self.themes

    def cover(self, other: Rights) -> bool:
        """Whether whoever has these may give or take the others: nobody gives what they do not have."""
        if (other.is_owner and not self.is_owner) or not (other.sees <= self.sees and other.changes <= self.changes):
            return False
        return self.themes is None or (other.themes is not None and other.themes <= self.themes)


ALL = frozenset(Area.values)
_PUBLIC_WORK = frozenset({Area.SETUP, Area.PROGRAMME, Area.PROPOSALS})
_LOOKED_AT = ALL - {Area.ANSWERS}

# The matrix: one row a role.
MATRIX: Mapping[str, Rights] = {
    RoleName.OWNER: Rights(sees=ALL, changes=ALL, is_owner=True),
    RoleName.ORGANIZER: Rights(sees=ALL, changes=ALL - {Area.TEAM}),
    RoleName.EDITOR: Rights(sees=_PUBLIC_WORK | {Area.DESK, Area.TEAM}, changes=_PUBLIC_WORK),
    RoleName.DESK: Rights(
        sees=frozenset({Area.PROGRAMME, Area.REGISTRATIONS, Area.ANSWERS, Area.DESK, Area.TEAM}),
        changes=frozenset({Area.DESK}),
    ),
    RoleName.VIEWER: Rights(sees=_LOOKED_AT, changes=frozenset()),
}


def rights_by(role: str, *, sees: Iterable[str], changes: Iterable[str], themes: Iterable[str] | None) -> Rights:
    """The rights of a role, with what was chosen by hand where it is `custom`. Owners always have all themes."""
    narrowed = None if themes is None else frozenset(themes)
    if role == RoleName.CUSTOM:
        return Rights(frozenset(sees) | frozenset(changes), frozenset(changes), narrowed)
    row = MATRIX[role]
    return row if row.is_owner else Rights(row.sees, row.changes, narrowed)


def roles_that_change(area: str) -> list[str]:
    """The roles whose row lets them change an area."""
    return [role for role, rights in MATRIX.items() if rights.may_change(area)]
