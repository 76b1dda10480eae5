"""The secret addresses one person has, a device each: how many there may be, and what their page says about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.retrying import retried
from notifications import addresses
from notifications.calendars.links import google_subscribe_link, outlook_subscribe_link, webcal
from notifications.feeds.personal_feeds import create_feed, feed_url
from notifications.models import FeedToken
from notifications.wordings.texts import text_in
from registration.domain.registrations.preferences import choose_calendar
from registration.domain.signups.locks import lock_registration
from registration.models import Registration
from schedule.models import Conference

# A telephone, a tablet, two computers, and one to give away: more would be lost sight of.
MOST_ADDRESSES = 5


class TooManyAddresses(Exception):
    """The person has as many addresses as there may be; one has to be revoked first."""


@dataclass(frozen=True)
class Links:
    """One calendar's address in the forms that calendar programs take."""

    url: str
    webcal: str
    google: str
    outlook: str
    office: str


@dataclass(frozen=True)
class Address:
    """A secret address as its owner sees it. `read_on` is a day on the conference's clocks."""

    uid: str
    name: str
    alarm_minutes: int | None
    with_conference: bool
    made_at: datetime
    read_on: date | None
    revoked: bool
    links: Links


def tokens_of(registration: Registration) -> QuerySet[FeedToken]:
    """All addresses this person ever had, the oldest first."""
    return FeedToken.objects.filter(registration=registration).order_by("pk")


def addresses_of(registration: Registration) -> list[Address]:
    """The addresses that work, the oldest first. One query."""
    return [address_from(token, registration) for token in tokens_of(registration).filter(revoked_at=None)]


def address_from(token: FeedToken, registration: Registration) -> Address:
    """What is said about one row of `tokens_of`. Reads `registration.conference`."""
    return Address(
        uid=str(token.uid),
        name=token.name,
        alarm_minutes=token.alarm_minutes,
        with_conference=token.with_conference,
        made_at=token.created_at,
        read_on=token.last_read_on,
        revoked=token.revoked_at is not None,
        links=links_of(feed_url(token), registration.conference, registration.language),
    )


@retried
@transaction.atomic
def make_address(
    registration: Registration,
    *,
    name: str,
    alarm_minutes: int | None = None,
    with_conference: bool = False,
    keep_invitations: bool = False,
    actor: Actor,
) -> FeedToken:
    """Another secret address. Locks the registration, so that two at once are counted.

    From then on mails bring no invitations, unless they are to be kept: each session would be shown twice.
    Raises TooManyAddresses, and `ValidationError` as `create_feed` does.
    """
    lock_registration(registration.pk)
    if registration.feed_tokens.filter(revoked_at=None).count() >= MOST_ADDRESSES:
        raise TooManyAddresses
    choose_calendar(registration, invites=keep_invitations and registration.invites_by_mail, actor=actor)
    return create_feed(
        registration, name=name, alarm_minutes=alarm_minutes, with_conference=with_conference, actor=actor
    )


def free_name(taken: list[str]) -> str:
    """A name to begin with for another device."""
    number = 1
    while (name := _("Device %(number)d") % {"number": number}) in taken:
        number += 1
    return name


def programme_links(registration: Registration) -> Links | None:
    """Everybody's calendar of the conference in the person's language; None while the conference is not public."""
    conference = registration.conference
    if not conference.is_public:
        return None
    url = addresses.public_feed(conference.slug)
    if registration.language in conference.languages:
        url = f"{url}?lang={registration.language}"
    return links_of(url, conference, registration.language)


def links_of(url: str, conference: Conference, language: str, *, name: str = "") -> Links:
    """The ways to subscribe to the calendar at `url`; `name` is what narrows it."""
    title = text_in(conference.name, language)
    title = f"{title} · {name}" if name else title
    return Links(
        url,
        webcal(url),
        google_subscribe_link(url),
        outlook_subscribe_link(url, title),
        outlook_subscribe_link(url, title, work=True),
    )
