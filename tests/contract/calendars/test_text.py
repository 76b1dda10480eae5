"""Every foreign parser reads the text that was meant, and hostile text adds nothing to a file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifications.calendars.files import feed
from tests.contract.calendars.parsers import Parse, as_read_by
from tests.notifications.calendars.factories import make_entry, make_info, make_invite

TEXTS = {
    "korean": "제7회 세계인권도시포럼: 도시와 존엄",
    "korean of 200 characters": "인권도시는 모두의 존엄을 지킨다 " * 11 + "광주에서 만나요",
    "latin of 200 characters": "Dignity and the city " * 9 + "in Gwangju!",
    "emoji of 200 characters": "👩‍👩‍👧‍👦🏳️‍🌈🇰🇷" * 14 + "🎉🎉🎉🎉",
    "emoji": "Opening 🎉 👩🏽‍🦽 🇰🇷",
    "arabic": "مدن حقوق الإنسان",
    "devanagari": "मानव अधिकार शहर",
    "commas and semicolons": "Peace, bread; land, and: what now?",
    "backslashes": "C:\\temp\\new \\, \\; \\\\ end\\",
    "backslash before n": "a\\nb \\N c",
    "quotes": "\"Cities\" 'for' «all» “people”",
    "percent and equals": "100% = ^n &amp; <b>bold</b>",
    "runs of blanks": "one" + " " * 90 + "two" + " " * 90 + "three",
    "no blanks": "x" * 400,
}
INJECTIONS = {
    "line break and property": ("Title\r\nATTENDEE:mailto:eve@example.org", "Title ATTENDEE:mailto:eve@example.org"),
    "bare line feed": ("Title\nX-EVIL:1", "Title X-EVIL:1"),
    "bare carriage return": ("Title\rX-EVIL:1", "Title X-EVIL:1"),
    "a folded line": ("Title\r\n X-EVIL:1", "Title  X-EVIL:1"),
    "vertical tab and form feed": ("Title\vX-EVIL:1\fX-EVIL:2", "Title X-EVIL:1 X-EVIL:2"),
    "file separators": ("Title\x1cX-EVIL:1\x1dX-EVIL:2\x1eX-EVIL:3", "Title X-EVIL:1 X-EVIL:2 X-EVIL:3"),
    "unicode line ends": ("Title\u2028X-EVIL:1\u2029X-EVIL:2\x85X-EVIL:3", "Title X-EVIL:1 X-EVIL:2 X-EVIL:3"),
    "control characters": ("Ti\x00t\x07l\x7fe\x9f \ufeffend", "Title end"),
    "a second event": (
        "Title\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nDTSTART:20170914T000000Z",
        "Title END: VEVENT BEGIN: VEVENT UID:evil DTSTART:20170914T000000Z",
    ),
    "components in one line": ("BEGIN:VEVENT begin:valarm END:VCALENDAR", "BEGIN: VEVENT begin: valarm END: VCALENDAR"),
    "components hidden by a control character": ("BEG\x00IN:VEVENT END:\x07VEVENT", "BEGIN: VEVENT END: VEVENT"),
    "a parameter": (";LANGUAGE=en:Title", ";LANGUAGE=en:Title"),
    "a lone surrogate": ("Ti\ud800tle", "Title"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_all_parsers_read_the_same_text(parser: str, parse: Parse, text: str) -> None:
    (event,) = parse(make_invite(make_entry(summary=text, description=text, location=text))).events
    assert (event.summary, event.description, event.location) == (as_read_by(parser, text),) * 3


def test_a_description_keeps_its_lines(parser: str, parse: Parse) -> None:
    text = "One\nTwo, three; four\n\n· 다섯\nC:\\new"
    (event,) = parse(make_invite(make_entry(description=text.replace("\n", "\r\n")))).events
    assert event.description == as_read_by(parser, text)


@pytest.mark.parametrize(("hostile", "inert"), INJECTIONS.values(), ids=INJECTIONS.keys())
def test_hostile_text_adds_no_property_and_no_component(parser: str, parse: Parse, hostile: str, inert: str) -> None:
    benign = make_entry(summary="Title", description="Text", location="Room", categories=("Kind",))
    bad = replace(benign, summary=hostile, description=hostile, location=hostile, categories=(hostile,))
    expected, seen = parse(make_invite(benign)), parse(make_invite(bad, attendee_name=hostile, organizer_name=hostile))
    assert seen.components == 1
    assert seen.names == expected.names
    (event,), (benign_event,) = seen.events, expected.events
    assert event.names == benign_event.names
    assert (event.uid, event.start, event.end) == (benign.uid, benign.start, benign.end)
    assert (event.summary, event.location) == (as_read_by(parser, inert),) * 2


@pytest.mark.parametrize(("hostile", "inert"), INJECTIONS.values(), ids=INJECTIONS.keys())
def test_a_hostile_calendar_name_adds_nothing_to_a_feed(parser: str, parse: Parse, hostile: str, inert: str) -> None:
    entries = [make_entry(), make_entry(uid="second@example.org", summary=hostile)]
    expected, seen = parse(feed(entries, make_info()).body), parse(feed(entries, make_info(name=hostile)).body)
    assert seen.names == expected.names
    assert seen.components == 2
    assert sorted(event.summary for event in seen.events) == sorted([entries[0].summary, as_read_by(parser, inert)])
