"""All that a batch of messages needs to be written, read at once: a few queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models import Q

from accounts.models import AddressChange, Membership
from accounts.rights import Rights
from journal.models import Entry
from notifications.mails.calendar_place import CalendarPlace, last_published, place_before, place_of
from notifications.mails.news import PlaceNews, agendas, news, on_day
from notifications.mails.organizer_digests import attention_of
from notifications.models import Message
from notifications.ports.attention import AttentionItem, shown_to
from notifications.rules.mail_rules import CALENDAR_OF, QUESTIONS, supersedes
from notifications.wordings.own_texts import Wording, organizers_wordings
from notifications.wordings.texts import page_language
from registration.domain.conference_line import positions
from registration.domain.signups.clash import clash
from registration.facts import of_places
from registration.models import SignUp
from schedule.domain.programme.days import ProgrammeDays, programme_days
from schedule.domain.published.details import Details, details_for_holders
from schedule.models import Release, ReleasedPlacement, Role, Room, Session

State = Message.State
# The mails that say which number in line their reader is.
_WAITING = ("place_waiting", "place_lost")
# The mails that name what their reader has at the same time.
_NAMING_CLASHES = ("place_offered", "place_waiting")
# The mails that tell what has become of a place since the last that its reader was told.
_SINCE_TOLD = ("place_back", "place_offered", "offer_expired")
# Of these kinds the last that left tells whether its reader knows of a place.
_HOLDING = ("place_confirmed", "place_back", "place_changed")
_TOLD = (State.CLAIMED, State.SENDING, State.SENT, State.UNKNOWN)


@dataclass(frozen=True)
class ToldBefore:
    """What a person has been sent about one place so far.

    `sequence` is the newest state they know, `in_calendar` whether their calendar holds the entry, `followed`
    whether a message that is yet to come makes this one pointless, and `calendar_mails` how many had a calendar part.
    `holds`: the last they were told is that they have the place, by a message about the journal entry `entry`; `asked`:
    by that they were asked whether they take it.
    """

    sequence: int | None = None
    in_calendar: bool = False
    followed: bool = False
    calendar_mails: int = 0
    holds: bool = False
    asked: bool = False
    entry: int = 0


@dataclass
class RenderInput:
    """One message with all that it speaks of, as things stand now.

    `data` is what its cause said and the rows no longer say. `language` is the reader's, `our_language` the one that
    our own words are in for them.
    """

    message: Message
    data: Mapping[str, Any]
    language: str
    our_language: str
    wording: Wording | None = None
    told: ToldBefore = ToldBefore()
    place: CalendarPlace | None = None
    # What a calendar part may say of the session besides.
    details: Details | None = None
    # Where a session was last published, if it is nowhere now; for whoever appears in it.
    last: CalendarPlace | None = None
    # Whether its recipient, a person of the programme, appears in the session themselves.
    appears: bool = False
    # What a changed place was before; and what it is as far as its owner knows, who has not heard of what followed.
    old: CalendarPlace | None = None
    known: CalendarPlace | None = None
    # Their number in the line for the session, or for the conference.
    position: int | None = None
    # The confirmed place that an offered one overlaps.
    clash: CalendarPlace | None = None
    agenda: Sequence[SignUp] = ()
    news: Sequence[PlaceNews] = ()
    attention: Sequence[AttentionItem] = ()
    # The change of an account's address that the message is about.
    change: AddressChange | None = None

    @property
    def session(self) -> Session | None:
        """What the message is about, as somebody's place or as a session of the programme."""
        return self.message.signup.session if self.message.signup else self.message.session


# The messages that one mail tells, the oldest first; mostly one.
Group: TypeAlias = Sequence[RenderInput]


def gather(ids: Collection[int]) -> list[RenderInput]:
    """What these messages are rendered from, in the order of their keys."""
    messages = list(
        Message.objects.filter(pk__in=ids)
        .order_by("pk")
        .select_related(
            "conference",
            "participant",
            "user",
            "team_invitation__team",
            "team_invitation__invited_by",
            "person",
            "registration",
            "magic_link",
            "announcement",
            "signup__session__kind",
            "signup__session__theme",
            "signup__session__conference",
            "signup__session__seats",
            "session__kind",
            "session__theme",
            "session__conference",
        )
    )
    causes = {message.journal_entry_id for message in messages if message.journal_entry_id}
    data: dict[int | None, Any] = dict(Entry.objects.filter(pk__in=causes).values_list("pk", "data"))
    wordings = organizers_wordings([message for message in messages if not message.announcement_id])
    inputs = []
    for message in messages:
        language = _language(message)
        ours = page_language(language)
        key = message.conference_id, message.kind
        wording = wordings.get((*key, language)) or wordings.get((*key, ours))
        said = {**data.get(message.journal_entry_id, {}), **message.data}
        inputs.append(RenderInput(message, said, language, ours, wording))
    # What is read beyond the messages' own rows, and for which of them. What a place was is told from what it is.
    for add, needing in (
        (_add_places, [one for one in inputs if one.message.signup]),
        (_add_details, [one for one in inputs if one.session and CALENDAR_OF[one.message.kind]]),
        (_add_positions, [one for one in inputs if one.message.kind in _WAITING]),
        (_add_places_in_line, [one for one in inputs if one.message.kind == "registration_in_line"]),
        (_add_clashes, [one for one in inputs if one.message.kind in _NAMING_CLASHES]),
        (_add_appearances, [one for one in inputs if one.message.person and one.message.session]),
        (_add_old, [one for one in inputs if one.data.get("old") and one.session]),
        (_add_known, [one for one in inputs if one.message.kind in _SINCE_TOLD]),
        (_add_agendas, [one for one in inputs if one.message.kind == "agenda_reminder"]),
        (_add_news, [one for one in inputs if one.message.kind == "digest"]),
        (_add_changes, [one for one in inputs if "change" in one.message.data and one.message.user]),
        (_add_attention, [one for one in inputs if one.message.kind == "organizer_digest"]),
    ):
        if needing:
            add(needing)
    return inputs


