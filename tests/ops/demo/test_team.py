"""The demonstration's team: an owner, an editor, the desk and a viewer, none of whom is a superuser."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from accounts.models import Membership, User
from ops.demo.team import make_team

pytestmark = pytest.mark.django_db


def test_everybody_has_a_role_and_nobody_everything() -> None:
    for _time in range(2):
        team = make_team("Forum", owner="organizer@example.org", password="correct horse")  # a demonstration's
    roles = Membership.objects.filter(team=team).order_by("pk").values_list("user__email", "role", "user__is_superuser")
    assert list(roles) == [
        ("organizer@example.org", "owner", False),
        ("editor@example.org", "editor", False),
        ("desk@example.org", "desk", False),
        ("viewer@example.org", "viewer", False),
    ]
    assert User.objects.count() == 4
    assert authenticate(username="editor@example.org", password="correct horse") is not None  # the same
