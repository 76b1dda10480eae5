"""Conflicts in words: one sentence per kind, naming sessions by title, rooms, people and local times.

Titles and names are put into the finished translation as data; braces or percent signs in them stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils import translation
from django.utils.functional import lazy

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.kinds import ConflictKind
from schedule.conflicts.words import ConflictWords
from schedule.solver.sentences.catalogue import Catalogue
from schedule.vocabulary.features import feature_in_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def sentence(conflict: Conflict, catalogue: Catalogue, language: str) -> str:
    """The conflict as one translated sentence (or two).

    Titles and names are those of `language` where the problem has them, else its plain ones.
    """
    return _SENTENCES[conflict.kind](conflict, ConflictWords(conflict, catalogue, language), catalogue)


def in_words(conflict: Conflict) -> str | _StrPromise:
    """The conflict as a sentence, translated when it is turned into text, so in the language of its reader."""
    return _lazy_sentence(conflict)


def _in_active_language(conflict: Conflict) -> str:
    return sentence(conflict, translation, translation.get_language() or "")


_lazy_sentence = lazy(_in_active_language, str)


def _room_double_use(conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    if len(conflict.rooms) == 1:
        text = c.gettext("{when}: “{first}” and “{second}” are both in {first_room}.")
    else:
        text = c.gettext(
            "{when}: “{first}” in {first_room} and “{second}” in {second_room} need the same space ({shared})."
        )
    return text.format(when=words.when, shared=words.room_names(words.codes("shared")), **words.pair)


def _room_changeover(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    needed = words.number("needed")
    return c.ngettext(
        "{day}: “{first}” ends at {end} and “{second}” starts at {start}, "
        "but changing over {rooms} takes {needed} minute.",
        "{day}: “{first}” ends at {end} and “{second}” starts at {start}, "
        "but changing over {rooms} takes {needed} minutes.",
        needed,
    ).format(day=words.day, rooms=words.room_names(words.codes("shared")), needed=needed, **words.pair)


def _room_too_small_confirmed(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    needed = words.number("needed")
    return c.ngettext(
        "{when}: “{title}” has {needed} confirmed person, but {room} has {seats} seats.",
        "{when}: “{title}” has {needed} confirmed people, but {room} has {seats} seats.",
        needed,
    ).format(when=words.when, title=words.title(), needed=needed, room=words.rooms, seats=words.number("seats"))


def _room_too_small_wanted(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    needed = words.number("needed")
    return c.ngettext(
        "{when}: “{title}” needs {needed} seat, but {room} has {seats}.",
        "{when}: “{title}” needs {needed} seats, but {room} has {seats}.",
        needed,
    ).format(when=words.when, title=words.title(), needed=needed, room=words.rooms, seats=words.number("seats"))


def _room_closed(conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    closed_rooms = words.codes("closed_rooms")
    if closed_rooms == conflict.rooms:
        text = c.gettext("{when}: “{title}” is in {room}, which is closed {closed}.")
    else:
        text = c.gettext("{when}: “{title}” is in {room}, part of which is closed {closed}: {closed_rooms}.")
    return text.format(
        when=words.when,
        title=words.title(),
        room=words.rooms,
        closed_rooms=words.room_names(closed_rooms),
        closed=words.spans("closed"),
    )


def _room_feature_missing(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    return c.gettext("{when}: “{title}” needs something that {room} does not have: {features}.").format(
        when=words.when,
        title=words.title(),
        room=words.rooms,
        features=", ".join(feature_in_words(code, c) for code in words.codes("missing")),
    )


def _room_breaks_only(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: “{title}” is in {room}, which is for breaks only.")
    return text.format(when=words.when, title=words.title(), room=words.rooms)


def _person_double_booked(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    return c.gettext(
        "{when}: {person} appears in “{first}” ({first_room}) and “{second}” ({second_room}) at the same time."
    ).format(when=words.when, person=words.person, **words.pair)


def _person_walking_time(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    needed = words.number("needed")
    return c.ngettext(
        "{day}: {person} leaves “{first}” ({first_room}) at {end} and is due in “{second}” ({second_room}) at {start}; "
        "the way takes {needed} minute.",
        "{day}: {person} leaves “{first}” ({first_room}) at {end} and is due in “{second}” ({second_room}) at {start}; "
        "the way takes {needed} minutes.",
        needed,
    ).format(day=words.day, person=words.person, needed=needed, **words.pair)


def _person_away(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: {person} appears in “{title}” but is away {away}.")
    return text.format(when=words.when, person=words.person, title=words.title(), away=words.spans("away"))


def _body_double_booked(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: {body} has one team but hosts “{first}” and “{second}” at the same time.")
    return text.format(when=words.when, body=words.body, **words.pair)


def _body_away(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: {body} hosts “{title}” but is away {away}.")
    return text.format(when=words.when, body=words.body, title=words.title(), away=words.spans("away"))


def _interpreters_short(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    limit = words.number("limit")
    return c.ngettext(
        "{when}: {count} sessions need interpreters at once, but there is {limit} team: {titles}.",
        "{when}: {count} sessions need interpreters at once, but there are {limit} teams: {titles}.",
        limit,
    ).format(when=words.when, count=words.number("count"), limit=limit, titles=words.titles)


def _too_many_parallel(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    limit = words.number("limit")
    text = c.gettext("{when}: {count} sessions run at once, but at most {limit} may: {titles}.")
    return text.format(when=words.when, count=words.number("count"), limit=limit, titles=words.titles)


def _kind_too_parallel(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    limit = words.number("limit")
    text = c.gettext("{when}: {count} sessions of one kind run at once, but at most {limit} of them may: {titles}.")
    return text.format(when=words.when, count=words.number("count"), limit=limit, titles=words.titles)


def _order(conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    earlier, later = conflict.placements
    return c.gettext(
        "“{later}” must come after “{earlier}”, but starts on {start}, before “{earlier}” ends on {end}."
    ).format(
        later=words.title_of(later.session),
        earlier=words.title_of(earlier.session),
        start=words.moment(later.start),
        end=words.moment(earlier.end),
    )


def _not_parallel(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: “{first}” and “{second}” overlap, but must not run at the same time.")
    return text.format(when=words.when, **words.pair)


def _not_same_time(conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    first, second = conflict.placements
    text = c.gettext("“{first}” (on {start}) and “{second}” (on {other_start}) must start at the same time.")
    return text.format(
        first=words.title_of(first.session),
        start=words.moment(first.start),
        second=words.title_of(second.session),
        other_start=words.moment(second.start),
    )


def _not_same_room(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("“{first}” in {first_room} and “{second}” in {second_room} must be in the same room.")
    return text.format(**words.pair)


def _blocks_all(conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    blocker = words.code("blocker")
    (other,) = (p.session for p in conflict.placements if p.session != blocker)
    text = c.gettext("{when}: “{blocker}” allows nothing else at the same time, but “{other}” overlaps it.")
    return text.format(when=words.when, blocker=words.title_of(blocker), other=words.title_of(other))


def _outside_hours(conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    if conflict.details["hours"]:
        text = c.gettext("{when}: “{title}” is outside the opening hours ({hours}).")
    else:
        text = c.gettext("{when}: “{title}” is on a day without opening hours.")
    return text.format(when=words.when, title=words.title(), hours=words.spans("hours"))


def _off_grid(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    slot = words.number("slot")
    return c.ngettext(
        "{when}: “{title}” does not start on the time grid of {slot} minute.",
        "{when}: “{title}” does not start on the time grid of {slot} minutes.",
        slot,
    ).format(when=words.when, title=words.title(), slot=slot)


def _fixed_time(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: “{title}” is fixed to start on {start}.")
    return text.format(when=words.when, title=words.title(), start=words.moment(words.number("start")))


def _fixed_room(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: “{title}” is in {room}, but is fixed to {fixed_room}.")
    return text.format(
        when=words.when, title=words.title(), room=words.rooms, fixed_room=words.room_of(words.code("room"))
    )


def _too_early(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: “{title}” must not start before {limit}.")
    return text.format(when=words.when, title=words.title(), limit=words.moment(words.number("not_before")))


def _too_late(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    text = c.gettext("{when}: “{title}” must end by {limit}.")
    return text.format(when=words.when, title=words.title(), limit=words.moment(words.number("not_after")))


def _too_short(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    given = words.number("given")
    return c.ngettext(
        "{when}: “{title}” is given {given} minute, less than the {planned} it needs.",
        "{when}: “{title}” is given {given} minutes, less than the {planned} it needs.",
        given,
    ).format(when=words.when, title=words.title(), given=given, planned=words.number("planned"))


def _too_long(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    given = words.number("given")
    return c.ngettext(
        "{when}: “{title}” is given {given} minute, more than the {planned} it needs.",
        "{when}: “{title}” is given {given} minutes, more than the {planned} it needs.",
        given,
    ).format(when=words.when, title=words.title(), given=given, planned=words.number("planned"))


def _attendees_clash(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    people = words.number("people")
    return c.ngettext(
        "{when}: {people} person wants or holds both “{first}” and “{second}”, which overlap.",
        "{when}: {people} people want or hold both “{first}” and “{second}”, which overlap.",
        people,
    ).format(when=words.when, people=people, **words.pair)


def _unplaced(_conflict: Conflict, words: ConflictWords, c: Catalogue) -> str:
    return c.gettext("“{title}” has no time and no room yet.").format(title=words.title())


_SENTENCES: Final[Mapping[ConflictKind, Callable[[Conflict, ConflictWords, Catalogue], str]]] = MappingProxyType(
    {
        ConflictKind.ROOM_DOUBLE_USE: _room_double_use,
        ConflictKind.ROOM_CHANGEOVER: _room_changeover,
        ConflictKind.ROOM_TOO_SMALL_CONFIRMED: _room_too_small_confirmed,
        ConflictKind.ROOM_TOO_SMALL_WANTED: _room_too_small_wanted,
        ConflictKind.ROOM_CLOSED: _room_closed,
        ConflictKind.ROOM_FEATURE_MISSING: _room_feature_missing,
        ConflictKind.ROOM_BREAKS_ONLY: _room_breaks_only,
        ConflictKind.PERSON_DOUBLE_BOOKED: _person_double_booked,
        ConflictKind.PERSON_WALKING_TIME: _person_walking_time,
        ConflictKind.PERSON_AWAY: _person_away,
        ConflictKind.BODY_DOUBLE_BOOKED: _body_double_booked,
        ConflictKind.BODY_AWAY: _body_away,
        ConflictKind.INTERPRETERS_SHORT: _interpreters_short,
        ConflictKind.TOO_MANY_PARALLEL: _too_many_parallel,
        ConflictKind.KIND_TOO_PARALLEL: _kind_too_parallel,
        ConflictKind.ORDER: _order,
        ConflictKind.NOT_PARALLEL: _not_parallel,
        ConflictKind.NOT_SAME_TIME: _not_same_time,
        ConflictKind.NOT_SAME_ROOM: _not_same_room,
        ConflictKind.BLOCKS_ALL: _blocks_all,
        ConflictKind.OUTSIDE_HOURS: _outside_hours,
        ConflictKind.OFF_GRID: _off_grid,
        ConflictKind.FIXED_TIME: _fixed_time,
        ConflictKind.FIXED_ROOM: _fixed_room,
        ConflictKind.TOO_EARLY: _too_early,
        ConflictKind.TOO_LATE: _too_late,
        ConflictKind.TOO_SHORT: _too_short,
        ConflictKind.TOO_LONG: _too_long,
        ConflictKind.ATTENDEES_CLASH: _attendees_clash,
        ConflictKind.UNPLACED: _unplaced,
    }
)
