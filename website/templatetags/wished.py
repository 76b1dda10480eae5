"""Sessions to choose from, and the ranks of wishes.

{% choice_without_clash place %}   a choice with nothing in its way; context: conference, wish_ranks
{{ wish_ranks|rank_of:key }}       the rank a session was wished for with, or None
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from registration.domain.signups.queries import SeatsLeft, SessionPlace

register = template.Library()


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """What a choice shows, in the reader's language; `rank` is that of their wish."""

    code: str
    title: str
    kind_name: str
    room_name: str
    start: datetime
    end: datetime
    seats: SeatsLeft | None
    rank: int | None


@register.filter
def rank_of(ranks: Mapping[int, int], session_id: int) -> int | None:
    """The rank a session was wished for with, or None."""
    return ranks.get(session_id)


@register.simple_tag(takes_context=True)
def choice_without_clash(context: Context, place: SessionPlace) -> SafeString:
    """The list item of a session; its button belongs to a form elsewhere, so nothing secret is in it."""
    shown = ChoiceText(
        code=place.code,
        title=place.title,
        kind_name=str(place.kind.name),
        room_name=str(place.room.name) if place.room else "",
        start=place.start,
        end=place.end,
        seats=place.seats,
        rank=rank_of(context["wish_ranks"], place.session.pk),
    )
    conference = context["conference"]
    return _written(shown, conference.slug, conference.timezone, get_language())


# Alike for all who have nothing at that time. The zone, because two times are equal that different clocks show.
@lru_cache(maxsize=4_000)
def _written(shown: ChoiceText, slug: str, _zone: str, _language: str | None) -> SafeString:
    context = {"place": shown, "rank": shown.rank, "conference": {"slug": slug}}
    return render_to_string("website/my/places/choice.html", context)
