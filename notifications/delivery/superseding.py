"""Whether a message still says something true and new at the moment it is about to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from notifications.mails import reminders
from notifications.mails.account_mails import is_past_account_mail
from notifications.mails.render_input import RenderInput
from notifications.rules.account_mails import KINDS as ABOUT_ACCOUNTS
from notifications.rules.queueing import DIGEST
from notifications.rules.segments import is_for
from registration.models import Registration, SignUp
from schedule.domain.programme.closing_times import end_of, registration_times

_STATES = {
    "place_confirmed": SignUp.State.CONFIRMED,
    "place_back": SignUp.State.CONFIRMED,
    "place_changed": SignUp.State.CONFIRMED,
    "decline_asked": SignUp.State.CONFIRMED,
    "place_waiting": SignUp.State.WAITING,
    "place_lost": SignUp.State.WAITING,
    "place_offered": SignUp.State.OFFERED,
    "place_left": SignUp.State.LEFT,
    "session_cancelled": SignUp.State.LEFT,
    "offer_expired": SignUp.State.LEFT,
    "line_closed": SignUp.State.LEFT,
}
# Whoever reads these later can do nothing with them.
_UNTIL_THE_START = frozenset({"place_waiting", "place_offered", "line_closed", "decline_asked"})
_REGISTRATIONS = {
    "registration_received": (Registration.State.SUBMITTED, Registration.State.UNDER_REVIEW),
    "registration_approved": Registration.ACTIVE,
    "registration_confirmed": Registration.ACTIVE,
    "registration_from_line": Registration.ACTIVE,
    "registration_in_line": (Registration.State.WAITLISTED,),
    "registration_line_ended": (Registration.State.CANCELLED,),
    "registration_declined": (Registration.State.DECLINED,),
    "registration_waitlisted": (Registration.State.WAITLISTED,),
    "registration_cancelled": (Registration.State.CANCELLED,),
}
# What they promise or ask to wait for is over with the conference.
_UNTIL_THE_END = frozenset(
    {
        "registration_received",
        "registration_approved",
        "registration_confirmed",
        "registration_from_line",
        "registration_waitlisted",
    }
)
# Kinds that are not about a state.
_OWN_WAY: Mapping[str, Callable[[RenderInput, datetime], bool]] = {
    **dict.fromkeys((reminders.AGENDA, reminders.SESSION, reminders.THANKS), reminders.is_over),
    **dict.fromkeys(ABOUT_ACCOUNTS, is_past_account_mail),
    # What has happened to an address is told however late.
    "address_changed": lambda _to, _now: False,
}


def is_pointless(to: RenderInput, now: datetime) -> bool:
    """Whether the message must not be sent: what it announces holds no longer, or its reader knows it already.

    A state that no longer matches has a journal entry of its own, and with it a message of its own.
    """
    message = to.message
    if message.announcement is not None:
        return message.registration is not None and not is_for(message.announcement, message.registration)
    if message.kind in _OWN_WAY:
        return _OWN_WAY[message.kind](to, now)
    if (link := message.magic_link) is not None:
        return link.used_at is not None or link.expires_at <= now
    if message.signup is not None:
        return _is_too_late(to, message.signup, now) or _is_past_place(to, message.signup)
    if message.person is not None:
        return _is_past_appearance(to, now)
    return not to.attention if message.user is not None else _is_past_registration(to, now)


def _is_too_late(to: RenderInput, signup: SignUp, now: datetime) -> bool:
    """Nothing is told of a session that is over, unless it was moved there from a time to come; nothing is promised,
    and no line said to be closed, once it has begun (invariant 10).
    """
    start, end = (signup.during.lower, signup.during.upper) if signup.during else (None, None)
    if start is None or end is None:
        return False
    if to.message.kind in _UNTIL_THE_START and start <= now:
        # But a calendar that holds the place is told that it is gone.
        return not (to.message.kind == "line_closed" and to.told.in_calendar and end > now)
    known = to.known or to.old
    return bool(end <= now) and (known is None or known.end <= now)


def _is_past_place(to: RenderInput, signup: SignUp) -> bool:
    kind = to.message.kind
    if to.told.followed or signup.state != _STATES.get(kind, signup.state):
        return True
    # An earlier message, rendered after this change, may have told it already.
    known = to.told.sequence is not None and to.told.sequence >= signup.sequence
    if kind == "place_back" and to.told.holds:
        # They were never told that it was gone: all they may have to know is what has changed about it.
        return to.old is None or _is_unchanged(to)
    if kind == "place_offered" and to.told.asked:
        # They were asked already, about the time it has.
        return _is_unchanged(to)
    return kind == "place_changed" and (known or is_back(to))


def _is_past_registration(to: RenderInput, now: datetime) -> bool:
    registration, conference, kind = to.message.registration, to.message.conference, to.message.kind
    if registration is not None and kind == DIGEST:
        return not to.news or not registration.is_active
    states = _REGISTRATIONS.get(kind)
    if registration is None or states is None or conference is None:
        return False
    # Nobody takes part in what is over, and nobody comes out of a line that is closed.
    if kind == "registration_in_line":
        is_late = not registration_times(conference, now=now).is_open
    else:
        is_late = kind in _UNTIL_THE_END and end_of(conference) <= now
    return is_late or registration.state not in states


def _is_past_appearance(to: RenderInput, now: datetime) -> bool:
    """What a speaker or host would be told holds no longer: it is (not) in the programme, where it was before, or
    over.
    """
    kind = to.message.kind
    if kind == "appearance_ended":
        return to.appears
    if kind == "appearance_cancelled":
        return to.place is not None
    if to.place is not None and to.place.end <= now and (to.old is None or to.old.end <= now):
        return True
    if kind == "appearance_changed" and _is_unchanged(to):
        return True
    return kind.startswith("appearance_") and to.place is None


def is_back(to: RenderInput) -> bool:
    """Everything is again as the reader was last told: moved away and back before the mail could leave."""
    return to.message.kind == "place_changed" and _is_unchanged(to)


def _is_unchanged(to: RenderInput) -> bool:
    place, old = to.place, to.old
    if place is None or old is None:
        return False
    return place.state == old.state
