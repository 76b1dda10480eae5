"""What is repaired is what is published; nothing of an emergency is true before it is settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.models import SignUp
from schedule.domain.emergencies.asking import ask_for_repair
from schedule.domain.emergencies.remedies import ways_out
from schedule.domain.emergencies.settling import RepairOutdated, draft_of_repair, settle
from schedule.domain.emergencies.steps import StepRefused
from schedule.domain.searches import searches as runs
from schedule.domain.timetables.drafts import create_draft
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Draft, Placement, Release, SolverRun, Unavailability
from tests.factories import at, make_conference, make_person, make_room, make_session, publish
from tests.fixtures.conferences import Small
from tests.schedule.domain.emergencies.repairing import carried_out

pytestmark = pytest.mark.django_db
BEFORE = timedelta(days=1)


@pytest.fixture(autouse=True)
def _asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "wake_for_repair", lambda run_id: None)


def lost(world: Small, room: Any, since: str = "09:00", until: str = "18:00", *, day: int = 1) -> dict[str, Any]:
    times = {"starts_at": at(world.conference, since), "ends_at": at(world.conference, until, day=day)}
    return {"do": "room_lost", "whom": room.code} | {name: one.isoformat() for name, one in times.items()}


def ask(world: Small, *steps: dict[str, Any], now: datetime | None = None) -> SolverRun:
    return ask_for_repair(
        world.conference, steps, actor=Actor.organizer(7), now=now or world.conference.origin - BEFORE
    )


def placed(timetable: Release | Draft | None) -> dict[str, tuple[str, str]]:
    rows = timetable.placements.select_related("session", "room") if timetable else ()
    return {row.session.code: (f"{timezone.localtime(row.start):%d %H:%M}", row.room.code) for row in rows}


@pytest.fixture
def world(small: Small) -> Any:
    with timezone.override(small.conference.zone):
        yield small


def experiment(world: Small) -> Draft:
    """A newer draft in which everything is elsewhere, with a session that nobody knows yet."""
    secret = make_session(world.conference, code="SECRET")
    draft = create_draft(world.conference, name="Try", actor=SYSTEM)
    start = at(world.conference, "15:00", day=1)
    for number, session in enumerate((world.morning, world.parallel, world.noon, secret)):
        begins = start + timedelta(minutes=30 * number)
        Placement.objects.create(
            draft=draft, session=session, room=world.three, start=begins, end=begins + timedelta(hours=1)
        )
    return draft


def test_a_lost_room_is_repaired_from_the_release_and_experiments_stay_where_they_are(world: Small) -> None:
    draft = experiment(world)
    before, tried = placed(newest_release(world.conference)), placed(draft)
    spare = make_room(world.conference, capacity=2, code="SPARE")
    signup = world.sign_up(world.people(1)[0], "morning")
    run = carried_out(ask(world, lost(world, world.two)))
    assert (run.state, run.minimal, len(run.moves), run.draft) == ("done", True, 1, None)
    assert (Unavailability.objects.count(), Release.objects.count(), Draft.objects.count()) == (0, 1, 1)
    made = settle(run, actor=Actor.organizer(7), now=world.conference.origin - BEFORE)
    assert made is not None
    after = placed(made)
    assert "SECRET" not in after
    moved = {code for code, where in after.items() if before[code] != where}
    assert moved == {world.morning.code}
    assert after[world.morning.code] == (before[world.morning.code][0], spare.code)
    assert placed(draft) == tried
    signup.refresh_from_db()
    assert signup.state == SignUp.State.CONFIRMED
    closed = Unavailability.objects.get()
    assert (closed.room, closed.starts_at) == (world.two, at(world.conference, "09:00"))
    verbs = list(Entry.objects.filter(actor="organizer:7").order_by("pk").values_list("verb", flat=True))
    assert (verbs[0], verbs[-1]) == ("repair.asked", "programme.repaired")
    assert {"room.closed", "draft.created", "release.published"} <= set(verbs)
    told = Entry.objects.get(verb="release.published", subject_id=made.pk)
    assert told.data["at_once"] is True


def test_settling_twice_publishes_once(world: Small) -> None:
    run = carried_out(ask(world, lost(world, world.two)))
    now = world.conference.origin - BEFORE
    first, second = (settle(run, actor=SYSTEM, now=now) for _ in range(2))
    assert first == second
    assert (Release.objects.count(), Unavailability.objects.count()) == (2, 1)


def test_what_was_published_meanwhile_is_not_overwritten(world: Small) -> None:
    run = carried_out(ask(world, lost(world, world.two)))
    world.publish(morning="10:00", parallel="09:30", noon="12:00")
    with pytest.raises(RepairOutdated, match="Another release"):
        settle(run, actor=SYSTEM, now=world.conference.origin - BEFORE)
    assert (Release.objects.count(), Unavailability.objects.count(), Draft.objects.count()) == (2, 0, 0)


def test_too_late_is_said_and_changes_nothing(world: Small) -> None:
    run = carried_out(ask(world, lost(world, world.two)))
    with pytest.raises(RepairOutdated, match="too late"):
        settle(run, actor=SYSTEM, now=at(world.conference, "18:00", day=1))
    assert (Release.objects.count(), Unavailability.objects.count()) == (1, 0)


def test_where_nothing_has_to_move_only_what_happened_is_recorded(world: Small) -> None:
    signup = world.sign_up(world.people(1)[0], "noon")
    run = carried_out(ask(world, {"do": "session_off", "whom": world.noon.code}))
    assert run.moves == []
    assert settle(run, actor=SYSTEM, now=world.conference.origin - BEFORE) is None
    signup.refresh_from_db()
    world.noon.refresh_from_db()
    assert (signup.state, world.noon.state, Release.objects.count()) == (SignUp.State.LEFT, "cancelled", 1)


def test_what_starts_later_starts_then_and_the_others_make_room(world: Small) -> None:
    start = at(world.conference, "11:30")
    make_room(world.conference, capacity=3, code="SPARE")
    step = {"do": "starts_later", "whom": world.parallel.code, "start": start.isoformat()}
    run = carried_out(ask(world, step))
    made = settle(run, actor=SYSTEM, now=world.conference.origin - BEFORE)
    after = placed(made)
    # Noon is in its room by then, so it goes next door.
    assert after[world.parallel.code] == ("01 11:30", world.two.code)
    assert (len(run.moves), run.minimal) == (1, True)
    world.parallel.refresh_from_db()
    assert world.parallel.fixed_start == start


def test_what_has_begun_keeps_its_time_and_nothing_moves_into_the_past(world: Small) -> None:
    # 09:40: morning (09:00, room two) and parallel (09:30, room three) are under way, and room two is lost.
    now = at(world.conference, "09:40")
    spare = make_room(world.conference, capacity=3, code="SPARE")
    run = carried_out(ask(world, lost(world, world.two, "09:40"), now=now))
    made = settle(run, actor=SYSTEM, now=now)
    assert placed(made)[world.morning.code] == ("01 09:00", spare.code)
    # 10:30: both are over; noon must leave its room, and does not begin before a quarter of an hour has passed.
    later = at(world.conference, "10:30")
    step = {"do": "starts_later", "whom": world.noon.code, "start": at(world.conference, "13:00").isoformat()}
    again = carried_out(ask(world, step, now=later))
    assert {one["session"] for one in again.moves} == {world.noon.code}
    assert settle(again, actor=SYSTEM, now=later) is not None


def test_a_draft_of_the_repair_records_nothing_else(world: Small) -> None:
    run = carried_out(ask(world, lost(world, world.two)))
    draft = draft_of_repair(run, actor=SYSTEM)
    assert draft.name == "Release 1, repaired"
    assert world.two.code not in {room for _start, room in placed(draft).values()}
    assert (Release.objects.count(), Unavailability.objects.count()) == (1, 0)


def test_an_emergency_runs_beside_a_search(world: Small) -> None:
    runs.ask(world.conference, seconds=30, seed=1, base=None, actor=SYSTEM)
    assert ask(world, lost(world, world.two)).is_busy
    assert ask(world, lost(world, world.three)).is_busy


def test_what_cannot_be_done_is_said_in_words(world: Small) -> None:
    empty = make_conference()
    with pytest.raises(StepRefused, match="Nothing is published yet"):
        ask_for_repair(empty, [], actor=SYSTEM, now=timezone.now())
    with pytest.raises(StepRefused, match="changed or deleted"):
        ask(world, {"do": "session_off", "whom": "GONE"})
    backwards = lost(world, world.two, "12:00", "09:00", day=0)
    with pytest.raises(StepRefused, match="end must be after the start"):
        ask(world, backwards)
    assert (SolverRun.objects.count(), Unavailability.objects.count()) == (0, 0)


class Tight:
    """One room on one day from 09:00 to 12:00, full with three talks of an hour, the first held by Ada."""

    def __init__(self) -> None:
        self.conference: Conference = make_conference(days=1, closes=datetime(2037, 6, 1, 12).time())
        self.room = make_room(self.conference, code="ONLY", capacity=10)
        self.talks = [make_session(self.conference, code=f"T{number}") for number in range(3)]
        self.ada = make_person(self.conference, code="ada")
        self.talks[0].roles.create(person=self.ada, role="speaker")
        publish(
            self.conference,
            [(one, self.room, at(self.conference, f"{9 + number:02}:00")) for number, one in enumerate(self.talks)],
        )

    def ask(self, *steps: dict[str, Any]) -> SolverRun:
        now = self.conference.origin - BEFORE
        return carried_out(ask_for_repair(self.conference, steps, actor=SYSTEM, now=now))

    def times(self, since: str, until: str) -> dict[str, str]:
        return {"starts_at": at(self.conference, since).isoformat(), "ends_at": at(self.conference, until).isoformat()}


def offered(run: SolverRun) -> list[list[tuple[str, Any, bool]]]:
    """Each way's steps: what is done, whom it is about, and whether the solver has found it."""
    found = ways_out(run, now=run.conference.origin - BEFORE)
    return [[(step["do"], step["whom"], "message" in step) for step in steps] for steps in found]


