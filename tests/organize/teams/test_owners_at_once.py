"""Two owners who leave, or take each other's role, at the same moment, on real connections: one stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.domain.teams import TeamChangeRefused, change_role, give_role, take_role
from accounts.models import Membership, User
from journal.actors import Actor
from tests.at_once import at_once
from tests.factories import make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def leave(mine: Membership, _other: Membership) -> None:
    take_role(mine, actor=Actor.organizer(mine.user_id), giver=mine.user)


def step_down(mine: Membership, _other: Membership) -> None:
    change_role(mine, "viewer", actor=Actor.organizer(mine.user_id), giver=mine.user)


def demote(mine: Membership, other: Membership) -> None:
    change_role(other, "viewer", actor=Actor.organizer(mine.user_id), giver=mine.user)


def throw_out(mine: Membership, other: Membership) -> None:
    take_role(other, actor=Actor.organizer(mine.user_id), giver=mine.user)


@pytest.mark.parametrize("act", [leave, step_down, demote, throw_out])
def test_one_of_two_owners_stays(act: Callable[[Membership, Membership], None]) -> None:
    team, owners = make_team(), [make_user(password=None) for _ in range(2)]
    rows = [give_role(team, one, "owner", actor=Actor.organizer(one.pk)) for one in owners]

    def one(mine: Membership, other: Membership) -> str:
        fresh = [Membership.objects.select_related("user", "team").get(pk=row.pk) for row in (mine, other)]
        try:
            act(*fresh)
        except TeamChangeRefused:
            return "refused"
        return "done"

    answers = at_once([lambda: one(rows[0], rows[1]), lambda: one(rows[1], rows[0])])
    assert sorted(answers) == ["done", "refused"]
    assert User.objects.filter(memberships__team=team, memberships__role="owner").count() == 1
