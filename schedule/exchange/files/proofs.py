"""Proofs of drafts. Of a large draft a worker makes it, and it is kept for the few minutes in which it is fetched."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from journal.facts import Concern
from schedule.domain.published.programme import proof_of
from schedule.domain.timetables.kept import Kept, digest
from schedule.domain.timetables.revision import state_of
from schedule.exchange.files.formats import EVERY, WRITERS_VERSION
from schedule.exchange.files.making import MANY, kept_as, wake
from schedule.exchange.writers.printed.book import Paper, book_pdf
from schedule.models import Draft

TASK = "schedule.tasks.make_proof"
# A draft is nobody's business but the team's: what shows one is forgotten soon.
KEEP_PROOF_SECONDS = 600


@dataclass(frozen=True)
class AskedProof:
    """One draft as a book, in one language or in all (`EVERY`). Reads the draft's conference."""

    draft: Draft
    paper: Paper
    language: str

    def write(self) -> bytes:
        """The book. Takes seconds for hundreds of sessions."""
        conference = self.draft.conference
        languages = conference.languages if self.language == EVERY else [self.language]
        return book_pdf(proof_of(conference, self.draft, now=timezone.now()), languages, self.paper)

    @property
    def is_large(self) -> bool:
        """Whether it takes longer than a request should. One query."""
        return self.draft.placements.count() >= MANY

    def name(self) -> str:
        """Of this state of it: of the draft, and of the programme that it places. One query."""
        draft, written_with = self.draft, (WRITERS_VERSION, *settings.PDF_FONTS)
        state = state_of(draft.conference, Concern.PROGRAMME, Concern.TIMETABLE)
        return digest("proof", *written_with, draft.pk, draft.version, draft.name, state, self.paper, self.language)

    def kept(self, name: str, kept: Kept) -> bytes | None:
        """What a worker has made."""
        return kept.get(kept_as(self.draft.conference, name), bytes)

    def have_made(self, name: str) -> bool:
        """Wake a worker for it, unless one is at it. False where none can be woken."""
        return wake(TASK, (self.draft.pk, self.paper.value, self.language), name)


def make_and_keep_proof(draft_id: int, paper: str, language: str) -> bool:
    """Make a proof and keep it for whoever waits. False where there is no such draft, or it changed meanwhile."""
    draft = Draft.objects.select_related("conference").filter(pk=draft_id).first()
    if draft is None:
        return False
    try:
        return _made_and_kept(AskedProof(draft, Paper(paper), language))
    except ObjectDoesNotExist:
        if Draft.objects.filter(pk=draft_id).exists():
            raise
        return False  # it was deleted while the proof was made


def _made_and_kept(asked: AskedProof) -> bool:
    draft, name = asked.draft, asked.name()
    content = asked.write()
    draft.refresh_from_db(fields=["version", "name"])
    if asked.name() != name:
        return False
    Kept().put({kept_as(draft.conference, name): content}, KEEP_PROOF_SECONDS)
    return True
