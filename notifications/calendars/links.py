"""Addresses that open somebody's own calendar with one entry filled in, or subscribe it to a feed.

An entry added this way is a copy: it does not follow later changes. Google fetches a subscribed feed again only
every few hours; pages that offer these links should say so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from .checks import CheckedEntry, checked, one_line, web_address
from .entries import CalendarEntry

MAX_LINK = 2_000
"""Longest link; longer ones are cut off by some mail clients and refused by some servers."""

_GOOGLE = "https://calendar.google.com/calendar"
_OUTLOOK = "https://outlook.live.com/calendar/0"
_OUTLOOK_WORK = "https://outlook.office.com/calendar/0"


def google_link(entry: CalendarEntry) -> str:
    """Return the address that adds one entry to Google Calendar. Raises CalendarError for a bad entry."""
    plain = checked(entry)
    dates = _days(plain, "%Y%m%d") if entry.all_day else (_utc(entry.start), _utc(entry.end))
    return _fitting(
        f"{_GOOGLE}/render",
        {
            "action": "TEMPLATE",
            "text": plain.summary,
            "dates": "/".join(dates),
            "ctz": entry.timezone,
            "location": plain.location,
        },
        "details",
        _details(plain),
    )


def outlook_link(entry: CalendarEntry, *, work: bool = False) -> str:
    """Return the address that adds one entry to Outlook on the web, private or `work`. Raises CalendarError."""
    plain = checked(entry)
    start, end = _days(plain, "%Y-%m-%d") if entry.all_day else (_iso(entry.start), _iso(entry.end))
    return _fitting(
        f"{_OUTLOOK_WORK if work else _OUTLOOK}/deeplink/compose",
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": plain.summary,
            "startdt": start,
            "enddt": end,
            **({"allday": "true"} if entry.all_day else {}),
            "location": plain.location,
        },
        "body",
        _details(plain),
    )


def webcal(url: str) -> str:
    """Return a feed's address with the scheme that opens the subscribe dialog of most clients.

    That is "webcals" for https: with "webcal" some of them ask over http first, and a secret address would be read by
    whoever listens. Raises CalendarError if `url` is not a web address.
    """
    scheme, _, rest = web_address("url", url).partition(":")
    return f"{'webcals' if scheme == 'https' else 'webcal'}:{rest}"


def google_subscribe_link(url: str) -> str:
    """Return the address that subscribes Google Calendar to the feed at `url`. Raises CalendarError."""
    # Google fetches what is named so over https where it can, and takes no other scheme than this for a calendar.
    return f"{_GOOGLE}/r?{_query({'cid': 'webcal:' + web_address('url', url).partition(':')[2]})}"


def outlook_subscribe_link(url: str, name: str, *, work: bool = False) -> str:
    """Return the address that subscribes Outlook on the web, private or `work`, to a feed. Raises CalendarError."""
    fields = {"url": web_address("url", url), "name": one_line(name)}
    return f"{_OUTLOOK_WORK if work else _OUTLOOK}/addfromweb?{_query(fields)}"


def _query(fields: dict[str, str]) -> str:
    # Outlook shows a "+" as it is, so a blank must be %20.
    return urlencode(fields, quote_via=quote)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _days(plain: CheckedEntry, form: str) -> tuple[str, str]:
    """Return the first day and the one after the last."""
    start, end = plain.entry.start.astimezone(plain.zone), plain.entry.end.astimezone(plain.zone)
    return start.strftime(form), end.strftime(form)


def _details(plain: CheckedEntry) -> str:
    """Return the description followed by the entry's addresses, which neither service has a field for."""
    typed = ((plain.conference_url, plain.entry.conference_url), (plain.url, plain.entry.url))
    addresses = [url for url, as_typed in typed if as_typed and as_typed not in plain.description]
    return "\n\n".join(filter(None, ["\n".join(addresses), plain.description]))


def _fitting(base: str, fields: dict[str, str], field: str, text: str) -> str:
    """Join an address, shortening `text` (the field that matters least) until it fits into MAX_LINK if it can."""

    def link(length: int) -> str:
        shown = text if length == len(text) else text[:length].rstrip() + "…"
        return f"{base}?{_query({**fields, field: shown} if shown else fields)}"

    if len(link(len(text))) <= MAX_LINK:
        return link(len(text))
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(link(middle)) <= MAX_LINK else (low, middle)
    return link(low)