def test_without_a_repair_the_ways_out_are_steps_and_the_emergency_itself_is_none() -> None:
    tight = Tight()
    step = {"do": "room_lost", "whom": "ONLY", **tight.times("11:00", "12:00")}
    run = tight.ask(step)
    assert run.state == "infeasible"
    ways = offered(run)
    assert [("room_open_again", "ONLY", True)] not in ways
    assert {"one_room_more", "session_off", "longer_day"} <= {way[0][0] for way in ways}
    for number, way in enumerate(ways_out(run, now=run.conference.origin - BEFORE)):
        found = tight.ask(step, *(dict(one) for one in way))
        assert (number, way[0]["do"], found.state) == (number, way[0]["do"], "done")
    found = tight.ask(step, {"do": "session_off", "whom": "T2"})
    assert settle(found, actor=SYSTEM, now=run.conference.origin - BEFORE) is None
    assert Unavailability.objects.count() == 1


def test_where_no_single_change_suffices_several_are_one_way_out() -> None:
    """Three ceremonies are to be in the only hall, at their hours, and it is lost for all of them."""
    tight = Tight()
    for number, talk in enumerate(tight.talks):
        talk.fixed_room, talk.fixed_start = tight.room, at(tight.conference, f"{9 + number:02}:00")
        talk.save()
    step = {"do": "room_lost", "whom": "ONLY", **tight.times("09:00", "12:00")}
    run = tight.ask(step)
    off = [("session_off", f"T{number}", True) for number in range(3)]
    assert [sorted(way) for way in offered(run) if len(way) == 3] == [off]
    way = next(way for way in ways_out(run, now=run.conference.origin - BEFORE) if len(way) == 3)
    assert tight.ask(step, *(dict(one) for one in way)).state == "done"


