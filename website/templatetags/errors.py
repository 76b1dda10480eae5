"""Errors of forms in templates."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def of_field(error: str, label: str) -> str:
    """The error with the name of its field before it, unless it says what it is about: "Name: Fill this in."."""
    words = str(label).rstrip(":")
    if not words or words.casefold() in str(error).casefold():
        return str(error)
    return f"{words}: {error}"
