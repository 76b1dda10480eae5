"""Particles that fit and such that do not."""

from __future__ import annotations

import pytest

from tools.korean import nouns_of, particle_faults

NOUNS = nouns_of(["세션 이메일 장소 자리 회의실 전문 초안", "방법에서"])


@pytest.mark.parametrize(
    "text",
    [
        "세션이 있습니다",
        "세션은 이메일로 장소를 자리와 회의실로 초안으로",
        "있는 같은 많이 새로 바로",
        "전문가 여러분",
        "“%(title)s” 세션이 열립니다",
        "%(title)s이(가) %(room)s(으)로, %(name)s은(는) %(body)s을(를)",
        "장소(%(room)s)를 세션({room})과",
        "%(count)d개를 %(minutes)d분에",
        "%(name)s 님이",
        "세션과의 초안으로는 이메일로부터 장소로서 세션이라고 자리라는",
        "%(name)s(으)로부터 %(title)s(이)라는 %(body)s과(와)의",
    ],
)
def test_what_fits_is_left_alone(text: str) -> None:
    assert list(particle_faults(text, NOUNS)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("세션가 있습니다", "세션가: 세션이"),
        ("이 세션는", "세션는: 세션은"),
        ("이메일으로", "이메일으로: 이메일로"),
        ("초안로", "초안로: 초안으로"),
        ("장소이 없습니다", "장소이: 장소가"),
        ("자리을", "자리을: 자리를"),
        ("세션와", "세션와: 세션과"),
        ("방법를", "방법를: 방법을"),
        ("%(title)s가 열립니다", "%(title)s가: nobody knows how the value ends; write 이(가)"),
        ("“{room}”로", "{room}”로: nobody knows how the value ends; write (으)로"),
        ("초안로는", "초안로는: 초안으로는"),
        ("이메일으로도", "이메일으로도: 이메일로도"),
        ("세션와의", "세션와의: 세션과의"),
        ("세션라고", "세션라고: 세션이라고"),
        ("장소이라는", "장소이라는: 장소라는"),
        ("%(name)s로부터", "%(name)s로부터: nobody knows how the value ends; write (으)로부터"),
        ("{name}과의", "{name}과의: nobody knows how the value ends; write 과(와)의"),
        ("“%(title)s”이라는", "%(title)s”이라는: nobody knows how the value ends; write (이)라는"),
        ("%(name)s이랑", "%(name)s이랑: nobody knows how the value ends; write (이)랑"),
        ("%(name)s은, 그리고", "%(name)s은: nobody knows how the value ends; write 은(는)"),
    ],
)
def test_what_does_not_fit_is_found(text: str, fault: str) -> None:
    assert list(particle_faults(text, NOUNS)) == [fault]