def test_where_nothing_is_known_to_help_what_was_in_the_room_can_be_called_off() -> None:
    """Also what was to be in a room that shares its walls; what is elsewhere, or later, is not named."""
    tight = Tight()
    whole = make_room(tight.conference, code="WHOLE", capacity=20, parts=[tight.room])
    joined, elsewhere = (make_session(tight.conference, code=code) for code in ("JOINED", "ELSEWHERE"))
    other = make_room(tight.conference, code="OTHER", capacity=10)
    placed = [(one, tight.room, at(tight.conference, f"{9 + number:02}:00")) for number, one in enumerate(tight.talks)]
    later = at(tight.conference, "12:00")
    publish(tight.conference, [*placed, (joined, whole, later), (elsewhere, other, later)])
    step = {"do": "room_lost", "whom": "ONLY", **tight.times("10:00", "13:00")}
    now = tight.conference.origin - BEFORE
    run = ask_for_repair(tight.conference, [step], actor=SYSTEM, now=now)
    assert offered(run) == [[("session_off", code, False) for code in ("T1", "T2", "JOINED")]]
    begun = ask_for_repair(tight.conference, [step], actor=SYSTEM, now=now)
    at_noon = ways_out(begun, now=at(tight.conference, "11:30"))
    assert [[one["whom"] for one in way] for way in at_noon] == [["T2", "JOINED"]]


def test_a_talk_may_take_place_without_whom_it_misses() -> None:
    tight = Tight()
    step = {"do": "person_missing", "whom": "ada", **tight.times("09:00", "12:00")}
    run = tight.ask(step)
    ways = offered(run)
    assert [("person_back", "ada", True)] not in ways
    assert [("without_person", "T0", False)] in ways
    found = tight.ask(step, {"do": "without_person", "whom": "T0", "person": "ada"})
    assert (found.state, found.moves) == ("done", [])
    settle(found, actor=SYSTEM, now=run.conference.origin - BEFORE)
    assert not tight.talks[0].roles.exists()


def test_what_starts_later_may_end_as_planned() -> None:
    tight = Tight()
    step = {"do": "starts_later", "whom": "T0", "start": at(tight.conference, "09:30").isoformat()}
    run = tight.ask(step)
    assert run.state == "infeasible"
    assert [("shorter", "T0", False)] in offered(run)
    assert [("any_start", "T0", True)] not in offered(run)
    found = tight.ask(step, {"do": "shorter", "whom": "T0", "minutes": 30})
    assert [one["session"] for one in found.moves] == ["T0"]
    made = settle(found, actor=SYSTEM, now=run.conference.origin - BEFORE)
    assert made is not None
    first = made.placements.get(session__code="T0")
    assert first.end - first.start == timedelta(minutes=30)
