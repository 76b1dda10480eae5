"""The programme: conferences, places, sessions, drafts and releases."""

from schedule.models.archives import WholeArchive
from schedule.models.conference import Conference, ConferenceText, Day
from schedule.models.groups import SessionGroup
from schedule.models.imports.runs import ImportRun
from schedule.models.imports.uploads import ProgrammeUpload, ReadingHabit
from schedule.models.invitations import Invitation
from schedule.models.people import Body, Person
from schedule.models.preferences import Preference
from schedule.models.rooms import Room, RoomPart
from schedule.models.searches import SolverAnswer, SolverRun
from schedule.models.sessions import Kind, NotParallel, Role, Session, SessionHost, SessionOrder, SignupPolicy, Theme
from schedule.models.timetable import Draft, DraftStep, Placement, Release, ReleasedPlacement, RoomUse, StepMove
from schedule.models.unavailability import Unavailability
from schedule.models.weights import SolverWeight

__all__ = [
    "Body",
    "Conference",
    "ConferenceText",
    "Day",
    "Draft",
    "DraftStep",
    "ImportRun",
    "Invitation",
    "Kind",
    "NotParallel",
    "Person",
    "Placement",
    "Preference",
    "ProgrammeUpload",
    "ReadingHabit",
    "Release",
    "ReleasedPlacement",
    "Role",
    "Room",
    "RoomPart",
    "RoomUse",
    "Session",
    "SessionGroup",
    "SessionHost",
    "SessionOrder",
    "SignupPolicy",
    "SolverAnswer",
    "SolverRun",
    "SolverWeight",
    "StepMove",
    "Theme",
    "Unavailability",
    "WholeArchive",
]
