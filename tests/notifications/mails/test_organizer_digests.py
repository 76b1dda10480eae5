from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.delivery.superseding import is_pointless
from notifications.mails.organizer_digests import plan
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from tests.factories import at, make_team, make_user
from tests.notifications.places import Stage
from tests.notifications.scenes import attention

pytestmark = pytest.mark.django_db


def recipients() -> list[str]:
    rows = Message.objects.filter(kind="organizer_digest", user__isnull=False).order_by("pk")
    return [message.recipient.email for message in rows]


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    team = make_team()
    for name, role, fields in (
        ("alice", "owner", {}),
        ("bob", "organizer", {}),
        ("charlie", "viewer", {}),
        ("dora", "owner", {"daily_digest": False}),
    ):
        team.memberships.create(user=make_user(email=f"{name}@example.org"), role=role, **fields)
    made.conference.team = team
    made.conference.save()
    return made


def test_those_who_may_do_something_are_written_to_once_a_day(stage: Stage) -> None:
    morning = at(stage.conference, "08:00")
    assert [plan(morning - timedelta(minutes=1)), plan(morning), plan(morning + timedelta(hours=1))] == [0, 2, 0]
    assert recipients() == ["alice@example.org", "bob@example.org"]
    assert plan(morning + timedelta(days=1)) == 2


def test_afternoons_and_conferences_long_over_have_none(stage: Stage) -> None:
    assert plan(at(stage.conference, "12:00")) == 0
    assert plan(at(stage.conference, "08:00", day=9)) == 0


def test_nothing_to_say_is_not_sent(stage: Stage) -> None:
    plan(at(stage.conference, "08:00"))
    inputs = gather(list(Message.objects.values_list("pk", flat=True)))
    assert [(list(given.attention), is_pointless(given, given.message.due_at)) for given in inputs] == [
        ([], True),
        ([], True),
    ]


def test_failed_mails_of_the_last_day_are_named_with_the_way_to_them() -> None:
    stage = Stage()
    attention(stage, "en")
    [given] = gather([Message.objects.get(kind="organizer_digest").pk])
    body = compose([given], given.message.due_at).message.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    pages = f"https://forum.example.org/organize/{stage.conference.slug}"
    assert f"- 1 mail could not be delivered\n  {pages}/outbox/?state=failed\n" in text
    assert f"Choose which mails you get:\n{pages}/my-mails/\n" in text
    Message.objects.get(state="failed").tries.update(at=given.message.due_at - timedelta(days=2))
    [given] = gather([given.message.pk])
    assert is_pointless(given, given.message.due_at)
