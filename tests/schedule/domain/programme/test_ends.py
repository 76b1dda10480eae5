"""The end of a session beside its start: with its day as soon as the clock alone would mislead."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from values.instants import after

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 3, 27, 18, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("minutes", "english", "korean"),
    [
        (90, "19:30", "19:30"),
        (12 * 60, "07:00", "07:00"),
        (24 * 60, "Sun 28, 19:00", "28일(일요일) 19:00"),
        (48 * 60, "Mon 29, 19:00", "29일(월요일) 19:00"),
    ],
)
def test_the_end_has_its_day_after_a_day(minutes: int, english: str, korean: str) -> None:
    times = Context({"start": START, "end": after(START, minutes).astimezone(ZoneInfo("UTC"))})
    said = {}
    for language in ("en", "ko"):
        with timezone.override(BERLIN), translation.override(language):
            said[language] = Template("{{ end|ends:start }}").render(times)
    assert said == {"en": english, "ko": korean}
