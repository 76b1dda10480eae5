"""From a mail in the robot mailbox to what follows from it: a no causes a question, everything else nothing."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from notifications.inbound.incoming import Incoming
from notifications.inbound.replies.appearing import appearance_of, ask_in_person
from notifications.inbound.replies.declining import ask
from notifications.inbound.replies.parsing import Reply, replies_in
from registration.models import SignUp
from values.hosts import ascii_mailbox

CALENDAR_TYPES = ("text/calendar", "application/ics")
DECLINED, ACCEPTED, TENTATIVE = "DECLINED", "ACCEPTED", "TENTATIVE"
_OUTCOMES = {ACCEPTED: "reply-accepted", TENTATIVE: "reply-tentative"}


def take(incoming: Incoming) -> str | None:
    """Handle a mail that answers an invitation; None when it does not.

    The mail can be forged, so it changes nobody's place: a no of the person the entry belongs to, sent from their
    address, has them asked, by mail, whether they mean it.
    """
    reply = _reply(incoming)
    if reply is None:
        return None
    if incoming.is_automatic:
        return "reply-automatic"
    signup = _signup(reply.uid)
    appearance = None if signup else appearance_of(reply.uid, incoming.sender)
    if signup is not None:
        owner = _same(signup.registration.participant.email)
    elif appearance is not None:
        owner = _same(appearance.person.email)
    else:
        return "reply-unknown"
    answer = next((answer for address, answer in reply.answers.items() if _same(address) == owner), None)
    if answer is None or _same(incoming.sender) != owner:
        return "reply-not-theirs"
    if answer != DECLINED:
        return _OUTCOMES.get(answer, "reply-other")
    now = incoming.received_at
    asked = ask(signup, now=now) if signup else appearance is not None and ask_in_person(appearance, now=now)
    return "reply-declined" if asked else "reply-declined-nothing-to-ask"


def _reply(incoming: Incoming) -> Reply | None:
    """The answer in a mail. Programs attach the part they write a second time; both say the same."""
    for part, content in incoming.parts(*CALENDAR_TYPES):
        for reply in replies_in(content, charset=part.get_content_charset("utf-8")):
            return reply
    return None


def _signup(uid: str) -> SignUp | None:
    """The place a calendar identity of ours stands for."""
    name, _, domain = uid.rpartition("@")
    try:
        key = UUID(name)
    except ValueError:
        return None
    if domain.lower() != settings.CALENDAR_DOMAIN.lower():
        return None
    return SignUp.objects.filter(uid=key).select_related("registration__participant", "session").first()


def _same(address: str) -> str:
    """An address as it is compared; one whose domain cannot be written is like no other."""
    try:
        return ascii_mailbox(address).casefold()
    except ValueError:
        return ""
