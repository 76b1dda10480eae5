"""The mails that publishing would send, found by doing it and taking it back.

Nothing guesses at who is written to a second time: the rules that read the journal say it of the very entries that the
change writes, and what is shown is composed as sending does. None of it stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar

from journal.models import Entry
from journal.retrying import retried
from notifications.delivery.superseding import is_pointless
from notifications.mails.render_input import RenderInput, gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.appearances import people
from notifications.rules.mail_rules import KINDS
from notifications.rules.queueing import Queueing
from notifications.rules.recipients import participants
from organize.mail.message_words import kind_name
from organize.mail.preview import in_parts, may_preview
from registration.models import Registration
from schedule.models import Conference, Person
from schedule.vocabulary.languages import language_name

# Of so many messages of a kind and language one is shown: what would not be sent after all is passed over.
TRIED = 3


@dataclass(frozen=True, slots=True)
class SampleMail:
    """One mail as its reader would get it. `entry` is the name of the calendar entry that comes with it, `method` what
    that does to a calendar (RFC 5546); both are empty without one.
    """

    language: str
    language_name: str
    subject: str
    text: str
    method: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class MailsOfKind:
    """How many mails of a kind leave, and one in each language that they are written in."""

    kind: str
    name: str
    count: int
    samples: list[SampleMail]


@retried
def sample_mails(
    conference: Conference, publish: Callable[[], object], *, now: datetime, names: bool
) -> list[MailsOfKind]:
    """What would be sent if `publish` were called, which it is, and taken back. Raises what `publish` raises.

    With `names` the mails are to whom they would go; otherwise to somebody invented. It takes as long as the change
    itself, and holds its locks as long; the number of queries does not depend on how many are told.
    """
    with transaction.atomic():
        last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        publish()
        entries = list(Entry.objects.filter(conference_id=conference.pk, pk__gt=last).order_by("pk"))
        found = _by_kind(entries, now, names=names)
        transaction.set_rollback(True)
    return found


def _by_kind(entries: Sequence[Entry], now: datetime, *, names: bool) -> list[MailsOfKind]:
    cases = sorted([*participants(entries), *people(entries)], key=lambda case: case.entry.pk)
    leaving = Queueing(cases, now).leaving if cases else []
    samples: dict[str, dict[str, SampleMail]] = defaultdict(dict)
    for to in _tried(leaving):
        of_kind = samples[to.message.kind]
        # A mail that cannot be written is not sent either (CalendarError is a ValueError).
        with suppress(ValueError):
            if to.language not in of_kind and not is_pointless(to, now):
                of_kind[to.language] = _sample(to, now, names=names)
    counts = Counter(message.kind for message in leaving)
    shown = (kind for kind in KINDS if samples[kind])
    return [MailsOfKind(kind, kind_name(kind), counts[kind], list(samples[kind].values())) for kind in shown]


def _tried(leaving: Sequence[Message]) -> list[RenderInput]:
    """The first few of each kind and language, with all that they are written from."""
    languages = _languages(leaving)
    tried: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in leaving:
        alike = tried[message.kind, languages[message.registration_id, message.person_id]]
        if len(alike) < TRIED and may_preview(message, may_change=True):
            alike.append(message)
    wanted = [message for alike in tried.values() for message in alike]
    Message.objects.bulk_create(message for message in wanted if message.pk is None)
    return gather([message.pk for message in wanted])


def _languages(messages: Iterable[Message]) -> dict[tuple[int | None, int | None], str]:
    """The languages that their readers chose, by the keys of registration and person. Two queries."""
    keys = {(message.registration_id, message.person_id) for message in messages}
    registrations, persons = {one for one, _person in keys if one}, {one for _registration, one in keys if one}
    chosen = dict(Registration.objects.filter(pk__in=registrations).values_list("pk", "language"))
    spoken = dict(Person.objects.filter(pk__in=persons).values_list("pk", "language"))
    return {key: chosen.get(key[0] or 0) or spoken.get(key[1] or 0) or "" for key in keys}


def _sample(to: RenderInput, now: datetime, *, names: bool) -> SampleMail:
    if to.message.registration is not None and not names:
        with translation.override(to.our_language):
            to.message.registration.display_name = _("Kim Minji")
    composed = compose([to], now)
    shown = in_parts(composed.message)
    entry = ""
    if shown.calendar:
        entry = str(Calendar.from_ical(shown.calendar).events[0].get("SUMMARY", ""))
    return SampleMail(to.our_language, language_name(to.language), shown.subject, shown.text, composed.method, entry)
