"""Participants, their registrations, wishes and places."""

from registration.models.participants import MagicLink, Participant
from registration.models.registrations import Interest, Registration
from registration.models.signups import Seats, SignUp

__all__ = ["Interest", "MagicLink", "Participant", "Registration", "Seats", "SignUp"]
