"""All that a batch of messages needs to be written, read at once: a few queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from i18nfield.strings import LazyI18nString

from journal.models import Entry
from notifications.mails.calendar_place import Place
from notifications.mails.news import News, agendas, news, on_day
from notifications.mails.organizer_digests import attention_of
from notifications.models import Message
from notifications.ports.attention import Item
from notifications.rules.mail_rules import supersedes
from notifications.wordings.own_texts import Wording, organizers_wordings
from notifications.wordings.texts import page_language
from registration.domain.signups.clash import clash
from registration.domain.signups.seats_follow import online_mark
from registration.models import SignUp
from schedule.domain.programme.days import ProgrammeDays, programme_days
from schedule.models import Release, ReleasedPlacement, Room, Session

State = Message.State


@dataclass(frozen=True)
class Told:
    """What a person has been sent about one place so far.

    `sequence` is the newest state they know, `in_calendar` whether their calendar holds the entry, and `followed`
    whether a message that is yet to come makes this one pointless.
    """

    sequence: int | None = None
    in_calendar: bool = False
    followed: bool = False


@dataclass
class Letter:
    """One message with what it speaks of."""

    message: Message
    data: Mapping[str, Any] = field(default_factory=dict)
    told: Told = Told()
    place: Place | None = None
    old: Place | None = None
    position: int | None = None
    wording: Wording | None = None
    # The confirmed place that an offered one overlaps.
    clash: SignUp | None = None
    agenda: Sequence[SignUp] = ()
    news: Sequence[News] = ()
    attention: Sequence[Item] = ()

    @property
    def language(self) -> str:
        """The language the recipient chose for mails, unless the message has one of its own."""
        if own := self.message.data.get("language"):
            return str(own)
        registration, conference = self.message.registration, self.message.conference
        chosen = registration.language if registration else self.message.recipient.language
        return chosen or (conference.languages[0] if conference else settings.LANGUAGE_CODE)

    @property
    def signup(self) -> SignUp:
        signup = self.message.signup
        if signup is None:
            raise ValueError(f"message {self.message.pk} speaks of no place")
        return signup

    @property
    def session(self) -> Session | None:
        """What the message is about, as somebody's place or as a session of the programme."""
        return self.message.signup.session if self.message.signup else self.message.session


def gather(ids: Collection[int]) -> list[Letter]:
    """Letters for these messages, in the order of their keys."""
    rows = Message.objects.filter(pk__in=ids).order_by("pk")
    messages = list(
        rows.select_related(
            "conference",
            "participant",
            "user",
            "person",
            "registration",
            "magic_link",
            "announcement",
            "signup__session__kind",
            "session",
        )
    )
    entries = [message.journal_entry_id for message in messages if message.journal_entry_id]
    data: dict[int | None, Any] = dict(Entry.objects.filter(pk__in=entries).values_list("pk", "data"))
    letters = [Letter(message, {**data.get(message.journal_entry_id, {}), **message.data}) for message in messages]
    _add_wordings(letters)
    about_places = [letter for letter in letters if letter.message.signup]
    if about_places:
        _add_history(about_places)
        _add_places(about_places)
        _add_positions(about_places)
        _add_clashes([letter for letter in about_places if letter.message.kind == "place_offered"])
    _add_appearances([letter for letter in letters if letter.message.person_id and letter.message.session_id])
    _add_old([letter for letter in letters if letter.data.get("old") and letter.session])
    _add_lists(letters)
    return letters


def _add_wordings(letters: list[Letter]) -> None:
    """The organizers' own words for each kind, in the reader's language or the one our own words would be in."""
    wordings = organizers_wordings([letter.message for letter in letters if not letter.message.announcement_id])
    for letter in letters:
        message, language = letter.message, letter.language
        for chosen in (language, page_language(language)):
            letter.wording = letter.wording or wordings.get((message.conference_id, message.kind, chosen))


def _add_history(letters: list[Letter]) -> None:
    rows = Message.objects.filter(signup_id__in={letter.message.signup_id for letter in letters})
    siblings: dict[int | None, list[Message]] = defaultdict(list)
    fields = ("signup_id", "journal_entry_id", "kind", "state", "calendar_method", "calendar_sequence")
    for row in rows.only(*fields).order_by("journal_entry_id"):
        siblings[row.signup_id].append(row)
    for letter in letters:
        letter.told = _told(letter.message, siblings[letter.message.signup_id])


def _told(message: Message, siblings: Iterable[Message]) -> Told:
    sequences, method, followed = [], "", False
    for other in siblings:
        if (other.journal_entry_id or 0) > (message.journal_entry_id or 0):
            followed = followed or supersedes(other.kind, message.kind)
        elif other.pk != message.pk:
            method = other.calendar_method or method
            if other.calendar_sequence is not None and other.state != State.FAILED:
                sequences.append(other.calendar_sequence)
    return Told(max(sequences, default=None), method == "REQUEST", followed)


def _add_places(letters: list[Letter]) -> None:
    """The time, room and title of each place; where it has none any more, those it was last published with."""
    without = {letter.signup.session_id for letter in letters if letter.signup.during is None}
    published = last_published(without)
    for letter in letters:
        letter.place = place_of(letter.signup, published)


