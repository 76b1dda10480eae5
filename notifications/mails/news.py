"""Lists of sessions in mails: tomorrow's, and what has happened to a person's places since their last daily mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from journal.models import Entry
from registration.domain.signups.steps.on_offer import online_mark
from registration.facts import OfferExpired, PlaceAwaited, PlaceConfirmed, PlaceLost, of_places
from registration.models import SignUp
from schedule.domain.programme.days import ProgrammeDays

State = SignUp.State


@dataclass(frozen=True)
class PlaceNews:
    """What has become of one place, all in all; `what` names the words for it in templates/mail/digest.txt."""

    signup: SignUp
    what: str


def agendas(registrations: Collection[int]) -> dict[int, list[SignUp]]:
    """Confirmed places by registration, in order of time. One query, or none."""
    found: dict[int, list[SignUp]] = defaultdict(list)
    if registrations:
        rows = SignUp.objects.confirmed().filter(registration_id__in=registrations).order_by("during", "pk")
        for signup in rows.select_related("session"):
            found[signup.registration_id].append(signup)
    return found


def starts_of(signups: Iterable[SignUp]) -> list[tuple[SignUp, datetime]]:
    """Sign-ups with a time, and when they start."""
    return [(one, one.during.lower) for one in signups if one.during is not None and one.during.lower is not None]


def on_day(signups: Iterable[SignUp], day: date, days: ProgrammeDays) -> list[SignUp]:
    """Those that belong to a day of the programme."""
    return [one for one, start in starts_of(signups) if days.day_of(start) == day]


def news(since: Mapping[int, int]) -> dict[int, list[PlaceNews]]:
    """What happened to the places of these registrations since an entry of the journal each. Two queries, or none.

    Only what intake has handled counts: a later entry makes a daily mail of its own.
    """
    if not since:
        return {}
    signups = {
        one.pk: one for one in SignUp.objects.filter(registration_id__in=since).select_related("session").order_by("pk")
    }
    entries: dict[int, list[Entry]] = defaultdict(list)
    about = Entry.objects.filter(verb__in=of_places(), subject_id__in=signups, pk__gte=min(since.values()))
    for entry in about.filter(handled_at__isnull=False).order_by("pk"):
        if entry.subject_id is not None and entry.pk >= since[signups[entry.subject_id].registration_id]:
            entries[entry.subject_id].append(entry)
    found: dict[int, list[PlaceNews]] = defaultdict(list)
    now = timezone.now()
    for pk, of_place in entries.items():
        during = signups[pk].during
        if during is not None and during.upper <= now:
            continue  # what is over concerns nobody any more
        if what := _what(signups[pk], of_place):
            found[signups[pk].registration_id].append(PlaceNews(signups[pk], what))
    return {pk: sorted(rows, key=_by_time) for pk, rows in found.items()}


def _by_time(row: PlaceNews) -> tuple[str, int]:
    return (row.signup.during.lower.isoformat() if row.signup.during and row.signup.during.lower else "", row.signup.pk)


def _what(signup: SignUp, entries: Sequence[Entry]) -> str:
    """The net result; empty where everything is as it was before."""
    verbs = [entry.verb for entry in entries]
    if signup.state == State.CONFIRMED:
        if entries[0].data.get("by") == "back" or any(map(_is_new, entries)):
            return "confirmed"
        return "" if _is_back(signup, entries) else "changed"
    if signup.state == State.WAITING:
        return "lost" if PlaceLost.verb in verbs else "waiting"
    return "offered" if signup.state == State.OFFERED else _how_it_ended(entries)


def _is_new(entry: Entry) -> bool:
    """Whether somebody has a place that they did not have before, rather than again."""
    return entry.verb == PlaceConfirmed.verb and entry.data.get("by") != "back"


def _how_it_ended(entries: Sequence[Entry]) -> str:
    first, last = entries[0], entries[-1]
    if last.data.get("reason") == "session":
        return "cancelled"
    if last.data.get("reason") == "over":
        return ""
    if last.data.get("reason") == "closed":
        return "closed"
    if last.verb == OfferExpired.verb:
        return "expired"
    was_new = first.verb in (PlaceConfirmed.verb, PlaceAwaited.verb)
    return "" if was_new or last.data.get("was") == State.WAITING else "left"


def _is_back(signup: SignUp, entries: Sequence[Entry]) -> bool:
    """Whether a place that only changed is again as it was before the first change."""
    old = next((entry.data["old"] for entry in entries if entry.data.get("old")), None)
    if old is None:
        return True
    if signup.during is None or signup.during.lower is None or signup.during.upper is None:
        return False
    start, end = signup.during.lower, signup.during.upper
    now = (start, end, signup.room_id, online_mark(signup.online_url))
    was = (datetime.fromisoformat(old["start"]), datetime.fromisoformat(old["end"]), old["room"], old.get("online", ""))
    # Entries from before names were kept have none.
    names = {"room_name": LazyI18nString(signup.room_name).data, "venue": LazyI18nString(signup.venue).data}
    same_names = all(old.get(key, name) == name for key, name in names.items())
    title = signup.session.title
    same_title = not old["title"] or (title.data if isinstance(title, LazyI18nString) else title) == old["title"]
    return now == was and same_names and same_title
