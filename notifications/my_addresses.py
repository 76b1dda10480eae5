"""The secret addresses one person has: how many there may be, and what their page says about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from notifications import addresses
from notifications.calendars.links import google_subscribe_link, outlook_subscribe_link, webcal
from notifications.feeds import create_feed, feed_url
from notifications.models import FeedToken
from notifications.wording import text_in
from registration.locks import lock_registration
from registration.models import Registration

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


@dataclass(frozen=True)
class Address:
    """A secret address as its owner sees it. `number` stays the same when others are revoked."""

    uid: str
    number: int
    made_at: datetime
    read_at: datetime | None
    revoked: bool
    links: Links


def tokens_of(registration: Registration) -> QuerySet[FeedToken]:
    """All addresses this person ever had, the oldest first, each with its `number`."""
    up_to = FeedToken.objects.filter(registration=registration, pk__lte=OuterRef("pk"))
    number = up_to.order_by().values("registration").annotate(number=Count("pk")).values("number")
    return FeedToken.objects.filter(registration=registration).annotate(number=Subquery(number)).order_by("pk")


def addresses_of(registration: Registration) -> list[Address]:
    """The addresses that work, the oldest first. One query."""
    return [address_from(token, registration) for token in tokens_of(registration).filter(revoked_at=None)]


def address_from(token: FeedToken, registration: Registration) -> Address:
    """What is said about one row of `tokens_of`. Reads `registration.conference`."""
    number: int = getattr(token, "number")  # noqa: B009  # an annotation, which the model does not have
    links = _links(feed_url(token), registration)
    return Address(str(token.uid), number, token.created_at, token.last_read_at, token.revoked_at is not None, links)


@transaction.atomic
def make_address(registration: Registration, *, actor: str) -> FeedToken:
    """Another secret address. Raises TooManyAddresses. Locks the registration, so that two at once are counted."""
    lock_registration(registration.pk)
    if registration.feed_tokens.filter(revoked_at=None).count() >= MOST_ADDRESSES:
        raise TooManyAddresses
    return create_feed(registration, actor=actor)


def programme_links(registration: Registration) -> Links | None:
    """Everybody's calendar of the conference in the person's language; None while the conference is not public."""
    conference = registration.conference
    if not conference.is_public:
        return None
    url = addresses.public_feed(conference.slug)
    if registration.language in conference.languages:
        url = f"{url}?lang={registration.language}"
    return _links(url, registration)


def _links(url: str, registration: Registration) -> Links:
    name = text_in(registration.conference.name, registration.language)
    return Links(url, webcal(url), google_subscribe_link(url), outlook_subscribe_link(url, name))
