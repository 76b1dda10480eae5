"""The texts that the forum publishes about itself: one Markdown file for each text and language, beside this one."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from journal.actors import SYSTEM
from schedule.domain.programme.conference_texts import publish_text
from schedule.models import Conference, ConferenceText

_FOLDER = Path(__file__).parent


def publish_forum_texts(conference: Conference) -> None:
    """Publish those that are not published yet, in the conference's languages."""
    for kind in ConferenceText.Kind.values:
        if kind in conference.published_texts:
            continue
        body = {
            code: (_FOLDER / f"{kind}.{code}.md").read_text(encoding="utf-8")
            for code in conference.languages
            if (_FOLDER / f"{kind}.{code}.md").exists()
        }
        publish_text(conference, kind, body, seen=0, actor=SYSTEM, now=timezone.now())
    conference.refresh_from_db(fields=["published_texts"])
