"""Files that a process keeps for itself: few, each made once at a time, and none that nobody can vouch for."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisAwayError

from schedule.exchange.files.formats import FORMATS, ExportFormat
from tests.at_once import at_once
from tests.fixtures.programmes import World
from website.files.last_made import LastMade


class Maker:
    """Makes a file, and counts how often."""

    def __init__(self, content: bytes = b"file", certain: bool = True) -> None:
        self.content, self.certain, self.times = content, certain, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.content

    def still(self) -> bool:
        return self.certain


def test_last_files_are_kept_and_older_ones_are_not() -> None:
    last, makers = LastMade(most=2), {name: Maker(name.encode()) for name in "abc"}
    for name in "aabacaab":
        assert last.get(name, makers[name], still=makers[name].still) == (name.encode(), True)
    assert {name: maker.times for name, maker in makers.items()} == {"a": 1, "b": 2, "c": 1}


def test_what_changed_while_it_was_made_is_not_kept() -> None:
    last, maker = LastMade(), Maker(certain=False)
    assert [last.get("a", maker, still=maker.still) for _ in range(2)] == [(b"file", False)] * 2
    assert maker.times == 2


def test_what_cannot_be_made_is_tried_again() -> None:
    def broken() -> bytes:
        raise ArithmeticError

    last, maker = LastMade(), Maker()
    with pytest.raises(ArithmeticError):
        last.get("a", broken, still=maker.still)
    assert last.get("a", maker, still=maker.still) == (b"file", True)


@pytest.mark.django_db
def test_one_file_is_made_once_for_all_who_ask_meanwhile() -> None:
    last, begun, others = LastMade(), Event(), Maker()

    def slow() -> bytes:
        begun.set()
        assert not begun.wait(0) or others.times == 0
        return b"file"

    def wait_for_it() -> tuple[bytes, bool]:
        assert begun.wait(20)
        return last.get("a", others, still=others.still)

    answers = at_once([lambda: last.get("a", slow, still=others.still), wait_for_it, wait_for_it])
    assert (answers, others.times) == ([(b"file", True)] * 3, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["json", "pdf"])
def test_file_is_made_once_while_the_cache_is_away(
    extension: str, world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: Any, **options: Any) -> None:
        raise RedisAwayError

    maker = Maker(b"made once")
    changed = ExportFormat(lambda programme, language: maker(), "text/plain", is_attachment=False)
    monkeypatch.setitem(FORMATS, extension, changed)
    monkeypatch.setattr(cache, "get_many", away)
    monkeypatch.setattr(cache, "set_many", away)
    answers = [client.get(f"/open-forum/schedule.{extension}?lang=ko&n={number}") for number in range(3)]
    assert [one.content for one in answers] == [b"made once"] * 3
    assert len({one["ETag"] for one in answers}) == 1
    assert maker.times == 1
