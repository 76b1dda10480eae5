"""Whether a message still says something true and new at the moment it is about to be sent."""

from __future__ import annotations

from datetime import datetime

from i18nfield.strings import LazyI18nString

from notifications.letters import Letter
from notifications.segments import is_for
from registration.models import Registration, SignUp

_STATES = {
    "place_confirmed": SignUp.State.CONFIRMED,
    "place_changed": SignUp.State.CONFIRMED,
    "decline_asked": SignUp.State.CONFIRMED,
    "place_waiting": SignUp.State.WAITING,
    "place_lost": SignUp.State.WAITING,
    "place_offered": SignUp.State.OFFERED,
    "place_left": SignUp.State.LEFT,
    "session_cancelled": SignUp.State.LEFT,
    "offer_expired": SignUp.State.LEFT,
}


def is_pointless(letter: Letter, now: datetime) -> bool:
    """Whether the message must not be sent: what it announces holds no longer, or its reader knows it already.

    A state that no longer matches has a journal entry of its own, and with it a message of its own.
    """
    message = letter.message
    if message.announcement is not None:
        return message.registration is not None and not is_for(message.announcement, message.registration)
    if message.magic_link is not None:
        return message.magic_link.used_at is not None or message.magic_link.expires_at <= now
    if message.signup is not None:
        if letter.told.followed or message.signup.state != _STATES.get(message.kind, message.signup.state):
            return True
        return message.kind == "place_changed" and (_is_known(letter) or is_back(letter))
    if message.registration is not None:
        cancelled = message.registration.state == Registration.State.CANCELLED
        return cancelled != (message.kind == "registration_cancelled")
    return False


def _is_known(letter: Letter) -> bool:
    """An earlier message, rendered after this change, has told it already."""
    return letter.told.sequence is not None and letter.told.sequence >= letter.signup.sequence


def is_back(letter: Letter) -> bool:
    """Everything is again as the reader was last told: moved away and back before the mail could leave."""
    place, old = letter.place, letter.old
    if letter.message.kind != "place_changed" or place is None or old is None:
        return False
    return (place.start, place.end, place.room_id, place.online_mark, _words(place.title)) == (
        old.start, old.end, old.room_id, old.online_mark, _words(old.title),
    )  # fmt: skip


def _words(title: LazyI18nString | str) -> object:
    return title.data if isinstance(title, LazyI18nString) else title
