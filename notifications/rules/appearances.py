"""Speakers and hosts: who is told about a session because they appear in it or their organisation runs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q

from journal.models import Entry
from notifications.rules.mail_rules import To, rule_for
from notifications.rules.recipients import Case, Recipient
from schedule.facts.invitations import HostInvited, SpeakerInvited
from schedule.facts.programme import ReleasePublished, SessionCancelled
from schedule.models import Release, ReleasedPlacement, Role, Session, SessionHost


def people(entries: Sequence[Entry]) -> list[Case]:
    """The cases of speakers and hosts who have an address. At most nine queries; none where no entry concerns them."""
    by_verb: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_verb[entry.verb].append(entry)
    return [
        *_invited(by_verb[SpeakerInvited.verb], by_verb[HostInvited.verb]),
        *_concerned(by_verb[ReleasePublished.verb], by_verb[SessionCancelled.verb]),
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


def _concerned(published: Sequence[Entry], cancelled: Sequence[Entry]) -> list[Case]:
    """Whose session was given a time, moved, taken out or cancelled."""
    conferences = {entry.conference_id for entry in (*published, *cancelled) if entry.conference_id}
    if not conferences:
        return []
    appear = _people_of(conferences)
    if not appear:
        return []
    cases = []
    for entry, session, change, new, old in sorted(
        [*_changes(published, appear), *_cancellations(cancelled, appear)], key=lambda row: (row[0].pk, row[1])
    ):
        rule = rule_for(entry.verb, {"change": change})
        begins = new.start if new else old.start if old else None
        data = {"change": change} | ({"old": _was(old)} if old else {})
        if rule is not None and rule.to is To.PEOPLE:
            cases += [
                Case(entry, rule, Recipient(person_id=who, session_id=session, begins=begins), data)
                for who in appear[session]
            ]
    return cases


def _people_of(conferences: Collection[int]) -> dict[int, list[int]]:
    """Session to the people who appear in it or answer for its hosts, each once, as far as they have an address."""
    found: dict[int, set[int]] = defaultdict(set)
    roles = Role.objects.filter(session__conference_id__in=conferences, person__isnull=False)
    for session, who in roles.exclude(person__email="").values_list("session_id", "person_id"):
        if who is not None:
            found[session].add(who)
    # A host that is only assumed has not been asked.
    links = SessionHost.objects.filter(is_shown=True, session__conference_id__in=conferences)
    hosts = links.filter(body__contact__isnull=False)
    for session, who in hosts.exclude(body__contact__email="").values_list("session_id", "body__contact_id"):
        if who is not None:
            found[session].add(who)
    return {session: sorted(who) for session, who in found.items()}


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


def _cancellations(cancelled: Sequence[Entry], sessions: Collection[int]) -> Iterable[Change]:
    """Cancelled sessions that everybody could see in the newest release. Two queries."""
    ids = {entry.subject_id for entry in cancelled if entry.subject_id in sessions}
    if not ids:
        return
    newest = Release.objects.filter(conference_id__in={entry.conference_id for entry in cancelled})
    newest = newest.order_by("conference_id", "-number").distinct("conference_id")
    releases = list(newest.values_list("pk", flat=True))
    rows = ReleasedPlacement.objects.filter(release_id__in=releases, session_id__in=[pk for pk in ids if pk])
    last = {row.session_id: row for row in rows}
    for entry in cancelled:
        if entry.subject_id in last:
            yield entry, entry.subject_id, "removed", None, last[entry.subject_id]


def _was(row: ReleasedPlacement) -> dict[str, Any]:
    """A placement as entries about sign-ups name what was; the title is told as it is now."""
    return {"start": row.start.isoformat(), "end": row.end.isoformat(), "room": row.room_id, "title": ""}
