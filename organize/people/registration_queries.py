"""What organizers see of registrations."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from accounts.rights import Area, Rights
from journal.facts import facts
from journal.models import Entry
from organize.list_search import keys_found
from registration.domain.mailboxes import key_of, share_a_mailbox
from registration.domain.registrations.countries import by_name, name_of
from registration.domain.registrations.deciding import OPEN
from registration.domain.signups.queries import signups_of
from registration.facts import REGISTRATION, of_places
from registration.models import Registration, SignUp
from registration.models.registrations import RegistrationQuerySet
from schedule.models import Conference

State = Registration.State
# How much of what happened to one registration its page shows, the newest first.
MOST_SHOWN = 50
# The one choice of `RegistrationFilter.mailbox`.
SHARED = "shared"
# Where the words of a search may stand.
SEARCHED = ("participant__email", "display_name", "latin_name", "affiliation")


@dataclass(frozen=True)
class RegistrationFilter:
    """What narrows the list; an empty part narrows nothing, and a value that does not exist gives no rows.

    `words` are parts of a name, of an organisation or of an address, whatever their case and accents; `mailbox` leaves
    those that share theirs.
    """

    words: str = ""
    state: str = ""
    country: str = ""
    mailbox: str = ""

    def rows(self, conference: Conference) -> RegistrationQuerySet:
        rows = registrations_shown(conference)
        if self.mailbox:
            rows = rows.filter(pk__in=share_a_mailbox(conference).values("pk"))
        if self.state:
            rows = rows.filter(state=self.state)
        if self.country:
            rows = rows.filter(country=self.country)
        if self.words:
            rows = rows.filter(pk__in=keys_found(rows, self.words, *SEARCHED))
        return rows


def registrations_shown(conference: Conference) -> RegistrationQuerySet:
    """Every registration but the drafts nobody has agreed to: anybody who knows an address can start one."""
    begun = Q(state=State.DRAFT, consented_at=None)
    return Registration.objects.for_conference(conference).exclude(begun)


def registration_rows(conference: Conference, narrowed: RegistrationFilter) -> RegistrationQuerySet:
    """The registrations with their participants: those that await a decision in their order, others newest first.
    In the waiting list those in line for a conference that is full come first, in the order of the line.

    Those that share a mailbox stand side by side, as they came. Slice before use.
    """
    rows = narrowed.rows(conference).select_related("participant")
    if narrowed.mailbox:
        return rows.order_by(key_of("participant__email"), "created_at", "pk")
    if narrowed.state == State.WAITLISTED:
        return rows.order_by(F("queued_at").asc(nulls_last=True), "created_at", "pk")
    order = ("created_at", "pk") if narrowed.state in OPEN else ("-created_at", "-pk")
    return rows.order_by(*order)


def shown_counts(conference: Conference) -> dict[str, int]:
    """How many of them are in each state; every state is named. One query."""
    rows = registrations_shown(conference).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(State.values, 0) | dict(rows)


def countries_of(conference: Conference) -> list[tuple[str, str]]:
    """The countries people come from, in order of their names. One query."""
    codes = registrations_shown(conference).exclude(country="").order_by().values_list("country", flat=True).distinct()
    return sorted(((code, name_of(code)) for code in codes), key=by_name)


def places_shown(registration: Registration, rights: Rights) -> QuerySet[SignUp]:
    """What a registration holds or waits for, as far as somebody with these rights may read who signed up for what."""
    rows = signups_of(registration)
    if not rights.may_see(Area.DESK):
        return rows.none()
    return rows if rights.themes is None else rows.filter(session__theme__code__in=rights.themes)


def history_of(registration: Registration, rights: Rights) -> QuerySet[Entry]:
    """The newest journal entries about a registration and its wishes, and about its sign-ups where all of them are its
    reader's to see.
    """
    about = Q(verb__in=[fact.verb for fact in facts() if fact.subject == REGISTRATION], subject_id=registration.pk)
    if rights.may_see(Area.DESK) and rights.themes is None:
        signups = SignUp.objects.filter(registration=registration).values("pk")
        about |= Q(verb__in=of_places(), subject_id__in=signups)
    entries = Entry.objects.filter(conference_id=registration.conference_id)
    return entries.filter(about).order_by("-pk")[:MOST_SHOWN]