def last_published(sessions: Collection[int]) -> dict[int, ReleasedPlacement]:
    """For each of these sessions the placement of the newest release that had it. One query, or none."""
    if not sessions:
        return {}
    rows = ReleasedPlacement.objects.filter(session_id__in=sessions).order_by("session_id", "-release__number")
    return {row.session_id: row for row in rows.distinct("session_id")}


def place_of(signup: SignUp, published: Mapping[int, ReleasedPlacement]) -> Place | None:
    """Where and when a sign-up's place is or, if it is nowhere now, was. Reads `session`."""
    venue = LazyI18nString(signup.venue)
    if signup.during is not None and signup.during.lower and signup.during.upper:
        return Place(
            signup.during.lower,
            signup.during.upper,
            LazyI18nString(signup.room_name),
            signup.session.title,
            signup.room_id,
            online=signup.online_url,
            online_mark=online_mark(signup.online_url),
            venue=venue,
        )
    if last := published.get(signup.session_id):
        return Place(last.start, last.end, last.room_name, signup.session.title, last.room_id, venue=venue)
    return None


def _add_appearances(letters: list[Letter]) -> None:
    """Where and when a session is that somebody appears in or hosts, by the newest release. Two queries, or none."""
    if not letters:
        return
    newest = Release.objects.filter(conference_id__in={letter.message.conference_id for letter in letters})
    releases = newest.order_by("conference_id", "-number").distinct("conference_id").values("pk")
    rows = ReleasedPlacement.objects.filter(
        release_id__in=releases, session_id__in={letter.message.session_id for letter in letters}
    )
    placed = {row.session_id: row for row in rows.select_related("room")}
    for letter in letters:
        row, session = placed.get(letter.message.session_id or 0), letter.session
        if row and session and session.state == Session.State.ACCEPTED:
            letter.place = Place(row.start, row.end, row.room.name, session.title, row.room_id)


def _add_clashes(letters: list[Letter]) -> None:
    """The place that each person would leave if they took the one they are offered. One query, or none."""
    if not letters:
        return
    held = SignUp.objects.confirmed().filter(registration_id__in={one.message.registration_id for one in letters})
    by_person: dict[int | None, list[SignUp]] = defaultdict(list)
    for signup in held.select_related("session").order_by("during", "pk"):
        by_person[signup.registration_id].append(signup)
    for letter in letters:
        for other in by_person[letter.message.registration_id]:
            if letter.clash is None and clash(letter.signup, other):
                letter.clash = other


def _add_lists(letters: list[Letter]) -> None:
    """Tomorrow's sessions, what is new, and what needs attention, for the kinds that list them."""
    of_kind: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        of_kind[letter.message.kind].append(letter)
    held = agendas({letter.message.registration_id or 0 for letter in of_kind["agenda_reminder"]})
    days: dict[int, ProgrammeDays] = {}
    for letter in of_kind["agenda_reminder"]:
        conference = letter.message.conference
        if conference:
            if conference.pk not in days:
                days[conference.pk] = programme_days(conference)
            mine = held.get(letter.message.registration_id or 0, [])
            letter.agenda = on_day(mine, date.fromisoformat(letter.data["day"]), days[conference.pk])
    since = {one.message.registration_id or 0: one.message.journal_entry_id or 0 for one in of_kind["digest"]}
    happened = news(since)
    for letter in of_kind["digest"]:
        letter.news = happened.get(letter.message.registration_id or 0, [])
    said: dict[tuple[int | None, str], Sequence[Item]] = {}
    for letter in of_kind["organizer_digest"]:
        key = letter.message.conference_id, letter.language
        if key not in said:
            said[key] = attention_of(letter.message, letter.language)
        letter.attention = said[key]


def _add_old(changed: list[Letter]) -> None:
    """What a changed place was before."""
    rooms: dict[int | None, Room] = {}
    # Of a session that somebody appears in, and in entries from before names were kept, only the room's key is known.
    unnamed = {letter.data["old"]["room"] for letter in changed if "room_name" not in letter.data["old"]}
    if keys := unnamed - {None}:
        rooms = {room.pk: room for room in Room.objects.filter(pk__in=keys).only("name", "conference_id")}
    for letter in changed:
        old = letter.data["old"]
        room = rooms.get(old["room"])
        named = LazyI18nString(old["room_name"]) if "room_name" in old else room.name if room else ""
        stays = letter.place.venue if letter.place else ""
        letter.old = Place(
            datetime.fromisoformat(old["start"]),
            datetime.fromisoformat(old["end"]),
            named,
            LazyI18nString(old["title"]) if old["title"] else letter.session.title if letter.session else "",
            old["room"],
            # Entries from before there were online addresses have none.
            online_mark=old.get("online", ""),
            venue=LazyI18nString(old["venue"]) if "venue" in old else stays,
        )


def _add_positions(letters: list[Letter]) -> None:
    """The place in line of each person who waits. One query, or none."""
    waiting = {letter.signup.pk for letter in letters if letter.signup.state == SignUp.State.WAITING}
    if not waiting:
        return
    positions = dict(SignUp.objects.filter(pk__in=waiting).with_position().values_list("pk", "position"))
    for letter in letters:
        letter.position = positions.get(letter.signup.pk)
