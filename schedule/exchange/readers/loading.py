"""From a checked programme to rows, in one transaction."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from accounts.models import Team
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule import models
from schedule.exchange.readers.refusals import ImportProblem, ImportRefused
from schedule.facts.programme import ConferenceImported
from schedule.solver.files.programme_file import plain

SAMPLE_NOTE = {
    "en": "Sample data. Names and themes come from public sources; the timetable, rooms, sizes and whatever else no "
    "source states are made up and do not tell what happened.",
    "ko": "견본 자료입니다. 이름과 주제는 공개된 자료에서 가져왔으며, 시간표와 회의실, 규모 등 자료에 없는 내용은 "
    "꾸며 낸 것으로 실제 있었던 일이 아닙니다.",
}


@retried
def load(programme: plain.Programme, *, team: Team | None, actor: Actor) -> models.Conference:
    """Write everything or nothing; at most 18 statements. Raises `ImportRefused` when the address is taken."""
    with transaction.atomic():
        conference = _conference(programme, team)
        kinds = {
            kind.code: models.Kind(
                conference=conference,
                code=kind.code,
                name=_i18n(kind.name),
                signup=kind.signup,
                is_break=kind.is_break,
                max_parallel=kind.max_parallel,
                position=position,
            )
            for position, kind in enumerate(programme.kinds)
        }
        models.Kind.objects.bulk_create(kinds.values())
        themes = {
            theme.code: models.Theme(conference=conference, code=theme.code, name=_i18n(theme.name), position=position)
            for position, theme in enumerate(programme.themes)
        }
        models.Theme.objects.bulk_create(themes.values())
        models.Day.objects.bulk_create(
            models.Day(
                conference=conference,
                date=day.date,
                opens_at=day.opens_at,
                closes_at=day.closes_at,
                core_from=day.core[0] if day.core else None,
                core_until=day.core[1] if day.core else None,
            )
            for day in programme.days
        )
        rooms = _rooms(programme, conference)
        bodies = {
            body.code: models.Body(
                conference=conference, code=body.code, name=_i18n(body.name), single_team=body.single_team
            )
            for body in programme.bodies
        }
        models.Body.objects.bulk_create(bodies.values())
        people = {
            person.code: models.Person(
                conference=conference,
                code=person.code,
                name=_i18n(person.name),
                affiliation=person.affiliation,
                country=person.country,
                email=person.email,
                biography=_i18n(person.biography),
            )
            for person in programme.people
        }
        models.Person.objects.bulk_create(people.values())
        sessions = {session.code: _session(session, conference, kinds, themes, rooms) for session in programme.sessions}
        models.Session.objects.bulk_create(sessions.values())
        _links(programme, sessions, bodies, people)
        _preferences(programme, sessions, rooms)
        _groups(programme, conference, sessions)
        models.Unavailability.objects.bulk_create(
            models.Unavailability(
                conference=conference,
                room=rooms[item.subject] if item.subject_type == "room" else None,
                person=people[item.subject] if item.subject_type == "person" else None,
                body=bodies[item.subject] if item.subject_type == "host" else None,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                reason=_i18n(item.reason),
            )
            for item in programme.unavailabilities
        )
        fact = ConferenceImported(
            conference_id=conference.pk,
            subject_id=conference.pk,
            slug=conference.slug,
            sessions=len(sessions),
            rooms=len(rooms),
            people=len(people),
            bodies=len(bodies),
        )
        record(fact, actor=actor)
    return conference


def _i18n(texts: plain.Texts) -> LazyI18nString:
    return LazyI18nString(dict(texts)) if texts else LazyI18nString("")


@retried
def _conference(programme: plain.Programme, team: Team | None) -> models.Conference:
    given, rules = programme.conference, programme.rules
    conference = models.Conference(
        team=team,
        slug=given.slug,
        name=_i18n(given.name),
        theme=_i18n(given.theme),
        venue=_i18n(given.venue),
        timezone=given.timezone,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        languages=list(given.languages),
        expected_participants=given.expected_participants,
        sample_note=_i18n(SAMPLE_NOTE if programme.has_assumptions else {}),
        slot_minutes=rules.slot_minutes,
        room_changeover_minutes=rules.room_changeover_minutes,
        person_gap_same_group_minutes=rules.person_gap_same_group_minutes,
        person_gap_other_group_minutes=rules.person_gap_other_group_minutes,
        interpreter_teams=rules.interpreter_teams,
        max_parallel_open_sessions=rules.max_parallel_open_sessions,
    )
    try:
        with transaction.atomic():  # a savepoint, so that asking below is possible
            conference.save(force_insert=True)
    except IntegrityError:
        if not models.Conference.objects.filter(slug=given.slug).exists():
            raise
        raise ImportRefused(
            [
                ImportProblem(
                    "conference",
                    "slug",
                    _("There is a conference at the address “%(slug)s” already.") % {"slug": given.slug},
                    _("Choose another slug in the file, or remove the other conference first."),
                    "address_taken",
                )
            ]
        ) from None
    return conference


def _rooms(programme: plain.Programme, conference: models.Conference) -> dict[str, models.Room]:
    rooms = {
        room.code: models.Room(
            conference=conference,
            code=room.code,
            name=_i18n(room.name),
            capacity=room.capacity,
            features=list(room.features),
            distance_group=room.distance_group,
            allows_parallel_use=room.allows_parallel_use,
            breaks_only=room.breaks_only,
            position=position,
        )
        for position, room in enumerate(programme.rooms)
    }
    models.Room.objects.bulk_create(rooms.values())
    models.RoomPart.objects.bulk_create(
        models.RoomPart(room=rooms[room.code], part=rooms[part]) for room in programme.rooms for part in room.parts
    )
    return rooms


def _session(
    session: plain.SessionRecord,
    conference: models.Conference,
    kinds: dict[str, models.Kind],
    themes: dict[str, models.Theme],
    rooms: dict[str, models.Room],
) -> models.Session:
    return models.Session(
        conference=conference,
        code=session.code,
        kind=kinds[session.kind],
        theme=themes[session.theme] if session.theme else None,
        title=_i18n(session.title),
        abstract=_i18n(session.abstract),
        duration_minutes=session.duration_minutes,
        languages=list(session.languages),
        interpretation_pairs=list(session.interpretation_pairs),
        sign_languages=list(session.sign_languages),
        caption_languages=list(session.caption_languages),
        required_features=list(session.required_features),
        expected_attendance=session.expected_attendance,
        signup=session.signup,
        capacity_cap=session.capacity_cap,
        fixed_start=session.fixed_start,
        fixed_room=rooms[session.fixed_room] if session.fixed_room else None,
        not_before=session.not_before,
        not_after=session.not_after,
        blocks_all=session.blocks_all,
    )


def _links(
    programme: plain.Programme,
    sessions: dict[str, models.Session],
    bodies: dict[str, models.Body],
    people: dict[str, models.Person],
) -> None:
    hosts, roles, orders = [], [], []
    pairs: set[tuple[int, int]] = set()
    for given in programme.sessions:
        session = sessions[given.code]
        hosts += [
            models.SessionHost(session=session, body=bodies[code], position=position, is_shown=given.hosts_shown)
            for position, code in enumerate(given.hosts)
        ]
        roles += [
            models.Role(
                session=session,
                person=people[role.person] if role.person else None,
                role=role.role,
                mode=role.mode,
                position=position,
            )
            for position, role in enumerate(given.roles)
        ]
        orders += [models.SessionOrder(earlier=sessions[code], later=session) for code in given.after]
        for code in given.not_parallel_with:
            one, other = sorted((session.pk, sessions[code].pk))
            pairs.add((one, other))
    models.SessionHost.objects.bulk_create(hosts)
    models.Role.objects.bulk_create(roles)
    models.SessionOrder.objects.bulk_create(orders)
    models.NotParallel.objects.bulk_create(
        models.NotParallel(first_id=one, second_id=other) for one, other in sorted(pairs)
    )


def _preferences(
    programme: plain.Programme, sessions: dict[str, models.Session], rooms: dict[str, models.Room]
) -> None:
    found = []
    for given in programme.sessions:
        session = sessions[given.code]
        found += [models.Preference(session=session, room=rooms[code]) for code in given.preferred_rooms]
        found += [
            models.Preference(session=session, starts_at=starts_at, ends_at=ends_at)
            for starts_at, ends_at in given.preferred_times
        ]
    models.Preference.objects.bulk_create(found)


def _groups(programme: plain.Programme, conference: models.Conference, sessions: dict[str, models.Session]) -> None:
    same = models.SessionGroup.Same
    given = [(same.TIME, codes) for codes in programme.same_time] + [
        (same.ROOM, codes) for codes in programme.same_room
    ]
    groups = models.SessionGroup.objects.bulk_create(
        models.SessionGroup(conference=conference, same=what) for what, _codes in given
    )
    member = models.SessionGroup.sessions.through
    member.objects.bulk_create(
        member(sessiongroup=group, session=sessions[code])
        for group, (_what, codes) in zip(groups, given, strict=True)
        for code in codes
    )