def _language(message: Message) -> str:
    """The language the recipient chose for mails, unless the message has one of its own."""
    registration, conference = message.registration, message.conference
    chosen = message.data.get("language") or (registration or message.recipient).language
    return str(chosen or (conference.languages[0] if conference else settings.LANGUAGE_CODE))


def _add_places(about: list[RenderInput]) -> None:
    """What people know of their places, and where and when these are or were. At most two queries."""
    fields = ("signup_id", "pk", "journal_entry_id", "kind", "state", "calendar_method", "calendar_sequence")
    sent: dict[int | None, list[Any]] = defaultdict(list)
    rows = Message.objects.filter(signup_id__in={one.message.signup_id for one in about})
    for row in rows.order_by("journal_entry_id").values_list(*fields, named=True):
        sent[row.signup_id].append(row)
    signups = [(one, one.message.signup) for one in about if one.message.signup]
    ended = {signup.session_id for _, signup in signups if signup.during is None}
    published = last_published(ended) if ended else {}
    for one, signup in signups:
        number, kind = one.message.journal_entry_id or 0, one.message.kind
        earlier = [row for row in sent[signup.pk] if (row.journal_entry_id or 0) <= number and row.pk != one.message.pk]
        later = [row.kind for row in sent[signup.pk] if (row.journal_entry_id or 0) > number]
        methods = [row.calendar_method for row in earlier if row.calendar_method]
        known = [row.calendar_sequence for row in earlier if row.state != State.FAILED]
        told = [row for row in earlier if row.state in _TOLD and row.kind not in QUESTIONS]
        one.told = ToldBefore(
            holds=bool(told) and told[-1].kind in _HOLDING,
            asked=bool(told) and told[-1].kind == "place_offered",
            entry=(told[-1].journal_entry_id or 0) if told else 0,
            sequence=max((sequence for sequence in known if sequence is not None), default=None),
            in_calendar=methods[-1:] == ["REQUEST"],
            followed=any(supersedes(other, kind) for other in later),
        )
        one.place = place_of(signup, published)


def _add_details(about: list[RenderInput]) -> None:
    """What invitations say of their sessions. Four queries for each conference."""
    found = details_for_holders([one.session for one in about if one.session and _is_inside(one.message)])
    for one in about:
        one.details = found.get(one.session.pk) if one.session else None


def _is_inside(message: Message) -> bool:
    """Whether a message is to somebody who has a place in the session, or appears in it."""
    return message.signup is None or message.signup.state == SignUp.State.CONFIRMED


def _add_known(telling: list[RenderInput]) -> None:
    """Where and when places were as far as their owners know, who have heard of nothing since. One query."""
    unheard = [one for one in telling if one.told.holds or one.told.asked]
    about = Entry.objects.filter(verb__in=of_places(), subject_id__in={one.message.signup_id for one in unheard})
    entries = list(about.order_by("pk").values_list("pk", "subject_id", "data"))
    for one in unheard:
        mine = (data for pk, subject, data in entries if subject == one.message.signup_id and pk > one.told.entry)
        if old := next((data["old"] for data in mine if data.get("old")), None):
            one.known = place_before(old, one.place, one.session.title if one.session else "", {})
            # What an offer was that is gone, its mail need not say.
            one.old = one.old if one.message.kind == "offer_expired" else one.known


def _add_positions(waiting: list[RenderInput]) -> None:
    """How many stand before each person who waits. One query."""
    rows = SignUp.objects.filter(pk__in=[one.message.signup_id for one in waiting], state=SignUp.State.WAITING)
    numbers: dict[int | None, int] = dict(rows.with_position().values_list("pk", "position"))
    for one in waiting:
        one.position = numbers.get(one.message.signup_id)


def _add_places_in_line(waiting: list[RenderInput]) -> None:
    """How many stand before each person in line for a conference that is full. One query."""
    numbers = positions(one.message.registration for one in waiting if one.message.registration)
    for one in waiting:
        one.position = numbers.get(one.message.registration_id or 0)


