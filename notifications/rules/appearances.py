"""Speakers and hosts: who is told about a session because they appear in it or their organisation runs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from journal.models import Entry
from notifications.models import Message
from notifications.rules.mail_rules import APPEARANCES, STANDS, To, rule_for
from notifications.rules.recipients import Case, Recipient
from schedule.facts.invitations import HostInvited, SpeakerInvited
from schedule.facts.programme import ReleasePublished, SessionCancelled, SessionReinstated
from schedule.models import Release, ReleasedPlacement, Role, Session, SessionHost


def people(entries: Sequence[Entry]) -> list[Case]:
    """The cases of speakers and hosts with an address. At most eleven queries; none where no entry concerns them."""
    by_verb: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_verb[entry.verb].append(entry)
    return [
        *_invited(by_verb[SpeakerInvited.verb], by_verb[HostInvited.verb]),
        *_concerned(by_verb[ReleasePublished.verb], by_verb[SessionCancelled.verb] + by_verb[SessionReinstated.verb]),
    ]


def _invited(to_speak: Sequence[Entry], to_host: Sequence[Entry]) -> list[Case]:
    rows: dict[tuple[str, int], tuple[int, int]] = {}
    if to_speak:
        roles = Role.objects.filter(pk__in=[entry.subject_id for entry in to_speak]).exclude(person__email="")
        rows |= {
            (SpeakerInvited.verb, pk): (who, of) for pk, who, of in roles.values_list("pk", "person_id", "session_id")
        }
    if to_host:
        links = SessionHost.objects.filter(pk__in=[entry.subject_id for entry in to_host])
        links = links.exclude(body__contact__email="")
        values = links.values_list("pk", "body__contact_id", "session_id")
        rows |= {(HostInvited.verb, pk): (who, of) for pk, who, of in values}
    cases = []
    for entry in sorted((*to_speak, *to_host), key=lambda entry: entry.pk):
        who, of = rows.get((entry.verb, entry.subject_id or 0), (None, None))
        rule = rule_for(entry.verb, entry.data)
        if who is not None and rule is not None:
            cases.append(Case(entry, rule, Recipient(person_id=who, session_id=of)))
    return cases


def _concerned(published: Sequence[Entry], on_and_off: Sequence[Entry]) -> list[Case]:
    """Whose session was given a time, moved, taken out or cancelled, or takes place after all."""
    conferences = {entry.conference_id for entry in (*published, *on_and_off) if entry.conference_id}
    if not conferences:
        return []
    appear, told = _people_of(conferences), _told_last(conferences)
    if not appear.all and not told:
        return []
    cases = []
    changes = [*_changes(published, appear.all), *_on_and_off(on_and_off, appear.all)]
    for entry, session, change, new, old in sorted(changes, key=lambda row: (row[0].pk, row[1])):
        rule = rule_for(entry.verb, {"change": change})
        begins = new.start if new else old.start if old else None
        data = {"change": change} | ({"old": _was(old)} if old else {})
        if rule is not None and rule.to is To.PEOPLE:
            cases += [Case(entry, rule, appear.recipient(who, session, begins), data) for who in appear.all[session]]
    newest = {entry.conference_id: entry for entry in published}
    changed = {session for _entry, session, *_rest in changes}
    return [*cases, *_come_and_gone(newest.values(), changed, appear, told)]


@dataclass(frozen=True)
class Appearing:
    """Session to people, each once: all who are told of it, and those of them who appear in it themselves.

    `without_entries` are people who refuse calendar entries by mail.
    """

    all: dict[int, list[int]]
    in_roles: dict[int, list[int]]
    without_entries: AbstractSet[int]

    def recipient(self, who: int, session: int, begins: datetime | None) -> Recipient:
        """Somebody who is told of a session. Only who appears in it themselves gets it into their calendar."""
        entries = who in self.in_roles.get(session, ()) and who not in self.without_entries
        return Recipient(person_id=who, session_id=session, begins=begins, entries=entries)


def _people_of(conferences: Collection[int]) -> Appearing:
    """Who appears in each session or answers for its hosts, as far as they have an address. Two queries."""
    in_roles: dict[int, set[int]] = defaultdict(set)
    without_entries: set[int] = set()
    roles = Role.objects.filter(session__conference_id__in=conferences, person__isnull=False)
    fields = ("session_id", "person_id", "person__entries_by_mail")
    for session, who, entries in roles.exclude(person__email="").values_list(*fields):
        if who is not None:
            in_roles[session].add(who)
            if not entries:
                without_entries.add(who)
    found = defaultdict(set, {session: set(who) for session, who in in_roles.items()})
    # A host that is only assumed has not been asked.
    links = SessionHost.objects.filter(is_shown=True, session__conference_id__in=conferences)
    hosts = links.filter(body__contact__isnull=False)
    for session, who in hosts.exclude(body__contact__email="").values_list("session_id", "body__contact_id"):
        if who is not None:
            found[session].add(who)
    everybody, themselves = ({session: sorted(who) for session, who in people.items()} for people in (found, in_roles))
    return Appearing(everybody, themselves, without_entries)


# By conference, person and session.
ToldLast = Mapping[tuple[int | None, int | None, int | None], str]


def _told_last(conferences: Collection[int]) -> ToldLast:
    """The kind of the newest mail to each about their appearance in each session, sent or yet to be. One query."""
    rows = Message.objects.filter(
        conference_id__in=conferences, kind__in=APPEARANCES, session__isnull=False, person__isnull=False
    )
    rows = rows.exclude(person__email="").exclude(state=Message.State.SUPERSEDED)
    rows = rows.order_by("person_id", "session_id", "-journal_entry_id")
    newest = rows.distinct("person_id", "session_id").values_list("conference_id", "person_id", "session_id", "kind")
    return {(conference, who, session): kind for conference, who, session, kind in newest}


def _come_and_gone(
    published: Iterable[Entry],
    changed: Collection[int],
    appear: Appearing,
    told: ToldLast,
) -> Iterable[Case]:
    """Who has come to appear in a session since the last release, or does so no longer, with what they are told.

    `changed` are sessions of which all who appear in them are told anyway. One query for each conference.
    """
    for entry in published:
        placed = ReleasedPlacement.objects.filter(
            release__conference_id=entry.conference_id or 0,
            release__number=entry.data["number"],
            session__state=Session.State.ACCEPTED,
        )
        begins = dict(placed.filter(session_id__in=appear.in_roles).values_list("session_id", "start"))
        come = [
            (who, session, "added")
            for session in sorted(begins)
            for who in appear.in_roles[session]
            if told.get((entry.conference_id, who, session)) not in STANDS and session not in changed
        ]
        gone = [
            (who, session, "ended")
            for (conference, who, session), kind in told.items()
            if conference == entry.conference_id and kind in STANDS
            if who is not None and session is not None and who not in appear.all.get(session, ())
        ]
        for who, session, change in (*come, *gone):
            if rule := rule_for(entry.verb, {"change": change}):
                recipient = appear.recipient(who, session, begins.get(session))
                yield Case(entry, rule, recipient, {"change": change})


Change = tuple[Entry, int, str, ReleasedPlacement | None, ReleasedPlacement | None]


def _changes(published: Sequence[Entry], sessions: Collection[int]) -> Iterable[Change]:
    """What each release changed of these sessions, against the one before. Two queries."""
    if not published:
        return
    wanted = Q()
    for entry in published:
        numbers = [number for number in (entry.data["number"], entry.data["previous"]) if number is not None]
        wanted |= Q(release__conference_id=entry.conference_id, release__number__in=numbers)
    placed: dict[tuple[int, int], dict[int, ReleasedPlacement]] = defaultdict(dict)
    rows = ReleasedPlacement.objects.filter(wanted, session_id__in=sessions).select_related("release")
    for row in rows:
        placed[row.release.conference_id, row.release.number][row.session_id] = row
    gone = set(Session.objects.filter(pk__in=sessions, state=Session.State.CANCELLED).values_list("pk", flat=True))
    for entry in published:
        conference = entry.conference_id or 0
        before = placed.get((conference, entry.data["previous"] or 0), {})
        after = placed.get((conference, entry.data["number"]), {})
        for session in before.keys() | after.keys():
            old, new = before.get(session), after.get(session)
            change = _kind(old, new)
            # That it was cancelled has been told by then.
            if change and not (change == "removed" and session in gone):
                yield entry, session, change, new, old


def _kind(old: ReleasedPlacement | None, new: ReleasedPlacement | None) -> str:
    if old is None or new is None:
        return "added" if new else "removed"
    return "moved" if (old.start, old.end, old.room_id) != (new.start, new.end, new.room_id) else ""


def _on_and_off(entries: Sequence[Entry], sessions: Collection[int]) -> Iterable[Change]:
    """Sessions of the newest release that were cancelled, or take place after all. Two queries."""
    ids = {entry.subject_id for entry in entries if entry.subject_id in sessions}
    if not ids:
        return
    newest = Release.objects.filter(conference_id__in={entry.conference_id for entry in entries})
    newest = newest.order_by("conference_id", "-number").distinct("conference_id")
    releases = list(newest.values_list("pk", flat=True))
    rows = ReleasedPlacement.objects.filter(release_id__in=releases, session_id__in=[pk for pk in ids if pk])
    last = {row.session_id: row for row in rows}
    for entry in entries:
        if entry.subject_id in last:
            row = last[entry.subject_id]
            is_on = entry.verb == SessionReinstated.verb
            yield entry, entry.subject_id, *(("added", row, None) if is_on else ("removed", None, row))


def _was(row: ReleasedPlacement) -> dict[str, Any]:
    """A placement as entries about sign-ups name what was; the title is told as it is now."""
    return {"start": row.start.isoformat(), "end": row.end.isoformat(), "room": row.room_id, "title": ""}
