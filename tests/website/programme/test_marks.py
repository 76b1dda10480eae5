from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils.safestring import SafeString

from website.programme import marks


def entry(code: str, *, is_now: bool = False, state: str = "") -> Any:
    return SimpleNamespace(code=code, is_now=is_now, state=state)


def test_each_gap_is_filled_by_its_own_code_and_the_rest_stays() -> None:
    html = (
        f"<a{marks.own('T1')}>{marks.foot(entry('T1', is_now=True))}</a>"
        f"<b{marks.own('T 2')}>{marks.foot(entry('T 2', state='invitation'))}</b>"
    )
    filled = marks.filled(html, own=lambda code: f" own={code}", foot=lambda *of: f"[{of}]")
    assert filled == "<a own=T1>[('T1', True, '')]</a><b own=T 2>[('T 2', False, 'invitation')]</b>"
    assert isinstance(filled, SafeString)


def test_text_that_looks_like_a_gap_is_no_gap() -> None:
    html = "own0 T1 foot0 T1"
    assert marks.filled(html, own=lambda _: "wrong", foot=lambda *_: "wrong") == html


def test_what_is_filled_in_is_not_read_again() -> None:
    html = str(marks.own("A"))
    assert marks.filled(html, own=lambda _: str(marks.own("B")), foot=lambda *_: "") == marks.own("B")
