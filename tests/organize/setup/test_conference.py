"""The conference's own page: names, days with hours past midnight, rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.test import Client

from journal.models import Entry
from schedule.models import Conference, Day
from tests.factories import both
from tests.organize.conftest import Desk
from tests.organize.setup.filled import filled, save
from values.instants import minutes_between

PAGE = "/organize/forum/setup/conference/"


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="conference.").order_by("pk").values_list("verb", flat=True))


def hours(conference: Conference) -> list[str]:
    days = Day.objects.filter(conference=conference).order_by("date")
    return [f"{conference.local(one.opens_at):%d %H:%M} – {conference.local(one.closes_at):%d %H:%M}" for one in days]


def test_what_is_not_changed_is_not_told(desk: Desk, alice: Client) -> None:
    assert save(alice, PAGE)["Location"] == PAGE
    assert verbs() == []


def test_names_and_rules_are_changed_and_the_address_never(desk: Desk, alice: Client) -> None:
    save(alice, PAGE, theme_en="Rights", venue_en="Hall 5", slug="other", timezone="Europe/Berlin", slot_minutes="5")
    desk.conference.refresh_from_db()
    assert (str(desk.conference.theme), str(desk.conference.venue)) == ("Rights", "Hall 5")
    assert (desk.conference.slug, desk.conference.timezone, desk.conference.slot_minutes) == ("forum", "Asia/Seoul", 5)
    assert verbs() == ["conference.edited", "conference.venue_changed"]
    said = alice.get(f"{PAGE}history/").context["changes"]
    assert said[0].sentence == "Venue: – → Hall 5"


def test_languages_are_what_texts_are_chosen_by(desk: Desk, alice: Client) -> None:
    save(alice, PAGE, languages="EN, ko, zh-Hans, en")
    desk.conference.refresh_from_db()
    assert desk.conference.languages == ["en", "ko", "zh-hans"]


def test_a_day_may_end_after_midnight_and_days_may_move(desk: Desk, alice: Client) -> None:
    save(alice, PAGE, **{"days-0-closes": "02:00", "days-0-core_begins": "10:00", "days-0-core_ends": "00:30"})
    assert hours(desk.conference) == ["01 09:00 – 02 02:00", "02 09:00 – 02 18:00"]
    # Each into the place of the next one.
    moved = {"days-0-date": "2037-06-02", "days-1-date": "2037-06-03", "ends_on": "2037-06-03"}
    save(alice, PAGE, **moved, **{"days-2-date": "2037-06-01", "days-2-opens": "08:00", "days-2-closes": "20:00"})
    assert hours(desk.conference) == ["01 08:00 – 01 20:00", "02 09:00 – 03 02:00", "03 09:00 – 03 18:00"]
    save(alice, PAGE, **{"days-0-DELETE": "on"})
    assert len(hours(desk.conference)) == 2
    assert verbs() == ["conference.edited"] * 3
    told = [line.sentence for line in alice.get(f"{PAGE}history/").context["changes"]]
    first, second = "2037-06-01 09:00–02:00 (10:00–00:30)", "2037-06-02 09:00–18:00"
    after = "2037-06-01 08:00–20:00, 2037-06-02 09:00–02:00 (10:00–00:30), 2037-06-03 09:00–18:00"
    assert told == [
        "Changed: conference – days: 2037-06-01 08:00–20:00 → –",
        f"Changed: conference – days: {first}, {second} → {after}; last day: 2037-06-02 → 2037-06-03",
        f"Changed: conference – days: 2037-06-01 09:00–18:00 → {first}",
    ]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"ends_on": "2037-05-01"}, "__all__"),
        ({"ends_on": "2037-08-01"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"slot_minutes": "0"}, "slot_minutes"),
        ({"languages": ""}, "languages"),
        ({"languages": "en, english"}, "languages"),
        ({"days-0-date": "9999-12-31"}, "days"),
        ({"days-0-closes": "08:00", "days-1-opens": "07:00"}, "__all__"),
        ({"quiet_from": "22:00"}, "__all__"),
        ({"days-0-closes": ""}, "days"),
        ({"days-1-date": "2037-06-01"}, "__all__"),
        ({"days-0-core_begins": "10:00"}, "__all__"),
        ({"name_en": "", "name_ko": ""}, "name_en"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, alice: Client, changes: dict[str, str], where: str) -> None:
    response = save(alice, PAGE, **changes)
    form = response.context["form"]  # type: ignore[attr-defined]  # of the test client's answer
    said = [*form.errors, *(table.prefix for table in form.tables if any(table.errors))]
    assert (response.status_code, said, verbs()) == (422, [where], [])
    assert "rule of the data" not in response.content.decode()  # type: ignore[attr-defined]  # of the test client's answer
    assert hours(desk.conference) == ["01 09:00 – 01 18:00", "02 09:00 – 02 18:00"]


def test_hours_are_those_of_the_clocks_on_that_night(desk: Desk, alice: Client) -> None:
    """On 31 October 2027 the clocks of Berlin show 02:00 to 03:00 twice; on 28 March they skip it."""
    rows = Conference.objects.filter(pk=desk.conference.pk)
    rows.update(timezone="Europe/Berlin", starts_on=date(2027, 10, 30), ends_on=date(2027, 10, 31))
    night = {"days-0-date": "2027-10-30", "days-0-opens": "22:00", "days-0-closes": "04:00", "days-1-DELETE": "on"}
    save(alice, PAGE, **night)
    day = Day.objects.get(conference=desk.conference)
    assert minutes_between(day.opens_at, day.closes_at) == 7 * 60
    rows.update(starts_on=date(2027, 3, 27), ends_on=date(2027, 3, 28))
    response = save(alice, PAGE, **night | {"days-0-date": "2027-03-27", "days-0-closes": "02:30"})
    assert (response.status_code, "never show this" in response.content.decode()) == (422, True)  # type: ignore[attr-defined]  # of the test client
    save(alice, PAGE, **night | {"days-0-date": "2027-03-27", "days-0-closes": "02:00"})
    day = Day.objects.get(conference=desk.conference)
    assert minutes_between(day.opens_at, day.closes_at) == 4 * 60


def test_an_hour_that_comes_twice_stays_the_one_it_is(desk: Desk, alice: Client) -> None:
    berlin = Conference.objects.get(pk=desk.conference.pk)
    berlin.timezone, berlin.starts_on, berlin.ends_on = "Europe/Berlin", date(2027, 10, 30), date(2027, 10, 31)
    berlin.save()
    second = datetime.combine(date(2027, 10, 31), time(2, 30, fold=1), berlin.zone)
    Day.objects.filter(conference=berlin).delete()
    opens = datetime.combine(date(2027, 10, 30), time(22), berlin.zone)
    Day.objects.create(conference=berlin, date=date(2027, 10, 30), opens_at=opens, closes_at=second)
    save(alice, PAGE, theme_en="Night")
    assert Day.objects.get(conference=berlin).closes_at == second.astimezone(UTC)
    assert verbs() == ["conference.edited"]


def test_two_who_edit_hours_at_once_are_shown_the_difference(desk: Desk, alice: Client) -> None:
    mine = filled(alice, PAGE, name_en="Mine")
    save(alice, PAGE, **{"days-0-opens": "08:00"})
    response = alice.post(PAGE, mine)
    labels = [one.label for one in response.context["differences"]]
    assert (response.status_code, labels) == (409, ["Name (English)", "Days and hours"])
    desk.conference.refresh_from_db()
    assert desk.conference.name.data == both("Forum").data
