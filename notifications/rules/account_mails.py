"""Mails to organizers about their own accounts, and to those who are to have one: which entry makes which, and whose.

They belong to no conference, wait for nothing, and organizers do not word them: a rule of its own for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.facts import (
    ACCOUNT,
    ADDRESS_CHANGE,
    INVITATION,
    AddressChangeAsked,
    AddressChanged,
    AddressLinkAsked,
    InvitationLinkAsked,
    PasswordChanged,
    PasswordResetAsked,
    RecoveryCodesReplaced,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
    SignedInElsewhere,
)
from accounts.models import AddressChange, TeamInvitation, User
from journal.facts import Fact
from journal.models import Entry
from notifications.models import Message

RESET, PROOF, NOTICE, INVITED = "password_reset", "address_proof", "account_notice", "team_invitation"
KINDS = (RESET, PROOF, NOTICE, INVITED)


@dataclass(frozen=True)
class AccountRule:
    """One row: the entry, the mail, and what it says."""

    fact: type[Fact]
    kind: str
    says: str


RULES = (
    AccountRule(PasswordResetAsked, RESET, "a link that sets a new password"),
    AccountRule(AddressLinkAsked, PROOF, "a link that proves the new address, to the new address"),
    AccountRule(InvitationLinkAsked, INVITED, "a link into a team, to whoever is invited"),
    AccountRule(AddressChangeAsked, NOTICE, "another address was asked for"),
    AccountRule(AddressChanged, NOTICE, "the address was changed, to the former address"),
    AccountRule(PasswordChanged, NOTICE, "the password was changed"),
    AccountRule(SecondFactorAdded, NOTICE, "a second factor was set up"),
    AccountRule(SecondFactorRemoved, NOTICE, "a second factor was removed"),
    AccountRule(RecoveryCodesReplaced, NOTICE, "the recovery codes were replaced"),
    AccountRule(RecoveryCodeUsed, NOTICE, "a recovery code was used"),
    AccountRule(SignedInElsewhere, NOTICE, "somebody signed in with another browser"),
)
_KIND_OF = {rule.fact.verb: rule for rule in RULES}


def messages_about_accounts(entries: Sequence[Entry]) -> list[Message]:
    """The messages that these entries call for, in their order, not saved. At most three queries.

    What concerns a change of address carries where it goes: the proof to the new address, the notice to the former.
    An invitation is to somebody who may have no account; which of its links it brings is named.
    """
    wanted = [entry for entry in entries if entry.verb in _KIND_OF]
    accounts = _keys(wanted, ACCOUNT)
    users = set(User.objects.filter(pk__in=accounts).values_list("pk", flat=True)) if accounts else set()
    asked = _keys(wanted, ADDRESS_CHANGE)
    changes = AddressChange.objects.in_bulk(asked) if asked else {}
    invited = _keys(wanted, INVITATION)
    invitations = TeamInvitation.objects.in_bulk(invited) if invited else {}
    made = []
    for entry in wanted:
        rule, key = _KIND_OF[entry.verb], entry.subject_id or 0
        message = Message(
            kind=rule.kind,
            dedup_key=f"journal:{entry.pk}",
            queue=Message.Queue.URGENT,
            journal_entry_id=entry.pk,
            due_at=entry.at,
            data={"verb": entry.verb},
        )
        if rule.fact.subject is ACCOUNT and key in users:
            message.user_id = key
        elif rule.fact.subject is ADDRESS_CHANGE and key in changes:
            change = changes[key]
            message.user_id = change.user_id
            message.data |= {"change": key, "to": change.address if rule.kind == PROOF else change.former}
        elif rule.fact.subject is INVITATION and key in invitations:
            message.team_invitation_id = key
            message.data |= {"uid": invitations[key].uid.hex}
        else:  # the account, the change or the invitation is no more
            continue
        made.append(message)
    return made


def _keys(entries: Sequence[Entry], thing: object) -> set[int]:
    return {entry.subject_id or 0 for entry in entries if _KIND_OF[entry.verb].fact.subject is thing}
