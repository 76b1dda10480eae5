"""Whatever happens to a place, every program reads the mail and the calendar as one entry: what the database now says.

It has the UID it always had and a SEQUENCE one higher with each step, whatever title and room it bears.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from pytest_django import Settings

from tests.contract.calendars.parsers import Parse, as_read_by
from tests.contract.calendars.playing import SCENARIOS, TITLE, Told, inert, play
from tests.smtp_sink import SmtpSink, running

pytestmark = pytest.mark.django_db
# What is nobody's but the holder's of a place, and told in no public calendar.
PERSONAL = frozenset({"online link", "leaving and coming back"})


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    settings.SITE_URL = "https://forum.example.org"
    settings.CALENDAR_DOMAIN = "forum.example.org"
    settings.MAIL_FROM = "calendar@forum.example.org"
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.host, server.port, 2
        yield server


def location_of(step: Told) -> str:
    return ", ".join(filter(None, (inert(step.room), inert(step.venue))))


def test_every_scenario_is_played_with_every_kind_of_text() -> None:
    assert [len(text) for text in TITLE.values()] == [200, 200]
    assert ("🎉" in TITLE["ko"], inert(TITLE["en"]) != TITLE["en"]) == (True, True)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_step_updates_the_same_entry_in_mail_and_feed(
    name: str, parser: str, parse: Parse, sink: SmtpSink
) -> None:
    for steps in zip(*play(name, sink), strict=True):
        assert len({step.uid for step in steps}) == 1
        assert all(before.sequence + 1 == after.sequence for before, after in pairwise(steps))
        for step in steps:
            mailed, fed = parse(step.mail), parse(step.feed)
            assert (mailed.method, fed.method) == (step.method, None)
            [event] = mailed.events
            if step.stays:
                [same] = fed.events
                assert same.summary == as_read_by(parser, inert(step.called))
                assert replace(same, summary="", names=frozenset()) == replace(event, summary="", names=frozenset())
            else:
                assert fed.events == ()
            assert (event.uid, event.sequence, event.status) == (step.uid, step.sequence, step.status)
            assert (event.start, event.end) == (step.start, step.end)
            assert event.summary == as_read_by(parser, inert(step.summary))
            assert event.location == as_read_by(parser, location_of(step))
            assert (step.join in event.description) is True or parser == "sabre"
            label = {"ko": "온라인 참여", "en": "Join online"}[step.language]
            assert event.description.count(label) == bool(step.join)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_step_updates_the_same_entry_in_the_public_calendar(
    name: str, parser: str, parse: Parse, sink: SmtpSink
) -> None:
    for steps in zip(*play(name, sink), strict=True):
        assert len({step.public_uid for step in steps}) == 1
        rises = [after.public_sequence - before.public_sequence for before, after in pairwise(steps)]
        assert rises == [name not in PERSONAL] * len(rises)
        for step in steps:
            [event] = parse(step.public).events
            assert (event.uid, event.sequence, event.status) == (
                step.public_uid,
                step.public_sequence,
                step.public_status,
            )
            assert (event.start, event.end) == (step.start, step.end)
            assert event.summary == as_read_by(parser, inert(step.called))
            assert event.location == as_read_by(parser, location_of(step))
            assert "meet.example.org" not in event.description
        if name in PERSONAL:
            assert len({step.public for step in steps}) == 1
