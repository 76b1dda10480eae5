"""What mails about organizers' accounts say, and whether it is still true. Secrets are made as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.domain.addresses import VALID_FOR
from accounts.domain.invitations import VALID_FOR as INVITATION_VALID_FOR
from accounts.facts import (
    AddressChangeAsked,
    AddressChanged,
    PasswordChanged,
    RecoveryCodesReplaced,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
    SignedInElsewhere,
)
from notifications import addresses
from notifications.mails.render_input import RenderInput
from notifications.rules.account_mails import INVITED, NOTICE, PROOF, RESET
from notifications.wordings.texts import moment, one_line
from values.instants import after

SUBJECTS = {
    RESET: gettext_noop("Set a new password"),
    PROOF: gettext_noop("Confirm your new e-mail address"),
    NOTICE: gettext_noop("Your organizer's account was changed"),
    INVITED: gettext_noop("You are invited into a team of organizers"),
}
# What each entry is told as; a notice names nothing that would be worth stealing.
SAID: Mapping[str, Promise] = {
    PasswordChanged.verb: gettext_lazy("Your password was changed."),
    AddressChangeAsked.verb: gettext_lazy(
        "Another e-mail address was asked for. It is changed once a link that was mailed to the new address is used."
    ),
    AddressChanged.verb: gettext_lazy("Your e-mail address was changed. This address belongs to the account no more."),
    SecondFactorAdded.verb: gettext_lazy("A second factor was set up."),
    SecondFactorRemoved.verb: gettext_lazy("A second factor was removed."),
    RecoveryCodesReplaced.verb: gettext_lazy("Your recovery codes were replaced by new ones."),
    RecoveryCodeUsed.verb: gettext_lazy("One of your recovery codes was used to sign in."),
    SignedInElsewhere.verb: gettext_lazy("Somebody signed in with a browser that had not been used before."),
}


def account_context(to: RenderInput) -> dict[str, Any]:
    """What the words of such a mail are filled with."""
    message, user = to.message, to.message.user
    if (invitation := message.team_invitation) is not None:
        return {
            "link": addresses.team_invitation(invitation),
            "team": one_line(invitation.team.name),
            "inviter": one_line(str(invitation.invited_by or "")),
            "role": invitation.get_role_display(),
            "days": INVITATION_VALID_FOR.days,
        }
    if user is None:
        raise ValueError(f"message {message.pk} is about nobody's account")
    if message.kind == RESET:
        return {"link": addresses.password_reset(user), **_lasting(settings.PASSWORD_RESET_TIMEOUT)}
    if message.kind == PROOF and to.change is not None:
        return {"link": addresses.address_proof(to.change), **_lasting(VALID_FOR.total_seconds())}
    return {
        "said": SAID[message.data["verb"]],
        "when": moment(message.created_at, ZoneInfo("UTC"), to.language),
        "reset_page": addresses.password_page(),
    }


def is_past_account_mail(to: RenderInput, now: datetime) -> bool:
    """Whether its link would open nothing. What has happened to an account is told however late."""
    message = to.message
    if message.kind == RESET:
        over = after(message.created_at, seconds=settings.PASSWORD_RESET_TIMEOUT) <= now
        return over or message.user is None or not message.user.is_active
    if (invitation := message.team_invitation) is not None:
        return not invitation.is_open(now) or invitation.uid.hex != message.data["uid"]
    return message.kind == PROOF and (to.change is None or not to.change.is_open(now))


def _lasting(seconds: float) -> dict[str, int]:
    minutes = round(seconds / 60)
    return {"minutes": minutes, "hours": minutes // 60}
