"""Which messages of a batch are told in one mail."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from notifications.mails.calendar_entries import method_of
from notifications.mails.render_input import Group, RenderInput


def groups_of(inputs: Sequence[RenderInput]) -> list[Group]:
    """The messages by the mail that tells them, in the order of the first of each."""
    found: dict[Hashable, list[RenderInput]] = {}
    for one in inputs:
        found.setdefault(_mail_of(one), []).append(one)
    return list(found.values())


def _mail_of(one: RenderInput) -> Hashable:
    """Equal for what goes into one mail.

    What changes a calendar has a mail of its own (ADR 5), and so has what organizers worded themselves and what needs
    more words than a list has room for. A mail that may have arrived is sent again as it was.
    """
    message = one.message
    if message.cut_offs:
        return message.known_by
    if not message.joins or one.wording is not None or one.clash is not None or method_of(one):
        return message.uid
    return message.registration_id, message.person_id
