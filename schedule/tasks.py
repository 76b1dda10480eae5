"""What Celery runs for the programme."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from schedule.domain.searches import searches as runs
from schedule.domain.searches import worker as searching


@shared_task
def search(run_id: int) -> None:
    """Search for a timetable. The longest search ends well before the time limit of tasks."""
    searching.search(run_id)


@shared_task
def find_lost() -> None:
    """Notice searches whose worker has ended."""
    runs.find_lost(now=timezone.now())
