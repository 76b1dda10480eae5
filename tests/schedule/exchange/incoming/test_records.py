"""What a file says of the same thing in several places."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from schedule.exchange.incoming.records import OWN, Gathering, HowToRead, What

ADA = {"en": "Ada Lee", "ko": "이아다"}


@pytest.mark.parametrize(
    ("first", "second", "kept", "told"),
    [
        (ADA, {OWN: "Ada Lee"}, ADA, 0),  # a sheet of people, then a list of speakers
        ({OWN: "Ada Lee"}, ADA, ADA, 0),  # and the other way round
        ({OWN: "이아다"}, ADA, ADA, 0),
        (ADA, {OWN: "Ada Lee", "de": "Ada Lee"}, {**ADA, "de": "Ada Lee"}, 0),
        (ADA, {OWN: "Ada Leigh"}, ADA, 1),
        (ADA, {OWN: "Ada Lee", "ko": "다른 사람"}, ADA, 1),
        (ADA, {"en": "Ada Leigh"}, ADA, 1),
    ],
)
def test_a_name_without_a_language_is_the_same_name_in_one(
    first: dict[str, str], second: dict[str, str], kept: dict[str, str], told: int
) -> None:
    gathered = Gathering(HowToRead(zone=ZoneInfo("Asia/Seoul"), languages=("en", "ko")))
    for place, name in (("people", first), ("sessions", second)):
        gathered.add(What.PERSON, "ada", place, {"name": name})
    [record] = gathered.records
    assert (record.said["name"], record.place) == (kept, "people")
    assert [one.code for one in gathered.oddities] == ["said_otherwise"] * told
