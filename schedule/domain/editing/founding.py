"""Making a conference: a new one with what every conference needs, or the frame of an earlier one at another time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from accounts.domain.teams import found_team
from accounts.models import Team, User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule.facts.edits import ConferenceEdited, Done
from schedule.models import Body, Conference, Day, Kind, Room, RoomPart, SignupPolicy, Theme
from values.instants import reached

_LONGEST_TEAM = 120
OPENS, CLOSES = time(9), time(18)
# What most programmes have; organizers rename them or delete what they do not need.
_KINDS: Sequence[tuple[str, Callable[[], str], SignupPolicy, bool]] = (
    ("plenary", lambda: _("Plenary"), SignupPolicy.OPEN, False),
    ("talk", lambda: _("Talk"), SignupPolicy.OPEN, False),
    ("workshop", lambda: _("Workshop"), SignupPolicy.LIMITED, False),
    ("break", lambda: _("Break"), SignupPolicy.OPEN, True),
)
# What is the earlier conference's own, and not taken over.
_OWN = {
    "id", "uid", "slug", "name", "team", "theme", "starts_on", "ends_on", "sample_note", "is_public",
    "registration_open", "entry_sequence", "entry_changed_at", "survey_url",
}  # fmt: skip


@retried
@transaction.atomic
def found_conference(conference: Conference, *, founder: User, actor: Actor) -> Conference:
    """Keep a new conference that is not public yet, open from 9 to 18 every day, with the most common kinds.

    `conference` has its names, days, zone, languages and team; without a team it gets one that `founder` owns. Raises
    `ValidationError` for what it cannot be.
    """
    conference.team = conference.team or found_team(str(conference.name)[:_LONGEST_TEAM], founder, actor=actor)
    conference.is_public = conference.registration_open = False
    conference.full_clean()
    conference.save(force_insert=True)
    Day.objects.bulk_create(
        Day(
            conference=conference,
            date=day,
            opens_at=reached(day, OPENS, conference.zone),
            closes_at=reached(day, CLOSES, conference.zone),
        )
        for day in conference.dates
    )
    Kind.objects.bulk_create(
        Kind(
            conference=conference,
            code=code,
            name=_in_each(conference.languages, name),
            signup=signup,
            is_break=is_break,
            position=n,
        )
        for n, (code, name, signup, is_break) in enumerate(_KINDS)
    )
    _tell(conference, actor)
    return conference


@retried
@transaction.atomic
def copy_conference(
    earlier: Conference, *, team: Team, slug: str, name: LazyI18nString, starts_on: date, actor: Actor
) -> Conference:
    """Make a conference with the rules, hours, rooms, kinds, themes and organisations of an earlier one.

    Days and hours are shifted on the clocks: what opens at nine opens at nine, also where the clocks have changed in
    between; hours that would lie where the clocks jump are left out. People, sessions and whatever happened stay where
    they are. Raises `ValidationError` as `found_conference`.
    """
    kept = {
        field.attname: getattr(earlier, field.attname)
        for field in Conference._meta.concrete_fields
        if field.name not in _OWN and field.get_internal_type() != "DateTimeField"
    }
    shift = starts_on - earlier.starts_on
    made = Conference(team=team, slug=slug, name=name, starts_on=starts_on, ends_on=earlier.ends_on + shift, **kept)
    made.full_clean()
    made.save(force_insert=True)
    shifted = (_shifted(day, made, earlier.zone, shift) for day in earlier.days.all())
    Day.objects.bulk_create(day for day in shifted if day.opens_at < day.closes_at)
    for model in (Kind, Theme, Body):
        _copy_rows(model, earlier, made)
    rooms = _copy_rows(Room, earlier, made)
    links = RoomPart.objects.filter(room__conference=earlier)
    RoomPart.objects.bulk_create(RoomPart(room=rooms[one.room_id], part=rooms[one.part_id]) for one in links)
    _tell(made, actor)
    return made


def _copy_rows(model: type[Any], earlier: Conference, made: Conference) -> dict[int, Any]:
    """The new rows by the keys of the old ones. Whoever answers for an organisation is a person, and stays behind."""
    copies = {}
    for row in model.objects.filter(conference=earlier):
        key, row.pk, row.conference = row.pk, None, made
        if isinstance(row, Body):
            row.contact = None
        copies[key] = row
    model.objects.bulk_create(copies.values())
    return copies


def _shifted(day: Day, made: Conference, zone: ZoneInfo, shift: timedelta) -> Day:
    def at(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        shown = moment.astimezone(zone)
        return reached(shown.date() + shift, shown.time(), made.zone)

    times = {name: at(getattr(day, name)) for name in ("opens_at", "closes_at")}
    core_from, core_until = at(day.core_from), at(day.core_until)
    if core_from and core_until and core_from < core_until:
        times |= {"core_from": core_from, "core_until": core_until}
    return Day(conference=made, date=day.date + shift, **times)


def _in_each(languages: Sequence[str], name: Callable[[], str]) -> LazyI18nString:
    said = {}
    for language in languages:
        with translation.override(language):
            said[language] = name()
    return LazyI18nString(said)


def _tell(conference: Conference, actor: Actor) -> None:
    fact = ConferenceEdited(conference_id=conference.pk, subject_id=conference.pk, done=Done.ADDED, changes={})
    record(fact, actor=actor)
