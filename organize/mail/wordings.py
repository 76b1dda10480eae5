"""Wordings of mails: which there are, changing one, seeing it filled, and going back to Plenary's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.mails.mail_templates import (
    EDITABLE,
    TemplateChangedError,
    change_template,
    default_text,
    reset_template,
    template_of,
)
from notifications.models import MailTemplate
from notifications.wordings.mail_placeholders import LABELS, PLACEHOLDERS, known_in_subject
from organize.access import Desk, for_team
from organize.mail.forms import TemplateForm, language_choices
from organize.mail.framing import in_frame, with_frame
from organize.mail.message_words import kind_name
from organize.mail.preview_data import sample
from schedule.vocabulary.languages import language_name

SECTION = "outbox"


@require_safe
@for_team()
def templates(desk: Desk) -> HttpResponse:
    """Every kind of mail organizers can word, in every language of the conference."""
    own = {(row.kind, row.language): row for row in MailTemplate.objects.filter(conference=desk.conference)}
    rows = [
        {
            "kind": kind,
            "name": kind_name(kind),
            "cells": [(code, name, own.get((kind, code))) for code, name in language_choices(desk.conference)],
        }
        for kind in EDITABLE
    ]
    return desk.page(
        "organize/mail/wordings/wordings.html", SECTION, {"rows": rows, "languages": language_choices(desk.conference)}
    )


def _check(desk: Desk, kind: str, language: str) -> None:
    if kind not in EDITABLE or language not in desk.conference.languages:
        raise Http404


@with_frame
@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def template(desk: Desk, kind: str, language: str) -> HttpResponse:
    """Read, change and try a wording. The button "Preview" shows it filled without saving it."""
    _check(desk, kind, language)
    current = template_of(desk.conference, kind, language)
    text = current or default_text(kind, language)
    seen = current.changed_at.isoformat() if current else ""
    initial = {"subject": text.subject, "body": text.body, "seen": seen}
    bound = desk.request.method == "POST"
    form = TemplateForm(desk.request.POST if bound else initial, kind=kind, language=language, initial=initial)
    valid = form.is_valid()
    status = 200
    if bound and valid and "save" in desk.request.POST:
        try:
            change_template(
                desk.conference,
                kind,
                language,
                text=form.text,
                seen=form.cleaned_data["seen"],
                actor=desk.actor,
                now=timezone.now(),
            )
        except TemplateChangedError:
            status = 409
            typed = desk.request.POST.copy()
            typed["seen"] = seen
            form.data = typed
            form.add_error(
                None, _("Somebody else has changed this wording since you opened it. Saving again replaces theirs.")
            )
        else:
            notices.success(desk.request, _("The wording is saved. Mails that are sent from now on use it."))
            return redirect("organize:template", desk.conference.slug, kind, language)
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "kind_name": kind_name(kind),
        "language": language,
        "language_name": language_name(language),
        "own": current,
        "preview": sample(desk.conference, kind, form.wording) if valid else None,
        "placeholders": [(name, LABELS[name], name in known_in_subject(kind)) for name in PLACEHOLDERS[kind]],
    }
    return desk.page("organize/mail/wordings/wording.html", SECTION, context, status=status)


@require_POST
@for_team(changing=True)
def template_preview(desk: Desk, kind: str, language: str) -> HttpResponse:
    """What is being typed, filled; or what is wrong with it. For the page that shows it while one types."""
    _check(desk, kind, language)
    form = TemplateForm(desk.request.POST, kind=kind, language=language)
    preview = sample(desk.conference, kind, form.wording) if form.is_valid() else None
    context = {"form": form, "preview": preview, "language": language}
    return desk.page("organize/mail/wordings/preview.html", SECTION, context)


@in_frame
@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def template_html(desk: Desk, kind: str, language: str) -> HttpResponse:
    """The wording as HTML, filled, for the frame: what is in use, or what is being written."""
    _check(desk, kind, language)
    if desk.request.method == "POST":
        form = TemplateForm(desk.request.POST, kind=kind, language=language)
    else:
        text = template_of(desk.conference, kind, language) or default_text(kind, language)
        form = TemplateForm({"subject": text.subject, "body": text.body}, kind=kind, language=language)
    if form.is_valid():
        return HttpResponse(sample(desk.conference, kind, form.wording).html)
    problems = [str(problem) for problems in form.errors.values() for problem in problems]
    return HttpResponse("\n".join(problems), content_type="text/plain; charset=utf-8", status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def template_reset(desk: Desk, kind: str, language: str) -> HttpResponse:
    """Go back to Plenary's own wording; asks first, and shows it."""
    _check(desk, kind, language)
    if desk.request.method == "POST":
        if reset_template(desk.conference, kind, language, actor=desk.actor):
            notices.success(desk.request, _("Plenary's own wording is in use again."))
        return redirect("organize:template", desk.conference.slug, kind, language)
    context = {
        "kind": kind,
        "kind_name": kind_name(kind),
        "language": language,
        "language_name": language_name(language),
        "text": default_text(kind, language),
    }
    return desk.page("organize/mail/wordings/reset.html", SECTION, context)
