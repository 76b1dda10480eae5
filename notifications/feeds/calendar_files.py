"""Calendar files to take along once: of the whole programme and of every session, for who carries it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from notifications.feeds.public_feeds import FeedPart, Wish, public_feed, published_sessions, session_entry
from notifications.mails.calendar_entries import calendar_info, subscribed_once
from schedule.models import Conference


def calendar_files(conference: Conference, language: str) -> Mapping[str, bytes]:
    """The files by the code of their session; the programme's is under "". What no calendar can hold has none.

    Twelve queries, however many sessions.
    """
    whole = public_feed(conference, language, Wish(FeedPart(), once=True), source="")
    info = calendar_info(conference, language)
    files = {"": whole.feed.body}
    for row in published_sessions(conference):
        if row.cancelled:
            continue
        written = subscribed_once([session_entry(row, conference, language)], info)
        if not written.feed.skipped:
            files[row.session.code] = written.feed.body
    return files
