"""What Celery runs for the programme."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from schedule.domain.emergencies.asking import carry_out
from schedule.domain.searches import searches as runs
from schedule.exchange.everything import asking as archives
from schedule.exchange.files.making import make_and_keep
from schedule.exchange.files.proofs import make_and_keep_proof
from schedule.exchange.imports.runs import lifecycle as imports
from schedule.exchange.imports.worker import carry_out as carry_out_import


@shared_task
def search(run_id: int) -> None:
    """Search for a timetable, or for the repair of one. The longest ends well before the time limit of tasks."""
    carry_out(run_id)


@shared_task
def find_lost() -> None:
    """Notice searches and imports whose worker has ended."""
    runs.find_lost(now=timezone.now())
    imports.find_lost(now=timezone.now())


@shared_task
def make_file(conference_id: int, name: str, language: str) -> None:
    """Make a large file of a programme that somebody waits for."""
    make_and_keep(conference_id, name, language)


@shared_task
def make_proof(draft_id: int, paper: str, language: str) -> None:
    """Make the proof of a large draft that somebody waits for."""
    make_and_keep_proof(draft_id, paper, language)


@shared_task
def make_archive(pk: int) -> None:
    """Make an archive of everything that an owner asked for."""
    archives.carry_out(pk)


@shared_task
def bring_in(run_id: int) -> None:
    """Import an uploaded file."""
    carry_out_import(run_id)
