"""The permission matrix: what each role may do, what may be given, and that a team keeps an owner."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.domain.teams import Granted, TeamChangeRefused, change_role, give_role, take_role
from accounts.models import Membership, User
from accounts.rights import MATRIX, AccessLevel, Area, Rights, rights_by
from journal.actors import SYSTEM
from tests.factories import make_team, make_user
from tests.sql import refused

# owner, organizer, editor, desk, viewer: "c" changes, "s" sees, "-" neither.
TABLE = {
    "setup": "ccc-s",
    "programme": "cccss",
    "proposals": "ccc-s",
    "registrations": "cc-ss",
    "answers": "cc-s-",
    "desk": "ccscs",
    "mails": "cc--s",
    "webhooks": "cc--s",
    "team": "cssss",
}
LETTERS = {"c": AccessLevel.CHANGE, "s": AccessLevel.SEE, "-": AccessLevel.NONE}


def test_each_role_may_what_its_row_says() -> None:
    assert list(MATRIX) == ["owner", "organizer", "editor", "desk", "viewer"]
    found = {area: [MATRIX[role].level(area) for role in MATRIX] for area in Area.values}
    assert found == {area: [LETTERS[one] for one in row] for area, row in TABLE.items()}
    assert [role for role, rights in MATRIX.items() if rights.is_owner] == ["owner"]


def test_rights_by_hand_and_themes() -> None:
    chosen = rights_by("custom", sees=["team"], changes=["mails"], themes=["water"])
    assert chosen == Rights(frozenset({"team", "mails"}), frozenset({"mails"}), frozenset({"water"}))
    assert (chosen.may_reach("water"), chosen.may_reach("fire"), chosen.may_reach(None)) == (True, False, False)
    assert MATRIX["viewer"].may_reach(None) is True
    assert rights_by("owner", sees=[], changes=[], themes=["water"]).themes is None


@pytest.mark.parametrize(
    ("giver", "given", "may"),
    [
        (Granted("owner"), Granted("owner"), True),
        (Granted("organizer"), Granted("owner"), False),
        (Granted("organizer"), Granted("viewer"), True),
        (Granted("desk"), Granted("viewer"), False),
        (Granted("custom", ("team",), ("team",)), Granted("custom", ("team",), ("team",)), True),
        (Granted("custom", ("team",), ("team",)), Granted("custom", ("mails",)), False),
        # Whoever has some themes gives no more of them.
        (Granted("organizer", themes=("water",)), Granted("editor"), False),
        (Granted("organizer", themes=("water",)), Granted("editor", themes=("water",)), True),
        (Granted("organizer", themes=("water",)), Granted("editor", themes=("water", "fire")), False),
        # All areas are not ownership.
        (Granted("custom", tuple(Area.values), tuple(Area.values)), Granted("owner"), False),
    ],
)
def test_nobody_gives_what_they_do_not_have(giver: Granted, given: Granted, may: bool) -> None:
    assert giver.rights.cover(given.rights) is may


ALL_AREAS = Granted("custom", tuple(Area.values), tuple(Area.values))


def refused_at_the_end(statement: str, value: int | str) -> str:
    """The name of the rule that refuses a statement when its transaction ends; empty where none does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [value])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as refusal:
        return str(refusal.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's own, which has one
    return ""


@pytest.fixture
def alice(db: None) -> User:
    """Who owns the team."""
    user = make_user(email="alice@example.org", password=None)
    give_role(make_team(), user, "owner", actor=SYSTEM)
    return user


def test_nobody_raises_themselves_nor_takes_from_those_above(alice: User) -> None:
    team = alice.memberships.get().team
    bob = make_user(email="bob@example.org", password=None)
    own = give_role(team, bob, ALL_AREAS, actor=SYSTEM)
    above = alice.memberships.get()
    for act in (
        lambda: change_role(own, "owner", actor=SYSTEM, giver=bob),
        lambda: change_role(above, "viewer", actor=SYSTEM, giver=bob),
        lambda: take_role(above, actor=SYSTEM, giver=bob),
        lambda: give_role(team, make_user(password=None), "owner", actor=SYSTEM, giver=bob),
    ):
        with pytest.raises(TeamChangeRefused, match="rights that they do not have"):
            act()
    assert list(Membership.objects.order_by("pk").values_list("role", flat=True)) == ["owner", "custom"]
    change_role(own, "viewer", actor=SYSTEM, giver=bob)
    with pytest.raises(TeamChangeRefused):  # what was given up does not come back by oneself
        change_role(own, ALL_AREAS, actor=SYSTEM, giver=bob)


def test_the_database_keeps_an_owner_and_what_rights_are(alice: User) -> None:
    team = alice.memberships.get().team
    for statement, constraint in (
        ("UPDATE accounts_membership SET role = 'viewer' WHERE user_id = %s", "team_keeps_an_owner"),
        ("DELETE FROM accounts_membership WHERE user_id = %s", "team_keeps_an_owner"),
    ):
        assert refused_at_the_end(statement, alice.pk) == constraint
    for change, constraint in (
        ("sees = '{mails}'", "membership_areas_are_chosen_by_hand_only"),
        ("role = 'custom', changes = '{everything}'", "membership_areas_are_known"),
        ("themes = '{water}'", "membership_owner_has_all_themes"),
        ("role = 'king'", "membership_role_is_known"),
    ):
        assert refused(f"UPDATE accounts_membership SET {change} WHERE user_id = %s", alice.pk) == constraint
    bob, owned = make_user(password=None), alice.memberships.get()
    give_role(team, bob, "owner", actor=SYSTEM)
    # An account that is closed lets nobody in or out.
    User.objects.filter(pk=bob.pk).update(is_active=False)
    gone = "DELETE FROM accounts_membership WHERE user_id = %s"
    assert refused_at_the_end(gone, alice.pk) == "team_keeps_an_owner"
    for act in (lambda: take_role(owned, actor=SYSTEM), lambda: change_role(owned, "viewer", actor=SYSTEM)):
        with pytest.raises(TeamChangeRefused, match="at least one owner"):
            act()
    User.objects.filter(pk=bob.pk).update(is_active=True)
    assert refused_at_the_end(gone, alice.pk) == ""
    team.delete()
    assert refused_at_the_end("UPDATE accounts_team SET name = %s", "Gone") == ""
