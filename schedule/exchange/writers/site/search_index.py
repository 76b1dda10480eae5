"""What the search of the copy looks through: a script, since pages that were opened from a folder may read no file."""

from __future__ import annotations

import json

from schedule.domain.published.entries import searched_words
from schedule.exchange.writers.site.pages import SitePages

# Letters of a text that are looked through; what is said later in an abstract is found by reading it.
_LONGEST = 4000
_ENDS_A_SCRIPT = str.maketrans({"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def search_index(pages: SitePages) -> bytes:
    """An entry a session: its page, title, when and where it is, and its public words in every language, folded."""
    entries = []
    for day in pages.programme.days:
        for session in day.sessions:
            row = pages.row(session)
            where = f"{day.date.isoformat()} {row['span']} · {row['room']}"
            entries.append([row["page"], str(row["title"]), where, searched_words(session)[:_LONGEST]])
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).translate(_ENDS_A_SCRIPT)
    return f"window.programmeIndex = {text};\n".encode()
