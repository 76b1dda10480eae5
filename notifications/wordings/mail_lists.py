"""What stands in organizers' wordings for the parts of a mail that a placeholder cannot name one by one.

Each says what the kind's own file in templates/mail says, line for line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy

Line = Mapping[str, str]

# What happened to a session of a list. The first are those of the daily mail (notifications.mails.news); the others
# stand in mails that tell of several sessions.
_HAPPENED = {
    "confirmed": gettext_lazy("You have a place:"),
    "changed": gettext_lazy("Something about it has changed:"),
    "waiting": gettext_lazy("You are on the waiting list:"),
    "lost": gettext_lazy("The session got smaller; you are on the waiting list again:"),
    "offered": gettext_lazy("Please decide; a place is kept for you:"),
    "cancelled": gettext_lazy("It does not take place:"),
    "closed": gettext_lazy("The waiting list has closed, and you have no place in:"),
    "expired": gettext_lazy("The place you were offered has been given on:"),
    "left": gettext_lazy("You have given back your place:"),
    "back": gettext_lazy("You have your place again, as before:"),
    "promoted": gettext_lazy("A place came free, and it is yours:"),
    "exchanged": gettext_lazy("It is your turn: the place you waited for is yours:"),
    "given_up": gettext_lazy("As you wished, your place is given up for one you waited for at the same time:"),
    "ended_with_registration": gettext_lazy("With your registration, your place is cancelled:"),
    "placed": gettext_lazy("It now stands in the programme:"),
    "removed": gettext_lazy("It is not in the programme any more:"),
    "ended": gettext_lazy("You do not appear in it any more:"),
}


def happened(what: str) -> str:
    """In words of the active language."""
    return str(_HAPPENED[what])


def agenda_of(lines: Sequence[Line]) -> str:
    """The sessions of one day, each with its clocks, its place and its page."""
    rows = []
    for line in lines:
        rows.append(f"{line['clocks']}  {line['title']}")
        rows += [f"  {said}" for said in (line["where"], line["page"]) if said]
    return "\n".join(rows)


def news_of(lines: Sequence[Line]) -> str:
    """What is new in each session, with its time, place and page, an empty line between two."""
    blocks = []
    for line in lines:
        rows = [line["said"], line["title"], line["when"], line["where"], line["page"]]
        blocks.append("\n".join(row for row in rows if row))
    return "\n\n".join(blocks)


def attention_of(lines: Sequence[Line]) -> str:
    """What should be looked at, each with the address where."""
    rows = []
    for line in lines:
        about = f" ({line['text']})" if line["text"] else ""
        rows += [f"- {line['title']}{about}", f"  {line['url']}"]
    return "\n".join(rows)
