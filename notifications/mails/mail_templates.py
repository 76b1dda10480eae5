"""Organizers' own wordings of the mails Plenary sends by itself: what there is, changing it, and going back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.facts import Change
from journal.recording import record
from journal.retrying import retried
from notifications.facts import TemplateChanged, TemplateReset
from notifications.mails.rendering import SUBJECTS
from notifications.models import MailTemplate
from notifications.rules.mail_rules import CALENDAR_OF
from notifications.wordings.mail_files import rendered_body
from notifications.wordings.mail_placeholders import PLACEHOLDERS, calendar_note, cancellation, validity
from notifications.wordings.own_texts import read_wording
from notifications.wordings.placeholders import unix_lines
from notifications.wordings.texts import page_language
from schedule.models import Conference

# Announcements have no wording of ours to change.
EDITABLE = tuple(kind for kind in PLACEHOLDERS if kind != "announcement")
_HOURS = 48
# One line in the place of all that a kind lists, which its placeholder then stands for.
_LINES = {
    "agenda_reminder": {"title": "{agenda}"},
    "digest": {"title": "{news}"},
    "organizer_digest": {"title": "{attention}"},
}


@dataclass(frozen=True)
class WordingText:
    """A subject and a text with placeholders, as an organizer reads and writes them."""

    subject: str
    body: str


class TemplateChangedError(Exception):
    """Somebody else has changed the wording since it was read."""


def default_text(kind: str, language: str) -> WordingText:
    """What the mail says where no organizer has changed it, with its placeholders: a good text to start from.

    Made from the files the mails themselves are made from. Sentences those say only to some readers are left out,
    except where a placeholder stands for them. KeyError for a kind that is not organizers' to word.
    """
    with translation.override(page_language(language)):
        context: dict[str, Any] = {name: f"{{{name}}}" for name in PLACEHOLDERS[kind]}
        context |= {"page": "{session_page}", "hours": _HOURS, "minutes": _HOURS * 60}
        context["calendar"] = CALENDAR_OF[kind] if "calendar_note" in PLACEHOLDERS[kind] else None
        context["lines"] = [_LINES[kind]] if kind in _LINES else []
        body = rendered_body(f"{kind}.txt", context)
        sentences = {
            "place": "{session}\n{when}\n{room}\n{venue}" if "when" in PLACEHOLDERS[kind] else "{session}",
            "validity": validity(context),
            "calendar_note": calendar_note(kind, CALENDAR_OF[kind]),
            "cancellation": cancellation({}),
            # As the one line below makes the files write them.
            "agenda": "  {agenda}",
            "attention": "- {attention}\n  ",
        }
        for name, said in sentences.items():
            if said and name in PLACEHOLDERS[kind]:
                body = body.replace(said, f"{{{name}}}")
        subject = _(SUBJECTS[kind]) % context
    return WordingText(subject, _without_gaps(body))


def _without_gaps(text: str) -> str:
    """Paragraphs one empty line apart."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs if paragraph)


def template_of(conference: Conference, kind: str, language: str) -> MailTemplate | None:
    """The conference's own wording of a kind of mail. One query."""
    return MailTemplate.objects.filter(conference=conference, kind=kind, language=language).first()


@retried
def change_template(
    conference: Conference,
    kind: str,
    language: str,
    *,
    text: WordingText,
    seen: datetime | None,
    actor: Actor,
    now: datetime,
) -> MailTemplate:
    """Word a kind of mail anew, for every mail of it that is written from now on. Its own words change nothing.

    `seen` is when the wording was changed that the organizer started from, None for Plenary's own. Raises
    `TemplateChangedError` when it is not in use any more, `WordingRefusedError` for a text that could not be filled,
    ValueError for a kind or language that cannot be worded.
    """
    _check(conference, kind, language)
    body = unix_lines(text.body).strip("\n")
    read_wording(kind, text.subject, body, language)
    with transaction.atomic():
        # Locked by the conference: where there is no wording yet, there is no row of its own to lock.
        Conference.objects.select_for_update().get(pk=conference.pk)
        current = template_of(conference, kind, language)
        if current is not None and (current.subject, current.body) == (text.subject, body):
            return current
        if (current.changed_at if current else None) != seen:
            raise TemplateChangedError
        template, _created = MailTemplate.objects.update_or_create(
            conference=conference,
            kind=kind,
            language=language,
            defaults={"subject": text.subject, "body": body, "changed_at": now},
        )
        before = current or default_text(kind, language)
        changes: dict[str, Change | None] = {}
        if before.subject != text.subject:
            changes["subject"] = Change(before.subject, text.subject)
        if before.body != body:
            changes["body"] = None
        fact = TemplateChanged(
            conference_id=conference.pk, subject_id=template.pk, kind=kind, language=language, changes=changes
        )
        record(fact, actor=actor)
    return template


@retried
def reset_template(conference: Conference, kind: str, language: str, *, actor: Actor) -> bool:
    """Go back to Plenary's own wording; False when that was in use already."""
    _check(conference, kind, language)
    with transaction.atomic():
        own = MailTemplate.objects.select_for_update().filter(conference=conference, kind=kind, language=language)
        template = own.first()
        if template is None:
            return False
        template_id = template.pk
        template.delete()
        fact = TemplateReset(conference_id=conference.pk, subject_id=template_id, kind=kind, language=language)
        record(fact, actor=actor)
    return True


def _check(conference: Conference, kind: str, language: str) -> None:
    if kind not in EDITABLE or language not in conference.languages:
        raise ValueError(f"{kind} in {language} cannot be worded at conference {conference.pk}")
