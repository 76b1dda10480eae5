"""calcurse reads texts and times; it knows no UID, no SEQUENCE and no STATUS."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifications.calendars.files import download, feed
from tests.contract.calendars.playing import SCENARIOS, inert, play
from tests.contract.calendars.test_scenarios import sink
from tests.contract.calendars.test_text import INJECTIONS, TEXTS
from tests.contract.calendars.test_times import ZONES
from tests.notifications.calendars.factories import make_entry, make_info, make_invite
from tests.smtp_sink import SmtpSink

__all__ = ["sink"]  # a fixture
pytestmark = pytest.mark.skipif(shutil.which("calcurse") is None, reason="calcurse is not installed")
SECONDS = 30
# One word for what calcurse itself puts between two entries.
END = "|end"


def read(body: bytes, folder: Path, zone: str = "America/St_Johns") -> list[tuple[datetime, datetime, str]]:
    """Start, end and title of every entry, as calcurse keeps them on a machine in this zone."""
    folder.mkdir(exist_ok=True)
    given = folder / "given.ics"
    given.write_bytes(body)
    own = ["calcurse", "--quiet", "--datadir", str(folder), "--confdir", str(folder)]
    environment = {**os.environ, "TZ": zone, "LC_ALL": "C.UTF-8"}
    for more in (["--import", str(given)], ["--grep", "--format-apt", f"%s|%e|%m{END}\\n"]):
        done = subprocess.run(
            [*own, *more], env=environment, capture_output=True, text=True, timeout=SECONDS, check=True
        )
        assert done.stderr == ""
    found = []
    for line in filter(None, done.stdout.split(f"{END}\n")):
        start, end, title = line.split("|", 2)
        found.append((datetime.fromtimestamp(int(start), UTC), datetime.fromtimestamp(int(end), UTC), title))
    return found


@pytest.mark.parametrize("machine", ["America/St_Johns", "Asia/Seoul"])
@pytest.mark.parametrize("zone", ZONES)
def test_times_are_found_on_any_machine(zone: str, machine: str, tmp_path: Path) -> None:
    """By day, over midnight, over three days, and on both sides of every switch of the clock."""
    first = datetime(2017, 9, 14, 1, tzinfo=UTC)
    spans = [
        (first, first + timedelta(minutes=90)),
        (first + timedelta(hours=12), first + timedelta(hours=19)),
        (first + timedelta(days=1), first + timedelta(days=4)),
        *(
            (datetime(2017, month, day, 12, tzinfo=UTC), datetime(2017, month, day, 14, tzinfo=UTC))
            for month, day in ((3, 11), (3, 13), (3, 25), (3, 27), (4, 1), (4, 3), (10, 28), (10, 30), (11, 4), (11, 6))
        ),
    ]
    entries = [
        make_entry(uid=f"{number}@example.org", timezone=zone, start=start, end=end)
        for number, (start, end) in enumerate(spans)
    ]
    made = feed(entries, make_info(timezone=zone)).body
    assert sorted(read(made, tmp_path, machine)) == sorted((one.start, one.end, one.summary) for one in entries)


def test_titles_are_those_that_were_meant(tmp_path: Path) -> None:
    entries = [
        make_entry(uid=f"{number}@example.org", summary=text, description=text, location=text)
        for number, text in enumerate(TEXTS.values())
    ]
    seen = [title for _, _, title in read(download(entries, make_info()).body, tmp_path)]
    assert sorted(seen) == sorted(TEXTS.values())


@pytest.mark.parametrize(("hostile", "inert"), INJECTIONS.values(), ids=INJECTIONS.keys())
def test_hostile_text_adds_no_entry(hostile: str, inert: str, tmp_path: Path) -> None:
    entry = make_entry(summary=hostile, description=hostile, location=hostile, categories=(hostile,))
    for number, body in enumerate((make_invite(entry, attendee_name=hostile), feed([entry], make_info()).body)):
        assert read(body, tmp_path / str(number)) == [(entry.start, entry.end, inert)]


@pytest.mark.django_db
def test_what_happens_to_a_place_is_read_from_mail_and_feed(sink: SmtpSink, tmp_path: Path) -> None:
    """From the mail to one person, and from the calendar of the other."""
    steps = [told for name in SCENARIOS for told in play(name, sink)]
    for number, (one, other) in enumerate(steps):
        fed = [(other.start, other.end, other.called)] if other.stays else []
        for step, file, wanted in (
            (one, one.mail, [(one.start, one.end, inert(one.summary))]),
            (other, other.feed, fed),
        ):
            # Into the same calendar it would take a second for each: it waits until the times of its files differ.
            seen = read(file, tmp_path / f"{number}-{step.language}")
            assert seen == wanted
