from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from registration.domain.privacy.retention import forget
from tests.factories import make_user


@pytest.mark.django_db
def test_what_is_known_of_a_browser_goes_with_its_session() -> None:
    now, user = timezone.now(), make_user()
    for key, age in (("over", timedelta(minutes=1)), ("alive", -timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=now - age)
    for key in ("over", "alive", "long gone"):
        UserSession.objects.create(user=user, ip="192.0.2.7", session_key=key, user_agent="Firefox")
    assert forget(now=now) == {"sessions": 1}
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["alive"]


@pytest.mark.django_db
def test_notes_of_the_administration_pages_are_kept_for_a_year() -> None:
    now, user = timezone.now(), make_user()
    accounts = ContentType.objects.get_for_model(User)
    ages = {"new": 364, "old": 366}
    for name, days in ages.items():
        LogEntry.objects.create(
            user=user, content_type=accounts, object_id="1", object_repr=name, action_flag=CHANGE,
            action_time=now - timedelta(days=days),
        )  # fmt: skip
    assert forget(now=now) == {"administration": 1}
    assert list(LogEntry.objects.values_list("object_repr", flat=True)) == ["new"]
