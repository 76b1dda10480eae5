from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.wordings.texts import moment, one_line, page_language, span

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("language", "zone", "start", "end", "said"),
    [
        ("en", "Asia/Seoul", (15, 4, 0), (15, 6, 30), "Fri 15 September 2017, 13:00–15:30 (Asia/Seoul)"),
        ("ko", "Asia/Seoul", (15, 4, 0), (15, 6, 30), "2017년 9월 15일 (금) 13:00–15:30 (Asia/Seoul)"),
        ("fr", "Asia/Seoul", (15, 4, 0), (15, 6, 30), "Fri 15 September 2017, 13:00–15:30 (Asia/Seoul)"),
        ("en", "Pacific/Apia", (15, 11, 0), (15, 12, 0), "Sat 16 September 2017, 00:00–01:00 (Pacific/Apia)"),
        ("en", "Asia/Kathmandu", (15, 4, 0), (15, 5, 0), "Fri 15 September 2017, 09:45–10:45 (Asia/Kathmandu)"),
        (
            "en", "Europe/Berlin", (15, 21, 30), (15, 23, 0),
            "Fri 15 September 2017, 23:30–Sat 16 September 2017, 01:00 (Europe/Berlin)",
        ),
        (
            "ko", "Europe/Berlin", (15, 21, 30), (15, 23, 0),
            "2017년 9월 15일 (금) 23:30–2017년 9월 16일 (토) 01:00 (Europe/Berlin)",
        ),
    ],
)  # fmt: skip
def test_span(language: str, zone: str, start: tuple[int, int, int], end: tuple[int, int, int], said: str) -> None:
    first, last = (datetime(2017, 9, day, hour, minute, tzinfo=UTC) for day, hour, minute in (start, end))
    assert span(first, last, ZoneInfo(zone), language) == said


def test_moment_has_weekday_and_zone() -> None:
    instant = datetime(2017, 9, 15, 4, 0, tzinfo=UTC)
    assert moment(instant, SEOUL, "en") == "Fri 15 September 2017, 13:00 (Asia/Seoul)"
    assert moment(instant, SEOUL, "ko") == "2017년 9월 15일 (금) 13:00 (Asia/Seoul)"


def test_one_line_ends_no_line() -> None:
    assert one_line("a\r\nb\x0bc\u2028d\x85e\x00f") == "a b c d e f"
    assert one_line("\u202egnp\u2069") == "gnp"
    assert one_line("김민지 Zoë 👩‍💻") == "김민지 Zoë 👩‍💻"


def test_unknown_language_reads_the_default() -> None:
    assert [page_language(code) for code in ("ko", "ko-KR", "en-GB", "fr", "")] == ["ko", "ko", "en", "en", "en"]
