"""The pages of exports and archives in each of their states, clean for axe."""

from __future__ import annotations

from django.utils import timezone

from schedule.models import WholeArchive
from tests.e2e.inspecting import Inspection, organizing
from tests.e2e.stage import Stage

__all__ = ["organizing"]  # a fixture


def test_the_pages_of_exports(stage: Stage, organizing: Inspection) -> None:
    organizing.visitor.sign_in_as(stage.organizer())
    organizing.see("/organize/forum/exports/")
    organizing.see("/organize/forum/exports/everything/")
    about = {"conference": stage.conference, "language": "en"}
    WholeArchive.objects.create(**about, state="ready", ready_at=timezone.now(), size=1_000_000)
    WholeArchive.objects.create(**about, state="failed")
    WholeArchive.objects.create(**about)
    organizing.see("/organize/forum/exports/everything/")
    assert organizing.found == [], "\n".join(organizing.found)
