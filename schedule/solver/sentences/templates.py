"""The sentence of every message, in English: these texts are the keys under which catalogues have their translations.

Placeholders are the names of a message's values. "cause" says why there is no timetable, "relax" what would help, and
"alternative" how a timetable differs from the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogue, which is asked when the text is said."""
    return text


def ngettext_lazy(singular: str, plural: str, number: str) -> tuple[str, str, str]:
    """The same for a text that depends on the value called `number`, as Django's function of this name marks it."""
    return singular, plural, number


TEMPLATES: Mapping[str, str | tuple[str, str, str]] = MappingProxyType({
    "cause.no_rooms": gettext_noop("There are no rooms."),
    "cause.max_parallel": gettext_noop(
        "At most {limit} open sessions may run at once. These {count} ({length}) do not fit in: {sessions}."
    ),
    "cause.interpreters": gettext_noop(
        "Interpretation teams: {teams}. They cannot serve {count} sessions, {length} together: {sessions}."
    ),
    "cause.fixed_room": gettext_noop("{session} is fixed to {room}."),
    "cause.seats": gettext_noop("{session} needs {seats} seats."),
    "cause.room_too_small": gettext_noop(
        "{session} needs {seats} seats; too small: {rooms} ({capacities} seats)."
    ),
    "cause.room_feature": gettext_noop("Rooms with {features}: {rooms}. Needed by {sessions}."),
    "cause.room_feature_nowhere": gettext_noop("Rooms with {features}: no room. Needed by {sessions}."),
    "cause.room_hours": gettext_noop("{room} is open only {times}."),
    "cause.pinned": gettext_noop("{session} is pinned to {places}."),
    "cause.kind_parallel": gettext_noop(
        "At most {limit} of these, which are of one kind, may run at once: {sessions}."
    ),
    "cause.same_time": gettext_noop("These must start at the same time: {sessions}."),
    "cause.same_room": gettext_noop("These must be in the same room: {sessions}."),
    "cause.room_closed": gettext_noop("{room} is closed {times}."),
    "cause.away": gettext_noop("{who} is away {times}, but is needed for {sessions}."),
    "cause.changeover": gettext_noop(
        "{rooms} must be free for {minutes} minutes between two uses, which concerns {sessions}."
    ),
    "cause.person_gap": gettext_noop(
        "{people}: {near} minutes to another room nearby and {far} minutes to a room further away are needed."
    ),
    "cause.order": gettext_noop("{later} must come after {earlier}."),
    "cause.not_before": gettext_noop("Not before {time}: {sessions}."),
    "cause.not_after": gettext_noop("To end no later than {time}: {sessions}."),
    "cause.fixed_start": gettext_noop("Fixed to {time}: {sessions}."),
    "cause.breaks_only": gettext_noop("These are no breaks and may not use rooms for breaks: {sessions}."),
    "cause.not_parallel": gettext_noop("{first} and {second} must not run at the same time."),
    "cause.not_parallel_some": gettext_noop("Some of these must not run at the same time: {sessions}."),
    "cause.blocks_all": gettext_noop("Nothing else may run during: {sessions}."),
    "cause.person_twice": gettext_noop("{people} can be in one place at a time."),
    "cause.body_twice": gettext_noop("{bodies} has one team and can run one session at a time."),
    "cause.room_double": gettext_noop("{rooms}: one session at a time."),
    "cause.no_hours": gettext_noop("The conference has no opening hours."),
    "cause.short_of_time": gettext_noop(
        "{count} sessions need {needed} together; there are {available}: {sessions}."
    ),
    "cause.short_of_places": gettext_noop("There is room for {most} of these {count} sessions: {sessions}."),
    "cause.hours": gettext_noop("Opening hours are {hours}."),
    "cause.too_long": gettext_noop("{session} lasts {length}, longer than it is open in one piece."),
    "relax.order": gettext_noop("Let {later} begin before {earlier} has ended."),
    "relax.not_parallel": gettext_noop("Let {first} and {second} run at the same time."),
    "relax.pinned": gettext_noop("Take the pin off {session}."),
    "relax.fixed_start": gettext_noop("Let {session} start at another time."),
    "relax.fixed_room": gettext_noop("Let {session} be in another room."),
    "relax.not_before": gettext_noop("Let {session} start earlier."),
    "relax.not_after": gettext_noop("Let {session} end later."),
    "relax.blocks_all": gettext_noop("Let others run during {session}."),
    "relax.same_time": gettext_noop("Let these start at different times: {sessions}."),
    "relax.same_room": gettext_noop("Let these be in different rooms: {sessions}."),
    "relax.changeover": gettext_noop("Leave {minutes} instead of {now} minutes between two uses of a room."),
    "relax.person_gap": gettext_noop(
        "Count on at most {minutes} instead of {now} minutes to walk from room to room."
    ),
    "relax.interpreters": ngettext_lazy(
        "Have {most} interpretation team instead of {now}.",
        "Have {most} interpretation teams instead of {now}.",
        "most",
    ),
    "relax.max_parallel": gettext_noop("Let {most} instead of {now} open sessions run at once."),
    "relax.kind_parallel": gettext_noop(
        "Let {most} instead of {now} of these, which are of one kind, run at once: {sessions}."
    ),
    "relax.away": gettext_noop("Ask {who} to come in spite of being away {times}."),
    "relax.room_closed": gettext_noop("Have {room} although it is closed {times}."),
    "relax.room_hours": gettext_noop("Have {room} outside its own hours too."),
    "relax.person_twice": gettext_noop("Do {session} without {person}."),
    "relax.body_twice": gettext_noop("Have {body} run several sessions at once."),
    "relax.room_too_small": gettext_noop("Expect {most} instead of {seats} people in {session}."),
    "relax.room_feature": gettext_noop("Do {session} without {features}."),
    "relax.breaks_only": gettext_noop("Open {room} to sessions that are no breaks."),
    "relax.hours": gettext_noop("Open an hour longer: {new} instead of {old}."),
    "relax.room": gettext_noop("Have one more room."),
    "relax.room_with": gettext_noop("Have one more room with {features}."),
    "relax.equipment": gettext_noop("Equip {room} with {features}."),
    "relax.session": gettext_noop("Leave out {session}."),
    "alternative.elsewhere": gettext_noop("{count} of {all} sessions are at another time: {sessions}."),
    "alternative.compared": gettext_noop("Compared with the best: {terms}."),
})  # fmt: skip

TERMS: Mapping[str, str] = MappingProxyType({
    "wish_clashes": gettext_noop("wishes that overlap"),
    "unseated": gettext_noop("people without a seat"),
    "empty_seats": gettext_noop("empty seats"),
    "off_half_hour": gettext_noop("sessions off the half hour"),
    "off_core_hours": gettext_noop("sessions outside the core hours"),
    "off_preferred_times": gettext_noop("sessions outside the times they prefer"),
    "off_preferred_rooms": gettext_noop("sessions outside the rooms they prefer"),
    "track_rooms": gettext_noop("changes of room within a track"),
    "person_gaps": gettext_noop("idle minutes of people"),
    "day_imbalance": gettext_noop("sessions beyond a day’s share"),
    "moved_times": gettext_noop("sessions at another time than before"),
    "moved_rooms": gettext_noop("sessions in another room than before"),
})  # fmt: skip
"""The terms of `objective` within a sentence."""
