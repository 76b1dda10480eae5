"""Asking for an archive of everything, taking it away, and deleting it. Only owners do any of it.

A worker makes it. The row is the truth: one whose worker has ended is waited for no longer, and another can be asked
for.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from journal.actors import SYSTEM, Actor
from journal.recording import record
from journal.retrying import retried
from schedule.domain.timetables.kept import Kept
from schedule.exchange.everything.packing import Packed, pack
from schedule.facts.archives import ArchiveAsked, ArchiveDeleted, ArchiveMade, ArchiveTaken
from schedule.models import Conference, WholeArchive

logger = logging.getLogger(__name__)
State = WholeArchive.State
TASK = "schedule.tasks.make_archive"
# It holds everybody's data: long enough to be taken away, and no longer.
KEEP_ARCHIVES = timedelta(days=1)
_PROGRESS_SECONDS = 1800


class ArchiveBeingMade(Exception):
    """One archive of a conference is made at a time."""

    def __init__(self) -> None:
        super().__init__(_("An archive is being made already."))


@retried
@transaction.atomic
def ask(conference: Conference, *, user: User, actor: Actor) -> WholeArchive:
    """Have an archive made. Raises `ArchiveBeingMade`."""
    now = timezone.now()
    for lost in WholeArchive.objects.filter(conference=conference, state=State.ASKED).defer("content"):
        if lost.is_lost(now):
            WholeArchive.objects.filter(pk=lost.pk, state=State.ASKED).update(state=State.FAILED)
    try:
        with transaction.atomic():
            asked = WholeArchive.objects.create(
                conference=conference, asked_by=user, asked_at=now, language=get_language() or conference.languages[0]
            )
    except IntegrityError as error:
        raise ArchiveBeingMade from error
    record(ArchiveAsked(conference_id=conference.pk, subject_id=conference.pk), actor=actor)
    transaction.on_commit(lambda: _wake(asked.pk))
    return asked


def _wake(pk: int) -> None:
    try:
        current_app.send_task(TASK, (pk,), ignore_result=True)
    except (OperationalError, RedisError):
        # Nothing sweeps it up: whoever asked sees that it was not made, and asks again.
        logger.warning("Redis is away; an archive of everything is not made.")
        WholeArchive.objects.filter(pk=pk, state=State.ASKED).update(state=State.FAILED)


def carry_out(pk: int) -> None:
    """Make an archive that was asked for. Twice changes nothing; what was deleted meanwhile is not made."""
    asked = WholeArchive.objects.filter(pk=pk, state=State.ASKED).select_related("conference").first()
    if asked is None:
        return
    kept, name = Kept(), _progress_name(asked)

    def tell(done: int, of: int) -> None:
        kept.put({name: (done, of)}, _PROGRESS_SECONDS)

    packed = None
    try:
        packed = pack(asked.conference, asked.language, tell)
    finally:
        if packed is None:  # whatever it was: whoever asked is told, and the worker's log says why
            WholeArchive.objects.filter(pk=pk, state=State.ASKED).update(state=State.FAILED)
    _finish(asked, packed)


@retried
@transaction.atomic
def _finish(asked: WholeArchive, packed: Packed) -> None:
    found = WholeArchive.objects.filter(pk=asked.pk, state=State.ASKED)
    ready = {"state": State.READY, "ready_at": timezone.now(), "content": packed.content, "size": len(packed.content)}
    if found.update(**ready):
        conference = asked.conference_id
        record(ArchiveMade(conference_id=conference, subject_id=conference, rows=packed.rows), actor=SYSTEM)


def progress_of(asked: WholeArchive) -> tuple[int, int] | None:
    """How many of the tables are packed, as far as that is known."""
    found: tuple[int, int] | None = Kept().get(_progress_name(asked), tuple)
    return found


def _progress_name(asked: WholeArchive) -> str:
    return f"archive:{asked.uid}"


@retried
@transaction.atomic
def take(archive: WholeArchive, *, actor: Actor) -> bytes:
    """The content of an archive that is ready, written down as taken. Raises `WholeArchive.DoesNotExist`."""
    found = WholeArchive.objects.get(pk=archive.pk, state=State.READY)
    conference = found.conference_id
    record(ArchiveTaken(conference_id=conference, subject_id=conference, size=found.size), actor=actor)
    return bytes(found.content)


@retried
@transaction.atomic
def delete(archive: WholeArchive, *, actor: Actor) -> None:
    """Delete an archive before its time is over, also one that is being made."""
    deleted, _rows = WholeArchive.objects.filter(pk=archive.pk).delete()
    if deleted:
        conference = archive.conference_id
        record(ArchiveDeleted(conference_id=conference, subject_id=conference), actor=actor)


def forget_archives(*, now: datetime) -> int:
    """Delete those whose time is over. Returns how many."""
    return WholeArchive.objects.filter(asked_at__lte=now - KEEP_ARCHIVES).delete()[0]


def forget_archives_of(conferences: Collection[int]) -> None:
    """Delete all of these conferences: somebody who is in them is to be in nothing any more."""
    WholeArchive.objects.filter(conference_id__in=conferences).delete()
