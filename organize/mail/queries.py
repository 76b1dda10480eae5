"""What organizers see of the outbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.rights import Rights
from notifications.mails.reminders import AGENDA
from notifications.models import Announcement, Message
from notifications.models.messages import MessageQuerySet
from organize.list_search import keys_found
from registration.models import Registration
from schedule.models import Conference, Session


@dataclass(frozen=True)
class OutboxFilter:
    """What narrows the outbox; an empty part narrows nothing, and a value that does not exist gives no rows.

    `recipient` is a part of an address or name, `session` a session's code, `announcement` the uid of one.
    """

    state: str = ""
    kind: str = ""
    recipient: str = ""
    session: str = ""
    language: str = ""
    announcement: str = ""

    def rows(self, conference: Conference) -> MessageQuerySet:
        rows = Message.objects.for_conference(conference)
        if self.state:
            rows = rows.filter(state=self.state)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.announcement:
            rows = rows.filter(announcement__uid=self.announcement)
        if self.session:
            # First to one conference's sessions: a code is unique in its conference only.
            sessions = Session.objects.for_conference(conference).filter(code=self.session)
            rows = rows.filter(Q(signup__session__in=sessions) | Q(session__in=sessions))
        if self.recipient:
            rows = rows.filter(_recipient(self.recipient, conference))
        if self.language:
            rows = rows.filter(_language(self.language, conference))
        return rows


def _recipient(part: str, conference: Conference) -> Q:
    named = keys_found(Registration.objects.for_conference(conference), part, "display_name")
    found = Q(registration__in=named)
    for path in ("participant", "user", "person"):
        found |= Q(**{f"{path}__email__icontains": part})
    return found


def _language(language: str, conference: Conference) -> Q:
    """As `RenderInput.language`: the message's own, the registration's, the recipient's, the conference's first."""
    own = Q(data__has_key="language")
    read = Q(participant__language=language) | Q(user__language=language) | Q(person__language=language)
    if language == conference.languages[0]:
        read |= Q(user__language="") | Q(person__language="")
    return (
        Q(data__language=language) | (~own & Q(registration__language=language)) | (~own & Q(registration=None) & read)
    )


def outbox_rows(conference: Conference, narrowed: OutboxFilter | None = None) -> MessageQuerySet:
    """Messages of a conference, the newest first, with recipient and session loaded; slice before use."""
    rows = (narrowed or OutboxFilter()).rows(conference)
    related = rows.select_related("participant", "user", "person", "registration", "signup__session", "announcement")
    return related.order_by("-id")


def readable(rows: MessageQuerySet, rights: Rights) -> MessageQuerySet:
    """As far as somebody with these rights may read who signed up for what: where they end with some themes, neither
    mails about places in sessions of others or to those who have them, nor those that list all places of a person.
    """
    if rights.themes is None:
        return rows
    theirs = Q(signup=None) | Q(signup__session__theme__code__in=rights.themes)
    to_others = Announcement.objects.filter(sessions__in=_of_other_themes(rights.themes))
    return rows.filter(theirs).exclude(kind=AGENDA).exclude(announcement__in=to_others)


def names_readers(announcement: Announcement, rights: Rights) -> bool:
    """Whether somebody with these rights may read whom an announcement goes to. One query where they have themes."""
    themes = rights.themes
    return themes is None or not announcement.sessions.filter(pk__in=_of_other_themes(themes)).exists()


def _of_other_themes(themes: Collection[str]) -> QuerySet[Session]:
    return Session.objects.exclude(theme__code__in=themes)


def outbox_counts(conference: Conference) -> dict[str, int]:
    """How many messages are in each state; every state is named, also with none. One query."""
    rows = Message.objects.for_conference(conference).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Message.State.values, 0) | dict(rows)
