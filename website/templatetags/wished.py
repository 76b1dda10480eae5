"""Ranks of wishes in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def rank_of(ranks: Mapping[int, int], session_id: int) -> int | None:
    """The rank a session was wished for with, or None."""
    return ranks.get(session_id)
