"""The pages of a kind of rows: list, form, deleting, history. Each kind has them from here (`Section`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.facts import facts
from journal.models import Entry
from organize.access import Desk, for_team, may_open
from organize.history.sentences import in_words
from organize.list_search import keys_found
from organize.long_lists import page_of
from organize.setup.rows.differences import differences
from organize.setup.rows.forms import RowForm, RowsForm
from organize.setup.rows.section import Section
from schedule.domain.editing.edits import EDITS
from schedule.domain.editing.hanging import Fate, hanging_on
from schedule.domain.editing.rows import RowChanged, RowGone, add_row, change_row, delete_row, lines_of, version_of
from schedule.models import Conference, Session, Unavailability
from values.database import refusal_in

PER_PAGE = 50
View = Callable[..., HttpResponse]


def list_of(section: Section) -> View:
    """All rows of the conference, by pages, narrowed by what their names and codes have in them."""

    @require_safe
    @for_team()
    def view(desk: Desk) -> HttpResponse:
        form = RowsForm(desk.request.GET, is_named=bool(EDITS[section.model].fact.subject.named_by))
        rows = _searched(section, desk.conference, form.chosen.get("q", ""))
        page = page_of(rows, desk.request.GET, PER_PAGE)
        context = {
            "part": section,
            "form": form,
            "rows": [_row(desk, section, row) for row in page],
            "page_obj": page,
            "query": form.query,
            "is_empty": not form.chosen and not page.paginator.count,
            "new_url": _url(desk, f"{section.one}_new"),
            "list_url": _url(desk, section.many),
        }
        return desk.page("organize/setup/rows/list.html", section.marked, context)

    return view


def new_of(section: Section) -> View:
    """Make a row."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @for_team(changing=True, once=True)
    def view(desk: Desk) -> HttpResponse:
        data = desk.request.POST if desk.request.method == "POST" else None
        form = section.form(data, conference=desk.conference, instance=section.model())
        if form.is_bound and form.is_valid() and (made := _tried(form, lambda: _added(desk, form))) is not None:
            notices.success(desk.request, _("“%(name)s” is added.") % {"name": section.named(made)})
            return redirect(f"organize:{section.one}_edit", desk.conference.slug, made.pk)
        context = {"part": section, "form": form, "list_url": _url(desk, section.many)}
        status = 422 if form.is_bound else 200
        return desk.page(section.template, section.marked, context, status=status)

    return view


def edit_of(section: Section) -> View:
    """Show a row to whoever may look, and change it. Two who edit it at once never overwrite each other silently."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @for_team()
    def view(desk: Desk, pk: int = 0) -> HttpResponse:
        row = _found(desk, section, pk)
        if desk.request.method != "POST":
            form = section.form(conference=desk.conference, instance=row, lines=lines_of(row))
            return _form_page(desk, section, form)
        form = section.form(desk.request.POST, conference=desk.conference, instance=row, lines=lines_of(row))
        if not form.is_valid():
            return _form_page(desk, section, form, status=422)
        try:
            changed = _tried(form, lambda: _changed(desk, form))
        except RowChanged as met:
            return _both(desk, section, met.stored)
        except RowGone:
            raise Http404 from None
        if changed is None:
            return _form_page(desk, section, form, status=422)
        notices.success(desk.request, _("Saved: “%(name)s”.") % {"name": section.named(changed)})
        return redirect(_url(desk, f"{section.one}_edit", *section.args(changed)))

    return view


def delete_of(section: Section) -> View:
    """Ask before a row is deleted, and say what goes with it or stands in the way; then delete it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @for_team(changing=True, once=True)
    def view(desk: Desk, pk: int) -> HttpResponse:
        row = _found(desk, section, pk)
        refusal = ""
        if desk.request.method == "POST":
            refusal = _refused(lambda: delete_row(row, actor=desk.actor))
            if not refusal:
                notices.success(desk.request, _("“%(name)s” is deleted.") % {"name": section.named(row)})
                return redirect(f"organize:{section.many}", desk.conference.slug)
        hanging = hanging_on(row)
        context = {
            "part": section,
            "name": section.named(row),
            "refusal": refusal,
            "in_the_way": [one for one in hanging if one.fate is Fate.STANDS_IN_THE_WAY],
            "goes": [one for one in hanging if one.fate is Fate.GOES],
            "lets_go": [one for one in hanging if one.fate is Fate.LETS_GO],
            "row_url": _url(desk, f"{section.one}_edit", *section.args(row)),
        }
        return desk.page("organize/setup/rows/delete.html", section.marked, context, status=409 if refusal else 200)

    return view


def history_of(section: Section) -> View:
    """Everything that was changed of one row, by whom, and what was there before."""

    @require_safe
    @for_team()
    def view(desk: Desk, pk: int = 0) -> HttpResponse:
        row = _found(desk, section, pk)
        page = page_of(_entries(desk, section, row.pk), desk.request.GET, PER_PAGE, is_by_age=True)
        context = {
            "part": section,
            "name": section.named(row),
            "changes": in_words(desk.conference, list(page)),
            "page_obj": page,
            "row_url": _url(desk, f"{section.one}_edit", *section.args(row)),
        }
        return desk.page("organize/setup/rows/history.html", section.marked, context)

    return view


