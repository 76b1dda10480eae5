"""Calendar files to take along once: of the whole programme and of every session, for who carries it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from notifications.feeds.public_feeds import published_sessions, session_entry
from notifications.mails.calendar_entries import calendar_info, subscribed_once
from schedule.models import Conference


def calendar_files(conference: Conference, language: str) -> Mapping[str, bytes]:
    """The files by the code of their session; the programme's is under "". What no calendar can hold has none.

    Nobody has an older copy that would have to be taken back, so what does not take place is in none of them. Seven
    queries, however many sessions.
    """
    rows = [row for row in published_sessions(conference) if not row.cancelled]
    entries = {row.session.code: session_entry(row, conference, language) for row in rows}
    info = calendar_info(conference, language)
    files = {"": subscribed_once(list(entries.values()), info).feed.body}
    for code, entry in entries.items():
        written = subscribed_once([entry], info).feed
        if not written.skipped:
            files[code] = written.body
    return files
