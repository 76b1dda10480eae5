"""What can happen to organizers' accounts and to their roles in teams. An account is named by its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import AccessLevel, Area, RoleName
from journal.facts import Concern, Fact, Names, Thing

TEAM_CONCERN = Concern.TEAM
ACCOUNT = Thing("account", "accounts.User", "email")
TEAM = Thing("team", "accounts.Team", "name")
MEMBER = Thing("member", "accounts.Membership")
ADDRESS_CHANGE = Thing("address_change", "accounts.AddressChange")
INVITATION = Thing("team_invitation", "accounts.TeamInvitation", "email")


@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(Fact, verb="password.asked", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """Somebody asked for a link that sets a new password, with an address that has an account."""

    sentence = _("Link for a new password asked for")


@dataclass(frozen=True, kw_only=True)
class PasswordResetRefused(Fact, verb="password.refused", concerns=TEAM_CONCERN):
    """A link for a new password was asked for with an address that has no account, or again; which one is not kept."""

    sentence = _("Link for a new password refused: nobody has the address, or one was just mailed")

    @classmethod
    def wakes(cls) -> bool:
        """As the other does: whoever asks must not see from the time it takes whether somebody has the address."""
        return True


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact, verb="password.changed", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """An account has another password."""

    sentence = _("Password of %(account)s changed")


@dataclass(frozen=True, kw_only=True)
class AddressChangeAsked(Fact, verb="address.asked", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """The account is to have another address; its present one is told."""

    sentence = _("Another address asked for %(account)s")


@dataclass(frozen=True, kw_only=True)
class AddressLinkAsked(
    Fact, verb="address.link_asked", subject=ADDRESS_CHANGE, concerns=TEAM_CONCERN, causes_mail=True
):
    """A link that proves the new address is to be mailed to it."""

    sentence = _("Proof of a new address asked for")


@dataclass(frozen=True, kw_only=True)
class AddressLinkRefused(Fact, verb="address.link_refused", concerns=TEAM_CONCERN):
    """The new address has an account already, or was asked for just now, so nothing is mailed to it."""

    sentence = _("Proof of a new address refused: it has an account, or was just mailed one")

    @classmethod
    def wakes(cls) -> bool:
        """As the other does: whoever asks must not see from the time it takes whether somebody has the address."""
        return True


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Fact, verb="address.changed", subject=ADDRESS_CHANGE, concerns=TEAM_CONCERN, causes_mail=True):
    """An account has another address; the one before is told."""

    sentence = _("Address of %(account)s changed")
    account: Annotated[int, ACCOUNT]


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(Fact, verb="second_factor.added", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """A second factor was set up; `factor` is a type of `allauth.mfa`."""

    sentence = _("Second factor of %(account)s set up: %(factor)s")
    factor: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(Fact, verb="second_factor.removed", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """A second factor was taken away; `factor` is a type of `allauth.mfa`."""

    sentence = _("Second factor of %(account)s removed: %(factor)s")
    factor: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesReplaced(Fact, verb="second_factor.codes", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """The recovery codes were replaced by others."""

    sentence = _("Recovery codes of %(account)s replaced")


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(Fact, verb="second_factor.code_used", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """Somebody signed in with a recovery code instead of their second factor."""

    sentence = _("Recovery code of %(account)s used")


@dataclass(frozen=True, kw_only=True)
class SignedInElsewhere(Fact, verb="account.signed_in", subject=ACCOUNT, concerns=TEAM_CONCERN, causes_mail=True):
    """Somebody signed in with a browser that the account had not been used with."""

    sentence = _("%(account)s signed in with another browser")


@dataclass(frozen=True, kw_only=True)
class RightChanged(Fact, verb="account.right_changed", subject=ACCOUNT, concerns=TEAM_CONCERN):
    """An administrator gave or took a right that holds everywhere: "is_active" or "is_superuser"."""

    sentence = _("Right of %(account)s changed: %(right)s, %(old)s → %(new)s")
    right: str
    old: bool
    new: bool


class _OfRole(Fact):
    """What all facts about roles share: roles are stored by their codes and told by their names, with what was chosen
    besides (`change:mails`, `see:desk`, `theme:water`).
    """

    def words(self, names: Names) -> dict[str, str]:
        told = {}
        for role, chosen in (("role", "rights"), ("new", "rights"), ("old", "was")):
            if hasattr(self, role):
                told[role] = in_words(getattr(self, role), getattr(self, chosen))
        return super().words(names) | told


def in_words(role: str, chosen: tuple[str, ...]) -> str:
    """A role and what was chosen besides, as people read it."""
    name = str(dict(RoleName.choices).get(role, "?"))
    parts = [_told(*one.partition(":")[::2]) for one in chosen]
    return f"{name} ({'; '.join(parts)})" if parts else name


def _told(kind: str, code: str) -> str:
    if kind == "theme":
        return gettext("theme %(code)s") % {"code": code}
    level = AccessLevel.CHANGE if kind == "change" else AccessLevel.SEE
    return f"{dict(Area.choices).get(code, '?')}: {level.label}"


@dataclass(frozen=True, kw_only=True)
class RoleGiven(_OfRole, verb="member.added", subject=ACCOUNT, concerns=TEAM_CONCERN):
    """Somebody has come into a team. Facts about a team stand in the history of each of its conferences."""

    sentence = _("%(account)s is in the team %(team)s now: %(role)s")
    team: Annotated[int, TEAM]
    role: str
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoleChanged(_OfRole, verb="member.role_changed", subject=ACCOUNT, concerns=TEAM_CONCERN):
    """A member of a team has another role, or other rights. `was` and `rights`: what was chosen besides the role."""

    sentence = _("Role of %(account)s in the team %(team)s: %(old)s → %(new)s")
    team: Annotated[int, TEAM]
    old: str
    new: str
    was: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoleTaken(_OfRole, verb="member.removed", subject=ACCOUNT, concerns=TEAM_CONCERN):
    """Somebody is in a team no more."""

    sentence = _("%(account)s is in the team %(team)s no more: %(role)s")
    team: Annotated[int, TEAM]
    role: str
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MemberInvited(_OfRole, verb="member.invited", subject=INVITATION, concerns=TEAM_CONCERN):
    """Somebody is invited into a team, with this role; `again` where they were already."""

    sentence = _("%(team_invitation)s is invited into the team %(team)s: %(role)s")
    team: Annotated[int, TEAM]
    role: str
    rights: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class InvitationLinkAsked(Fact, verb="member.link_asked", subject=INVITATION, concerns=TEAM_CONCERN, causes_mail=True):
    """A link that lets somebody into a team is to be mailed to them."""

    sentence = _("Link into the team asked for %(team_invitation)s")


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Fact, verb="member.uninvited", subject=INVITATION, concerns=TEAM_CONCERN):
    """The link works no more."""

    sentence = _("Invitation of %(team_invitation)s into the team %(team)s withdrawn")
    team: Annotated[int, TEAM]


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Fact, verb="member.invitation_accepted", subject=INVITATION, concerns=TEAM_CONCERN):
    """Whoever was invited has used the link, with this account."""

    sentence = _("%(account)s has accepted the invitation into the team %(team)s")
    team: Annotated[int, TEAM]
    account: Annotated[int, ACCOUNT]


@dataclass(frozen=True, kw_only=True)
class AccountMade(Fact, verb="account.made", subject=ACCOUNT, concerns=TEAM_CONCERN):
    """An account was made: by its owner with a link, or by an administrator. `first`: an installation's first."""

    sentence = _("Account of %(account)s made")
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class TeamFounded(Fact, verb="team.founded", subject=TEAM, concerns=TEAM_CONCERN):
    """There is a new team."""

    sentence = _("The team %(team)s was founded")


@dataclass(frozen=True, kw_only=True)
class SecondFactorRuleChanged(Fact, verb="team.second_factor", subject=TEAM, concerns=TEAM_CONCERN):
    """A team asks its members for a second factor, or does so no more."""

    sentence = _("The team %(team)s asks for a second factor: %(old)s → %(new)s")
    old: bool
    new: bool