def _added(desk: Desk, form: RowForm) -> Any:
    return add_row(form.instance, lines=form.lines, actor=desk.actor)


def _changed(desk: Desk, form: RowForm) -> Any:
    row = form.instance
    if isinstance(row, Session) and not desk.rights.may_reach(row.theme.code if row.theme else None):
        raise ValidationError({"theme": _("Choose one of your own themes.")})
    return change_row(form.instance, lines=form.lines, version=form.cleaned_data["version"], actor=desk.actor)


def _tried(form: RowForm, act: Callable[[], Any]) -> Any:
    """What `act` makes; None where it is refused, which the form then says."""
    try:
        return act()
    except ValidationError as refusal:
        form.refuse(refusal)
    except DatabaseError as error:
        said = refusal_in(error)
        if said is None:
            raise
        form.add_error(None, str(said.sentence))
    return None


def _refused(act: Callable[[], object]) -> str:
    """Why `act` was refused; empty where it was done."""
    try:
        act()
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except DatabaseError as error:
        said = refusal_in(error)
        if said is None:
            raise
        return str(said.sentence)
    return ""


def _both(desk: Desk, section: Section, stored: Any) -> HttpResponse:
    """Somebody else was quicker: their version beside mine. Sending mine again is then a decision, not an accident."""
    data = desk.request.POST.copy()
    lines = lines_of(stored)
    data["version"] = version_of(stored, lines)
    row = _found(desk, section, stored.pk)
    mine = section.form(data, conference=desk.conference, instance=row, lines=lines)
    mine.is_valid()
    theirs = section.form(conference=desk.conference, instance=stored, lines=lines)
    newest = in_words(desk.conference, list(_entries(desk, section, stored.pk)[:1]))
    context = {"differences": differences(mine, theirs), "newest": next(iter(newest), None)}
    return _form_page(desk, section, mine, status=409, **context)


def _form_page(desk: Desk, section: Section, form: RowForm, *, status: int = 200, **context: Any) -> HttpResponse:
    # What is shown beside a form that was sent is the row as it is kept; the form has written to its own.
    row = _found(desk, section, form.instance.pk) if form.is_bound else form.instance
    if not desk.may_change:
        for one in [form, *(line for table in form.tables for line in table.forms)]:
            for field in one.fields.values():
                field.disabled = True
    shared = {
        "part": section,
        "form": form,
        "row": row,
        "name": section.named(row),
        "list_url": _url(desk, section.many),
        "delete_url": _delete_url(desk, section, row),
        "history_url": _url(desk, f"{section.one}_history", *section.args(row)),
    }
    if section.absences:
        shared["absences"] = _absences(section, row)
        away = _url(desk, f"{section.one}_away", *section.args(row))
        shared["absence_url"] = away if may_open(desk.rights, away) else ""
    shared |= section.beside(row)
    return desk.page(section.template, section.marked, shared | context, status=status)


def _delete_url(desk: Desk, section: Section, row: Any) -> str:
    """Empty where this member may not; what there is one of in a conference is deleted by owners."""
    if row.pk is None or (section.is_single and not desk.is_owner):
        return ""
    return _url(desk, f"{section.one}_delete", *section.args(row))


def _absences(section: Section, row: Any) -> QuerySet[Unavailability]:
    return Unavailability.objects.filter(**{EDITS[section.model].fact.subject.code: row.pk})


def _found(desk: Desk, section: Section, pk: int) -> Any:
    """A row of this conference; Http404 for any other."""
    if section.is_single:
        return section.rows(desk.conference).get()
    return get_object_or_404(section.rows(desk.conference), pk=pk)


def _row(desk: Desk, section: Section, row: Any) -> dict[str, Any]:
    cells = [(column, column.show(row)) for column in section.columns]
    return {"row": row, "url": _url(desk, f"{section.one}_edit", *section.args(row)), "cells": cells}


def _url(desk: Desk, name: str, *args: Any) -> str:
    return reverse(f"organize:{name}", args=[desk.conference.slug, *args])


def _searched(section: Section, conference: Conference, words: str) -> QuerySet[Any]:
    rows = section.rows(conference)
    named = EDITS[section.model].fact.subject.named_by
    if not words or not named:
        return rows
    return rows.filter(pk__in=keys_found(section.model.objects.filter(conference=conference), words, "code", named))


def _entries(desk: Desk, section: Section, pk: int) -> QuerySet[Entry]:
    """What the journal has about a row, the newest first."""
    subject = EDITS[section.model].fact.subject
    verbs = [fact.verb for fact in facts() if fact.subject == subject]
    return Entry.objects.filter(conference_id=desk.conference.pk, subject_id=pk, verb__in=verbs).order_by("-pk")
