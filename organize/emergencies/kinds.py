"""The kinds of emergency: what is asked, of whom, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from organize.emergencies.choices import ChoiceDay, people_to_choose, rooms_to_choose, sessions_to_choose
from organize.emergencies.forms import (
    EmergencyForm,
    PersonMissingForm,
    RoomLostForm,
    SessionOffForm,
    StartsLaterForm,
)
from schedule.models import Conference


@dataclass(frozen=True)
class EmergencyKind:
    """`choices` are read for a conference at an instant, in groups with a name or none."""

    name: str | Promise
    lead: str | Promise
    form: type[EmergencyForm]
    choices: Callable[[Conference, datetime], Sequence[ChoiceDay]]


KINDS: Mapping[str, EmergencyKind] = {
    "room": EmergencyKind(
        gettext_lazy("Room lost"),
        gettext_lazy("It cannot be used for a time. Which one?"),
        RoomLostForm,
        lambda conference, now: [ChoiceDay("", rooms_to_choose(conference, now=now))],
    ),
    "session": EmergencyKind(
        gettext_lazy("Session off"),
        gettext_lazy("It does not take place. Which one?"),
        SessionOffForm,
        lambda conference, now: sessions_to_choose(conference, now=now, begun=True),
    ),
    "later": EmergencyKind(
        gettext_lazy("Starts later"),
        gettext_lazy("It takes place, but later. Which one?"),
        StartsLaterForm,
        lambda conference, now: sessions_to_choose(conference, now=now, begun=False),
    ),
    "person": EmergencyKind(
        gettext_lazy("Speaker missing"),
        gettext_lazy("Somebody cannot come for a time. Who?"),
        PersonMissingForm,
        lambda conference, now: [ChoiceDay("", people_to_choose(conference, now=now))],
    ),
}
