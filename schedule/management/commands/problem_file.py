"""`manage.py problem_file CONFERENCE`: write a conference as a problem file for the scheduler's command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schedule.exchange.writers.problem_file import NotPlaced, problem_text, search_text
from schedule.models import Conference, Draft, SolverRun
from schedule.solver.files.reading.finding import FileRefused


class Command(BaseCommand):
    help = "Write a conference as a problem file: python -m schedule.solver solve FILE schedules it without a database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("conference", help="the conference's part of its address")
        parser.add_argument("--draft", type=int, metavar="N", help="number of a draft: the timetable to begin with")
        parser.add_argument(
            "--keep", nargs="+", default=[], metavar="SESSION", help="codes of sessions that keep their place in it"
        )
        parser.add_argument(
            "--search", type=int, metavar="N", help="number of a search: what it was asked, to make it again"
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: standard output)")

    def handle(
        self,
        *,
        conference: str,
        draft: int | None,
        keep: list[str],
        search: int | None,
        out: Path | None,
        **options: Any,
    ) -> None:  # Django passes its own options
        """Exit 1 with one line on standard error for what cannot be done; nothing is written then."""
        found = Conference.objects.filter(slug=conference).first()
        if found is None:
            raise CommandError(f"There is no conference at the address “{conference}”.")
        if keep and draft is None:
            raise CommandError("--keep needs --draft: sessions keep the place they have in a draft.")
        if search is not None and (keep or draft is not None):
            raise CommandError("--search says itself where it began and what it kept: leave out --draft and --keep.")
        run = None if search is None else _search(found, search)
        begin = None if draft is None else _draft(found, draft)
        try:
            text = problem_text(found, draft=begin, keep=keep) if run is None else search_text(run)
        except NotPlaced as error:
            raise CommandError(f"Session “{error.code}” has no place in draft {draft}.") from error
        except FileRefused as error:
            raise CommandError(f"This conference does not fit into a problem file: {error}") from error
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Cannot write {out}: {error.strerror}.") from error


def _draft(conference: Conference, number: int) -> Draft:
    found = Draft.objects.filter(conference=conference, pk=number).first()
    if found is not None:
        return found
    drafts = Draft.objects.filter(conference=conference).order_by("pk")
    known = ", ".join(f"{one.pk} (“{one.name}”)" for one in drafts) or "none"
    raise CommandError(f"“{conference.slug}” has no draft {number}. Its drafts: {known}.")


def _search(conference: Conference, number: int) -> SolverRun:
    found = SolverRun.objects.for_conference(conference).select_related("conference", "base").filter(pk=number).first()
    if found is None:
        raise CommandError(f"“{conference.slug}” has no search {number}.")
    return found
