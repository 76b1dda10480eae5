"""What organizers wrote, ready to be filled: their wordings of mails, and announcements."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from notifications.models import Announcement, MailTemplate, Message
from notifications.wordings.mail_files import rendered_around
from notifications.wordings.mail_placeholders import LINKS, PLACEHOLDERS, REQUIRED, known_in_subject, values_of
from notifications.wordings.placeholders import (
    BrokenTextError,
    Line,
    PlaceholderProblem,
    fill_html,
    fill_line,
    fill_text,
    read,
    read_subject,
    slots_of,
)
from notifications.wordings.texts import one_line

logger = logging.getLogger(__name__)
MAX_SUBJECT = 200
MAX_BODY = 20_000
# Of a conference, its kind of mail and a language.
Key = tuple[int | None, str, str]


@dataclass(frozen=True)
class Wording:
    """A subject and a text whose placeholders are known to be right, in one language."""

    subject: Line
    lines: tuple[Line, ...]
    language: str


class WordingRefusedError(Exception):
    """A wording that could not be sent. `subject` and `body` hold what is wrong with each."""

    def __init__(self, subject: list[PlaceholderProblem], body: list[PlaceholderProblem]) -> None:
        super().__init__(" ".join(map(str, [*subject, *body])))
        self.subject = subject
        self.body = body


def read_wording(kind: str, subject: str, body: str, language: str) -> Wording:
    """Raises `WordingRefusedError` with every problem of both. KeyError for a kind that is not organizers' to word."""
    in_subject: list[PlaceholderProblem] = []
    in_body: list[PlaceholderProblem] = []
    subject_line: Line = ()
    lines: tuple[Line, ...] = ()
    try:
        subject_line = read_subject(subject, known_in_subject(kind))
    except BrokenTextError as error:
        in_subject = error.problems
    try:
        lines = read(body, PLACEHOLDERS[kind])
    except BrokenTextError as error:
        in_body = error.problems
    else:
        if not body.strip():
            in_body.append(PlaceholderProblem(1, 1, _("there is no text.")))
        missing = [name for name in REQUIRED.get(kind, ()) if name not in slots_of(lines)]
        end = PlaceholderProblem(len(lines), sum(map(len, body.split("\n")[-1:])) + 1, "")
        in_body += [
            PlaceholderProblem(
                end.line, end.column, _("{%(name)s} is missing: without it the mail is of no use.") % {"name": name}
            )
            for name in missing
        ]
    if in_subject or in_body:
        raise WordingRefusedError(in_subject, in_body)
    return Wording(subject_line, lines, language)


def organizers_wordings(messages: Iterable[Message]) -> Mapping[Key, Wording]:
    """The wordings that organizers gave the kinds of these messages. One query, whatever their number.

    One that is no longer right, because a placeholder has gone since, is reported and left out: a mail in Plenary's
    own words is better than none.
    """
    wanted = {(message.conference_id, message.kind) for message in messages if message.conference_id}
    wanted = {(conference, kind) for conference, kind in wanted if kind in PLACEHOLDERS}
    if not wanted:
        return {}
    rows = MailTemplate.objects.filter(
        conference_id__in={conference for conference, _kind in wanted}, kind__in={kind for _conference, kind in wanted}
    )
    found: dict[Key, Wording] = {}
    for row in rows:
        try:
            wording = read_wording(row.kind, row.subject, row.body, row.language)
        except WordingRefusedError:
            logger.exception(
                "The wording of %s (%s) of conference %s is broken.", row.kind, row.language, row.conference_id
            )
        else:
            found[row.conference_id, row.kind, row.language] = wording
    return found


@dataclass(frozen=True)
class Worded:
    """A mail in an organizer's words, in the frame of its kind; `words` and `words_html` are without the frame."""

    subject: str
    text: str
    html: str
    words: str
    words_html: SafeString


def in_words(wording: Wording, kind: str, context: dict[str, Any]) -> Worded:
    """Fill a wording from the context mails are rendered with, in the active language."""
    values = values_of(kind, context)
    subject = one_line(fill_line(wording.subject, {name: value or "" for name, value in values.items()}))
    words = fill_text(wording.lines, values)
    words_html = fill_html(wording.lines, values, LINKS)
    marked = format_html('<div lang="{}">\n{}\n</div>', wording.language, words_html)
    text = rendered_around(f"{kind}.txt", words + "\n", context)
    html = rendered_around(f"{kind}.html", marked, {**context, "subject": subject})
    return Worded(subject, text, html, words, words_html)


def announcement_wording(announcement: Announcement, language: str, languages: Iterable[str]) -> Wording:
    """The announcement in this language or, where it has none, in the first of `languages` that it has.

    Raises ValueError when it has no text at all, or one that cannot be filled.
    """
    chosen = text_language(announcement.texts, language, languages)
    if chosen is None:
        raise ValueError(f"announcement {announcement.pk} has no text")
    text = announcement.texts[chosen]
    try:
        return read_wording("announcement", text["subject"], text["body"], chosen)
    except WordingRefusedError as refusal:
        raise ValueError(str(refusal)) from refusal


def text_language(texts: Mapping[str, object], language: str, languages: Iterable[str]) -> str | None:
    """Which of the languages of `texts` a reader of `language` gets; None when there are none."""
    wanted = (language, language.partition("-")[0], *languages, *sorted(texts))
    return next((one for one in wanted if one in texts), None)
