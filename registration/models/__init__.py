"""Participants, their registrations, wishes and places."""

from registration.models.participants import MagicLink, Participant, SignedInBrowser
from registration.models.registrations import Interest, Registration
from registration.models.signups import Exchange, Seats, SignUp
from registration.models.tallies import Tally

__all__ = [
    "Exchange",
    "Interest",
    "MagicLink",
    "Participant",
    "Registration",
    "Seats",
    "SignUp",
    "SignedInBrowser",
    "Tally",
]
