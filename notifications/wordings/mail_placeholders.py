"""Which placeholders each kind of mail has, and what stands for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from notifications.wordings.mail_lists import agenda_of, attention_of, news_of
from notifications.wordings.placeholders import Values

LABELS = {
    "name": gettext_lazy("the recipient's name"),
    "conference": gettext_lazy("the conference's name"),
    "programme": gettext_lazy("the address of the programme"),
    "my_page": gettext_lazy("the address of the recipient's own page"),
    "link": gettext_lazy("the link that signs its recipient in"),
    "answer_link": gettext_lazy("the link at which its recipient answers"),
    "validity": gettext_lazy("how long the link works, as a sentence"),
    "session": gettext_lazy("the session's title"),
    "session_page": gettext_lazy("the address of the session's page"),
    "when": gettext_lazy("the session's time"),
    "room": gettext_lazy("the session's room"),
    "venue": gettext_lazy("the venue; left out where the conference names none"),
    "place": gettext_lazy("title, time, room and venue, with what they were before a change"),
    "position": gettext_lazy("the position in line; its line is left out for whoever does not wait"),
    "until": gettext_lazy("until when the place is kept"),
    "clash": gettext_lazy("the other session at the same time; left out where there is none any more"),
    "clash_when": gettext_lazy("that session's time"),
    "role": gettext_lazy("in what role the recipient appears; left out where there is none"),
    "contact": gettext_lazy("whom to write to; left out where the conference names nobody"),
    "days": gettext_lazy("the days of the conference"),
    "conference_calendar": gettext_lazy("the address of the conference's own calendar entry"),
    "day": gettext_lazy("the day the sessions are on"),
    "zone": gettext_lazy("the time zone the times are in"),
    "agenda": gettext_lazy("the sessions of that day with their times and rooms, over several lines"),
    "news": gettext_lazy("what is new in each session, over several lines"),
    "attention": gettext_lazy("what should be looked at, over several lines"),
    "home": gettext_lazy("the address of the organizers' overview"),
    "mails_page": gettext_lazy("the address where its recipient chooses which mails they get"),
    "cancellation": gettext_lazy("what became of the session, as a sentence"),
    "survey": gettext_lazy("the address of the survey"),
    "refuse_link": gettext_lazy(
        "the link at which its recipient refuses calendar files; left out where none is attached"
    ),
    "calendar_note": gettext_lazy("what the attached calendar file does; left out where none is attached"),
}
# Placeholders whose value is an address: links in HTML.
LINKS = frozenset(
    {
        "conference_calendar",
        "programme",
        "my_page",
        "link",
        "answer_link",
        "refuse_link",
        "session_page",
        "survey",
        "home",
        "mails_page",
    }
)
# Texts of several lines, which a subject cannot hold.
BLOCKS = frozenset({"place", "calendar_note", "agenda", "news", "attention"})

_GENERAL = ("name", "conference", "programme", "my_page")
_COMING = (*_GENERAL, "days", "venue", "contact", "conference_calendar")
_PLACE = (*_GENERAL, "session", "session_page", "when", "room", "venue", "place")
_INVITE = (*_PLACE, "calendar_note")
# To people of the programme, who have no page of their own.
_PROGRAMME = ("name", "conference", "programme")
_APPEARANCE = (*_PROGRAMME, "session", "session_page", "when", "room", "venue", "place", "contact")
# Nothing about the person in mails to an address that may not be theirs.
_LINK = ("conference", "link", "validity")

# The kinds whose wording organizers may change.
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "announcement": _GENERAL,
    "confirm_address": _LINK,
    "sign_in": _LINK,
    "already_registered": _LINK,
    "new_address": _LINK,
    "address_changed": ("conference", "contact"),
    "registration_received": _GENERAL,
    "registration_approved": _GENERAL,
    "registration_waitlisted": _GENERAL,
    "registration_declined": _GENERAL,
    "registration_confirmed": _COMING,
    "registration_from_line": _COMING,
    "registration_in_line": (*_GENERAL, "position"),
    "registration_line_ended": _GENERAL,
    "registration_cancelled": _GENERAL,
    "place_confirmed": _INVITE,
    "place_back": _INVITE,
    "place_waiting": (*_PLACE, "position"),
    "place_offered": (*_INVITE, "until", "clash", "clash_when"),
    "offer_expired": _INVITE,
    "line_closed": _PLACE,
    "place_left": _INVITE,
    "session_cancelled": _INVITE,
    "place_lost": (*_INVITE, "position"),
    "place_changed": _INVITE,
    "decline_asked": (*_PLACE, "answer_link"),
    "session_reminder": (*_PLACE, "mails_page"),
    "agenda_reminder": (*_GENERAL, "day", "zone", "agenda", "mails_page"),
    "digest": (*_GENERAL, "news", "mails_page"),
    "speaking_invitation": (*_APPEARANCE, "role", "answer_link"),
    "hosting_invitation": (*_APPEARANCE, "answer_link"),
    "appearance_placed": (*_APPEARANCE, "calendar_note", "refuse_link"),
    "appearance_changed": (*_APPEARANCE, "calendar_note", "refuse_link"),
    # What was, not what is: it has no time any more. Its page says so.
    "appearance_cancelled": (
        *_PROGRAMME,
        "session",
        "session_page",
        "place",
        "cancellation",
        "contact",
        "calendar_note",
    ),
    "appearance_ended": (*_PROGRAMME, "session", "session_page", "contact", "calendar_note"),
    "thanks": (*_GENERAL, "survey"),
    "organizer_digest": ("name", "conference", "attention", "home", "mails_page"),
}
# Without these the mail is of no use.
REQUIRED = {
    "confirm_address": ("link",),
    "sign_in": ("link",),
    "already_registered": ("link",),
    "new_address": ("link",),
    "speaking_invitation": ("answer_link",),
    "hosting_invitation": ("answer_link",),
    "decline_asked": ("answer_link",),
    "agenda_reminder": ("agenda",),
    "digest": ("news",),
    "organizer_digest": ("attention",),
}


# Kinds that list something, under which name, and how it is said.
_LISTS: Mapping[str, tuple[str, Callable[[Sequence[Mapping[str, str]]], str]]] = {
    "agenda_reminder": ("agenda", agenda_of),
    "digest": ("news", news_of),
    "organizer_digest": ("attention", attention_of),
}


def known_in_subject(kind: str) -> tuple[str, ...]:
    """The placeholders a subject may use: short ones, and none that signs anybody in."""
    return tuple(name for name in PLACEHOLDERS[kind] if name not in BLOCKS and name not in LINKS)


def values_of(kind: str, context: Mapping[str, Any]) -> Values:
    """What stands for each placeholder, from the context that mails are rendered with, in the active language."""
    made: dict[str, str | None] = {
        "session_page": context.get("page"),
        "place": place_lines(context) or None,
        "position": str(context["position"]) if context.get("position") else None,
        "calendar_note": calendar_note(kind, context.get("calendar") or ""),
        "validity": validity(context) if "minutes" in context else None,
        "cancellation": cancellation(context),
    }
    if kind in _LISTS:
        name, said = _LISTS[kind]
        made[name] = said(context["lines"])
    optional = {"when", "room", "venue", "until", "clash", "clash_when", "role", "contact", "refuse_link"}
    return {
        name: made[name] if name in made else context.get(name) or (None if name in optional else "")
        for name in PLACEHOLDERS[kind]
    }


def place_lines(context: Mapping[str, Any]) -> str:
    """Title, time, room and venue, each with what it was before a change, as the default wordings say it."""
    lines = []
    for name, old in (("session", "old_title"), ("when", "old_when"), ("room", "old_room")):
        if context.get(name):
            lines.append(context[name])
        if context.get(old):
            said = {
                "old_title": gettext("(before: %(old_title)s)"),
                "old_when": gettext("(before: %(old_when)s)"),
                "old_room": gettext("(before: %(old_room)s)"),
            }[old]
            lines.append("  " + said % {old: context[old]})
    # What is renamed names it below.
    if context.get("venue") and "venue" not in context.get("changed", ()):
        lines.append(context["venue"])
    lines += [f"  {line}" for line in context.get("renamings", ())]
    if context.get("join"):
        lines.append(gettext("Join online:") + f" {context['join']}")
    if context.get("join_changed"):
        said = gettext("(a new address; the old one no longer holds)")
        lines.append("  " + (said if context.get("join") else gettext("This session can no longer be joined online.")))
    return "\n".join(lines)


def calendar_note(kind: str, method: str) -> str | None:
    """What the calendar part does to the reader's calendar; None without one."""
    if not method:
        return None
    if method == "CANCEL":
        return gettext("The calendar file in this mail removes the session from your calendar.")
    if kind in ("place_changed", "appearance_changed"):
        return gettext("The calendar file in this mail updates the session in your calendar.")
    return gettext("The calendar file in this mail adds the session to your calendar; later changes update it there.")


def validity(context: Mapping[str, Any]) -> str:
    """How long a link works; `minutes` and `hours` are whole numbers."""
    hours, minutes = context["hours"], context["minutes"]
    if hours > 1:
        said = ngettext("It works once, within %(hours)s hour.", "It works once, within %(hours)s hours.", hours)
        return said % {"hours": hours}
    said = ngettext("It works once, within %(minutes)s minute.", "It works once, within %(minutes)s minutes.", minutes)
    return said % {"minutes": minutes}


def cancellation(context: Mapping[str, Any]) -> str:
    """What became of a session that is no longer in the programme, as a sentence."""
    if context.get("cancelled"):
        return gettext("This session, in which you appear or which your organisation hosts, does not take place:")
    return gettext(
        "This session, in which you appear or which your organisation hosts, has been taken out of the programme:"
    )
