"""The tables of an archive that the programme, the team and the journal keep."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, TeamInvitation
from journal.models import Entry
from schedule.models import (
    Body,
    Conference,
    ConferenceText,
    Day,
    Draft,
    DraftStep,
    Invitation,
    Kind,
    NotParallel,
    Person,
    Placement,
    Preference,
    ReadingHabit,
    Release,
    ReleasedPlacement,
    Role,
    Room,
    RoomPart,
    Session,
    SessionGroup,
    SessionHost,
    SessionOrder,
    SolverAnswer,
    SolverRun,
    SolverWeight,
    StepMove,
    Theme,
    Unavailability,
)
from schedule.ports.archive_tables import ArchiveTable, further_tables


def every_table(conference: Conference) -> list[ArchiveTable]:
    """All tables, in the order in which they stand in the archive."""
    own = [*_settings(conference), *_things(conference), *_timetables(conference), *_team(conference)]
    return [*own, *further_tables(conference)]


def _settings(conference: Conference) -> list[ArchiveTable]:
    own = {"conference": conference}
    return [
        ArchiveTable("conference", _("The conference and its settings"), Conference.objects.filter(pk=conference.pk)),
        ArchiveTable("days", _("Days with their hours"), Day.objects.filter(**own)),
        ArchiveTable("texts", _("Every version of its texts and notices"), ConferenceText.objects.filter(**own)),
        ArchiveTable("scheduler_weights", _("What counts how much"), SolverWeight.objects.filter(**own)),
        ArchiveTable("import_habits", _("How files were read last"), ReadingHabit.objects.filter(**own)),
    ]


def _things(conference: Conference) -> list[ArchiveTable]:
    own, of_session = {"conference": conference}, {"session__conference": conference}
    grouped = SessionGroup.sessions.through.objects.filter(sessiongroup__conference=conference)
    return [
        ArchiveTable("kinds", _("Kinds of sessions"), Kind.objects.filter(**own)),
        ArchiveTable("themes", _("Themes"), Theme.objects.filter(**own)),
        ArchiveTable("rooms", _("Rooms"), Room.objects.filter(**own)),
        ArchiveTable(
            "room_parts", _("Which rooms are parts of which"), RoomPart.objects.filter(room__conference=conference)
        ),
        ArchiveTable("people", _("Who appears in sessions"), Person.objects.filter(**own)),
        ArchiveTable("organisations", _("Organisations"), Body.objects.filter(**own)),
        ArchiveTable(
            "absences", _("When rooms, people and organisations cannot"), Unavailability.objects.filter(**own)
        ),
        ArchiveTable("sessions", _("Sessions"), Session.objects.filter(**own)),
        ArchiveTable("session_people", _("Who appears in which session, as what"), Role.objects.filter(**of_session)),
        ArchiveTable(
            "session_hosts", _("Which organisation hosts which session"), SessionHost.objects.filter(**of_session)
        ),
        ArchiveTable(
            "session_orders",
            _("Sessions that come before others"),
            SessionOrder.objects.filter(earlier__conference=conference),
        ),
        ArchiveTable(
            "sessions_apart",
            _("Sessions that are never parallel"),
            NotParallel.objects.filter(first__conference=conference),
        ),
        ArchiveTable("session_groups", _("Groups of sessions"), SessionGroup.objects.filter(**own)),
        ArchiveTable("session_group_members", _("Which sessions are in which group"), grouped),
        ArchiveTable(
            "session_preferences",
            _("Rooms and times that sessions would like"),
            Preference.objects.filter(**of_session),
        ),
        ArchiveTable(
            "session_invitations", _("Who was invited into which session"), Invitation.objects.filter(**of_session)
        ),
    ]


def _timetables(conference: Conference) -> list[ArchiveTable]:
    own, of_draft = {"conference": conference}, {"draft__conference": conference}
    return [
        ArchiveTable("drafts", _("Drafts"), Draft.objects.filter(**own)),
        ArchiveTable("draft_places", _("Where each draft has which session"), Placement.objects.filter(**of_draft)),
        ArchiveTable("draft_steps", _("Changes of drafts"), DraftStep.objects.filter(**of_draft)),
        ArchiveTable(
            "draft_moves", _("What each change moved"), StepMove.objects.filter(step__draft__conference=conference)
        ),
        ArchiveTable("releases", _("Releases"), Release.objects.filter(**own)),
        ArchiveTable(
            "release_places",
            _("Where each release has which session"),
            ReleasedPlacement.objects.filter(release__conference=conference),
        ),
        ArchiveTable("searches", _("Searches of the scheduler"), SolverRun.objects.filter(**own)),
        ArchiveTable(
            "search_answers", _("What the searches found"), SolverAnswer.objects.filter(run__conference=conference)
        ),
    ]


def _team(conference: Conference) -> list[ArchiveTable]:
    team = {"team__conferences": conference}
    user = {"email": "user__email", "name": "user__name"}
    return [
        ArchiveTable("team", _("The team"), Team.objects.filter(conferences=conference)),
        ArchiveTable(
            "team_members", _("Who is in the team, with which rights"), Membership.objects.filter(**team), user
        ),
        ArchiveTable("team_invitations", _("Who was invited into the team"), TeamInvitation.objects.filter(**team)),
        ArchiveTable("journal", _("Everything that happened"), Entry.objects.filter(conference_id=conference.pk)),
    ]
