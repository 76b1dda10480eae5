"""What is kept how long: one table, which the beat carries out, organizers read, and docs/reference/retention.md shows.

The rows about mails and webhooks stand in `notifications.retention`, in the same form, and so does what has no term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.domain.addresses import forget_changes
from accounts.domain.forgetting import forget_administration, forget_sessions
from accounts.domain.invitations import forget_invitations
from journal.actors import SYSTEM
from journal.presses.marks import KEEP_PRESSES, forget_presses
from journal.recording import record
from journal.retrying import retried
from registration.domain.privacy.browsers import forget_browsers
from registration.domain.privacy.kept_forms import forget_forms
from registration.domain.privacy.long_over import KEEP_PEOPLE, forget_people
from registration.domain.registrations.limits import LONGEST_WINDOW, forget_tallies
from registration.models import MagicLink, Participant, Registration
from registration.privacy_facts import AnswersForgotten, ContactsForgotten, TermsCarriedOut
from schedule.exchange.everything.asking import KEEP_ARCHIVES, forget_archives
from schedule.exchange.imports.uploads import KEEP_UPLOADS, forget_uploads
from schedule.models import Conference, Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class After(StrEnum):
    """From when a term runs."""

    CONFERENCE = "conference"
    LAST = "last"
    END = "end"


_AFTER: Mapping[After, _StrPromise] = {
    After.CONFERENCE: _("after the last day of the conference"),
    After.LAST: _("after the last day of the last of their conferences"),
    After.END: _("after it has run out or was settled"),
}


@dataclass(frozen=True)
class Term:
    """One row: what is kept, for how many days after what, and what deletes it then (returns how many there were).

    `rows` are the labels of the models whose rows it deletes, with what hangs on them, or empties.
    """

    code: str
    what: _StrPromise
    days: int
    after: After
    rows: tuple[str, ...]
    forget: Callable[[datetime], int]

    @property
    def duration(self) -> str:
        """How long, in words."""
        said = ngettext("%(days)s day", "%(days)s days", self.days) % {"days": self.days}
        return f"{said} {_AFTER[self.after]}"


def carry_out(terms: Iterable[Term], *, now: datetime) -> dict[str, int]:
    """Delete everything whose term is over, and write down how much that was. Returns the counts by code."""
    counts = {term.code: found for term in terms if (found := term.forget(now))}
    if counts:
        _tell(counts)
    return counts


@retried
@transaction.atomic
def _tell(counts: dict[str, int]) -> None:
    record(TermsCarriedOut(conference_id=None, counts=counts), actor=SYSTEM)


def forget(*, now: datetime) -> dict[str, int]:
    """`carry_out` for the rows of this table."""
    return carry_out(TERMS, now=now)


# What was typed and never confirmed outlives its link by this, so that another link can be asked for with one press.
KEEP_TYPED = timedelta(days=7)
# The outbox shows what was mailed for a link; after this time neither is of use.
KEEP_LINKS = timedelta(days=30)


def _typed(now: datetime) -> int:
    return MagicLink.objects.filter(expires_at__lte=now - KEEP_TYPED).exclude(answers={}).update(answers={})


def _links(now: datetime) -> int:
    deleted = MagicLink.objects.filter(expires_at__lte=now - KEEP_LINKS).delete()[1]
    return deleted.get(MagicLink._meta.label, 0)


def _unproved(now: datetime) -> int:
    more_than_a_draft = Registration.objects.filter(participant=OuterRef("pk")).exclude(state=Registration.State.DRAFT)
    rows = Participant.objects.filter(~Exists(more_than_a_draft), verified_at=None, created_at__lte=now - KEEP_LINKS)
    return rows.delete()[1].get(Participant._meta.label, 0)


def _sessions(now: datetime) -> int:
    deleted = Session.objects.filter(expire_date__lte=now).delete()[0]
    forget_browsers()
    forget_sessions()
    return deleted


def _answers(days: int, empty: dict[str, Any]) -> Callable[[datetime], int]:
    """Empties these columns so many days after each conference. Twice changes nothing."""

    def emptied(now: datetime) -> int:
        over = Conference.objects.filter(ends_on__lt=(now - timedelta(days=days)).date())
        return sum(_empty(conference, empty) for conference in over)

    return emptied


@retried
@transaction.atomic
def _empty(conference: Conference, empty: dict[str, Any]) -> int:
    filled = Q()
    for name, value in empty.items():
        filled |= ~Q(**{name: value})
    count = Registration.objects.for_conference(conference).filter(filled).update(**empty)
    if count:
        fact = AnswersForgotten(conference_id=conference.pk, fields=tuple(sorted(empty)), registrations=count)
        record(fact, actor=SYSTEM)
    return count


def _contacts(now: datetime) -> int:
    over = Conference.objects.filter(ends_on__lt=(now - KEEP_CONTACTS).date())
    return sum(_without_contacts(conference) for conference in over)


@retried
@transaction.atomic
def _without_contacts(conference: Conference) -> int:
    people = Person.objects.filter(conference=conference).exclude(email="").update(email="")
    if people:
        record(ContactsForgotten(conference_id=conference.pk, people=people), actor=SYSTEM)
    return people


KEEP_CONTACTS = KEEP_NOTES = timedelta(days=365)
_ABOUT = {"display_name": "", "latin_name": "", "affiliation": "", "country": ""}
_ACCESS = {"access_needs": [], "access_note": ""}
_REGISTRATION = ("registration.Registration",)
# What is deleted with its participant.
_ALL_OF_A_PERSON = (
    "registration.Participant", "registration.Registration", "registration.Interest", "registration.SignUp",
    "registration.MagicLink", "registration.SignedInBrowser", "notifications.FeedToken", "notifications.DeclinedPlace",
    "notifications.Message", "notifications.Attempt",
)  # fmt: skip
TERMS = (
    Term("meals", _("wishes for meals"), 14, After.CONFERENCE, _REGISTRATION, _answers(14, {"diet": ""})),
    Term("access", _("access needs"), 90, After.CONFERENCE, _REGISTRATION, _answers(90, _ACCESS)),
    Term(
        "interpretation", _("interpretation wanted"), 180, After.CONFERENCE, _REGISTRATION,
        _answers(180, {"interpretation": ""}),
    ),
    Term("about", _("name, organisation and country"), 365, After.CONFERENCE, _REGISTRATION, _answers(365, _ABOUT)),
    Term(
        "people", _("people who registered: address, agreements, wishes, places, calendars, mails, all of it"),
        KEEP_PEOPLE.days, After.LAST, _ALL_OF_A_PERSON, lambda now: forget_people(now=now),
    ),
    Term(
        "contacts", _("e-mail addresses of those who appear in the programme"), KEEP_CONTACTS.days, After.CONFERENCE,
        ("schedule.Person",), _contacts,
    ),
    Term(
        "typed", _("what was typed and never confirmed, after its link"), KEEP_TYPED.days, After.END,
        ("registration.MagicLink",), _typed,
    ),
    Term("links", _("links that were mailed"), KEEP_LINKS.days, After.END, ("registration.MagicLink",), _links),
    Term(
        "unproved", _("addresses that nobody proved"), KEEP_LINKS.days, After.END,
        ("registration.Participant", "registration.Registration"), _unproved,
    ),
    Term(
        "sessions", _("sessions of browsers"), 0, After.END,
        ("sessions.Session", "registration.SignedInBrowser", "usersessions.UserSession"), _sessions,
    ),
    Term(
        "unsent_forms", _("forms that were sent by whoever was signed out meanwhile"), 0, After.END,
        ("sessions.Session",), lambda now: forget_forms(now=now),
    ),
    Term(
        "address_changes", _("changes of organizers' addresses"), KEEP_LINKS.days, After.END,
        ("accounts.AddressChange",), lambda now: forget_changes(before=now - KEEP_LINKS),
    ),
    Term(
        "uploads", _("files uploaded to import a programme"), KEEP_UPLOADS.days, After.END,
        ("schedule.ProgrammeUpload", "schedule.ImportRun"), lambda now: forget_uploads(now=now),
    ),
    Term(
        "archives", _("archives of everything"), KEEP_ARCHIVES.days, After.END,
        ("schedule.WholeArchive",), lambda now: forget_archives(now=now),
    ),
    Term(
        "team_invitations", _("invitations into teams"), KEEP_LINKS.days, After.END,
        ("accounts.TeamInvitation",), lambda now: forget_invitations(before=now - KEEP_LINKS),
    ),
    Term(
        "administration", _("notes of changes by whoever runs the installation"), KEEP_NOTES.days, After.END,
        ("admin.LogEntry",), lambda now: forget_administration(before=now - KEEP_NOTES),
    ),
    Term(
        "presses", _("which buttons organizers pressed"), KEEP_PRESSES.days, After.END,
        ("journal.Press",), lambda now: forget_presses(now=now),
    ),
    Term(
        "tries", _("counts of tries"), LONGEST_WINDOW.days, After.END,
        ("registration.Tally",), lambda now: forget_tallies(now=now),
    ),
)  # fmt: skip
