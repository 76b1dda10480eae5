"""schedule.txt: lines of 80 columns, whatever they are written in, and nothing a terminal obeys."""

from __future__ import annotations

import pytest

from schedule.exchange.writers.plain_text import INDENT, WIDTH, columns, schedule_txt, wrapped
from tests.schedule.exchange.writers.factories import programme, session
from tests.scripts import HOSTILE, NAMES


def lines_of(*titles: str, name: str = "Forum") -> list[str]:
    whole = programme([session(f"S{number}", title) for number, title in enumerate(titles)], name=name)
    return schedule_txt(whole, "en").decode().splitlines()


def test_the_whole_of_a_small_programme() -> None:
    assert lines_of("Water", name="Forum") == [
        "Forum",
        "=====",
        "Forum",
        "27 March 2027 – 28 March 2027 · Forum",
        "all times in the zone Asia/Seoul · Release 1 of 2027-01-01 12:00",
        "",
        "Saturday, 27 March 2027",
        "-----------------------",
        "",
        "10:00–11:00  Water",
        "             Hall",
        "             Water · interpretation Korean – English · [S0]",
        "             Water",
        "             Water",
        "",
        "https://plenary.example/forum/",
    ]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("한국어", 6),
        ("e\u0301", 1),
        ("\u1112\u1161\u11ab", 2),
        ("ไทย", 3),
        ("กี่", 1),
        ("ｱ", 1),
        ("Ａ", 2),
        ("👩\u200d💻", 4),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_line_is_wider_than_the_terminal(name: str) -> None:
    lines = lines_of(f"{name} " * 20, name.replace(" ", "") * 20, name=name)
    assert max(map(columns, lines)) <= WIDTH
    assert "".join(name.split()) in "".join("".join(lines).split())


def test_korean_is_underlined_as_wide_as_it_is_drawn() -> None:
    assert lines_of("가", name="세계인권도시포럼")[:2] == ["세계인권도시포럼", "=" * 16]


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_obeyed_by_a_terminal(kind: str) -> None:
    text = "\n".join(lines_of(HOSTILE[kind], name=HOSTILE[kind]))
    assert [
        one for one in text if one != "\n" and (one < " " or "\x7f" <= one <= "\x9f" or "\u202a" <= one <= "\u202e")
    ] == []


def test_words_stay_whole_and_only_what_is_longer_than_a_line_is_cut() -> None:
    assert list(wrapped("aa bb cc", 5)) == ["aa bb", "cc"]
    assert list(wrapped("한국어", 4)) == ["한국", "어"]
    assert list(wrapped("", 5)) == []


def test_an_end_on_another_day_has_a_line_of_its_own() -> None:
    lines = schedule_txt(programme([session("S", "Night", minutes=2 * 24 * 60)]), "en").decode().splitlines()
    assert lines[9:11] == ["10:00–Mon 29, 10:00", " " * INDENT + "Night"]