def _add_clashes(offered: list[RenderInput]) -> None:
    """The place that each person would leave if they took the one they are offered. One query."""
    held = SignUp.objects.confirmed().filter(registration_id__in={one.message.registration_id for one in offered})
    by_person: dict[int | None, list[SignUp]] = defaultdict(list)
    for signup in held.select_related("session").order_by("during", "pk"):
        by_person[signup.registration_id].append(signup)
    for one in offered:
        for other in by_person[one.message.registration_id]:
            if one.clash is None and one.message.signup and clash(one.message.signup, other):
                one.clash = place_of(other, {})


def _add_appearances(appearing: list[RenderInput]) -> None:
    """Where and when a session is that somebody appears in or hosts, by the newest release; and whether they appear in
    it, and what their calendar has been sent. At most four queries.
    """
    people, sessions = ({getattr(one.message, name) for one in appearing} for name in ("person_id", "session_id"))
    ours = Q(person_id__in=people, session_id__in=sessions)
    roles = set(Role.objects.filter(ours).values_list("person_id", "session_id"))
    sent: dict[tuple[int | None, int | None], list[tuple[int, str]]] = defaultdict(list)
    mails = Message.objects.filter(ours).exclude(calendar_method="").order_by("journal_entry_id")
    for *about, number, method in mails.values_list("person_id", "session_id", "journal_entry_id", "calendar_method"):
        sent[about[0], about[1]].append((number or 0, method))
    newest = Release.objects.filter(conference_id__in={one.message.conference_id for one in appearing})
    releases = newest.order_by("conference_id", "-number").distinct("conference_id").values("pk")
    rows = ReleasedPlacement.objects.filter(
        release_id__in=releases, session_id__in={one.message.session_id for one in appearing}
    )
    placed = {row.session_id: row for row in rows.select_related("room")}
    for one in appearing:
        key, number = (one.message.person_id, one.message.session_id), one.message.journal_entry_id or 0
        earlier = [method for entry, method in sent[key] if entry < number]
        one.appears = key in roles
        one.told = ToldBefore(in_calendar=earlier[-1:] == ["REQUEST"], calendar_mails=len(earlier))
        row, session = placed.get(one.message.session_id or 0), one.message.session
        if row and session and session.state == Session.State.ACCEPTED:
            venue = one.message.conference.venue if one.message.conference else ""
            one.place = CalendarPlace(row.start, row.end, row.room.name, session.title, row.room_id, venue=venue)
    nowhere = last_published({one.session.pk for one in appearing if one.session and not one.place})
    for one in appearing:
        if one.session and (last := nowhere.get(one.session.pk)):
            one.last = CalendarPlace(last.start, last.end, last.room_name, one.session.title, last.room_id)


def _add_old(changed: list[RenderInput]) -> None:
    """What a changed place was before. One query, or none."""
    unnamed = {one.data["old"]["room"] for one in changed if "room_name" not in one.data["old"]} - {None}
    rooms = dict(Room.objects.filter(pk__in=unnamed).values_list("pk", "name")) if unnamed else {}
    for one in changed:
        one.old = place_before(one.data["old"], one.place, one.session.title if one.session else "", rooms)


def _add_agendas(reminders: list[RenderInput]) -> None:
    """The recipient's sessions on the day a reminder is about. One query, and one for each
    conference.
    """
    held = agendas({one.message.registration_id or 0 for one in reminders})
    days: dict[int, ProgrammeDays] = {}
    for one in reminders:
        if conference := one.message.conference:
            if conference.pk not in days:
                days[conference.pk] = programme_days(conference)
            mine = held.get(one.message.registration_id or 0, [])
            one.agenda = on_day(mine, date.fromisoformat(one.data["day"]), days[conference.pk])


def _add_news(digests: list[RenderInput]) -> None:
    """What has happened since the entry that caused a daily mail. Two queries."""
    happened = news({one.message.registration_id or 0: one.message.journal_entry_id or 0 for one in digests})
    for one in digests:
        one.news = happened.get(one.message.registration_id or 0, [])


def _add_changes(about: list[RenderInput]) -> None:
    """The change of address that each message is about, if it is still there. One query."""
    found = AddressChange.objects.in_bulk({one.data["change"] for one in about})
    for one in about:
        one.change = found.get(one.data["change"])


def _add_attention(digests: list[RenderInput]) -> None:
    """What needs an organizer's attention, of what they may see; found out once for all of a conference who read the
    same language. One query besides.
    """
    members = Membership.objects.filter(user__in={one.message.user_id for one in digests})
    rights: dict[tuple[int | None, int | None], Rights] = {(one.team_id, one.user_id): one.rights for one in members}
    found: dict[tuple[int | None, str], Sequence[AttentionItem]] = {}
    for one in digests:
        key = one.message.conference_id, one.language
        if key not in found:
            found[key] = attention_of(one.message, one.language)
        conference = one.message.conference
        own = rights.get((conference.team_id, one.message.user_id)) if conference else None
        one.attention = shown_to(found[key], own) if own else []
