"""Large files of a programme, made by a worker and kept for whoever asks next.

A file is kept under a digest of all that decides its bytes, so what is kept is never out of date. Asking again wakes a
worker again; nothing is lost with the cache or the queue but time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from schedule.domain.published.programme import published
from schedule.domain.timetables.kept import Kept, digest, kept_name
from schedule.domain.timetables.revision import Revision, revision_of
from schedule.exchange.files.formats import WRITERS_VERSION, AskedFile
from schedule.models import Conference, Release

logger = logging.getLogger(__name__)
TASK = "schedule.tasks.make_file"
# Sessions from which a slow file may take longer than a reader should hold a thread for.
MANY = 150
# How long a file is kept for those who ask for the same.
KEEP_SECONDS = 3600
# Who asks meanwhile does not wake another worker; one that died is replaced after this.
BEING_MADE_SECONDS = 120


def digest_of(conference: Conference, revision: Revision, asked: AskedFile, *, is_packed: bool = False) -> str:
    """The name of one state of a file: also its tag."""
    written_with = (WRITERS_VERSION, settings.SITE_URL, *settings.PDF_FONTS)
    parts = [*written_with, conference.pk, revision.of_programme, asked.language, asked.name, asked.day or ""]
    return digest(*parts, "gzip" if is_packed else "")


def kept_as(conference: Conference, name: str) -> str:
    """Where the file with this digest is kept."""
    return kept_name(conference.pk, "file", name)


def have_made(conference: Conference, asked: AskedFile, name: str) -> bool:
    """Wake a worker for the file with this digest, unless one is at it. False where none can be woken."""
    return wake(TASK, (conference.pk, asked.name, asked.language), name)


def wake(task: str, arguments: Sequence[object], name: str) -> bool:
    """Send a worker for what has this name, unless one is at it. False where none can be sent."""
    mark = f"making:{name}"
    try:
        if cache.add(mark, 1, timeout=BEING_MADE_SECONDS):
            try:
                current_app.send_task(task, tuple(arguments), expires=BEING_MADE_SECONDS, ignore_result=True)
            except (OperationalError, RedisError):
                cache.delete(mark)  # else whoever asks next waits for nobody
                raise
    except (OperationalError, RedisError):
        logger.warning("Redis is away; large files are made for whoever waits for them.")
        return False
    return True


def make_and_keep(conference_id: int, name: str, language: str) -> bool:
    """Make a file of the newest release and keep it. False where nobody may have it, or it changed meanwhile."""
    conference = Conference.objects.filter(pk=conference_id, is_public=True).first()
    if conference is None:
        return False
    try:
        return _made_and_kept(conference, name, language)
    except ObjectDoesNotExist:
        if Conference.objects.filter(pk=conference_id).exists():
            raise
        return False  # it was deleted while the file was made


def _made_and_kept(conference: Conference, name: str, language: str) -> bool:
    revision, asked = revision_of(conference), AskedFile(name, language)
    if revision.release_id is None:
        return False
    release = Release.objects.get(pk=revision.release_id)
    content = asked.write(published(conference, release))
    if revision_of(conference).of_programme != revision.of_programme:
        return False
    Kept().put({kept_as(conference, digest_of(conference, revision, asked)): content}, KEEP_SECONDS)
    return True
