"""Every kind of row is named where it is said how long it is kept, or why it has no term."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from notifications.models import Message
from notifications.retention import TERMS, WITHOUT_TERM
from registration.domain.privacy.retention import TERMS as OF_PEOPLE
from registration.domain.privacy.retention import carry_out
from registration.models import Registration
from tests.factories import make_user

LIMITED = {row for term in (*OF_PEOPLE, *TERMS) for row in term.rows}
UNLIMITED = Counter(row for one in WITHOUT_TERM for row in one.rows)
ALL = {model._meta.label: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}
# What is deleted with whom it belongs to: whoever points at these says something about somebody.
PEOPLE = {"registration.Participant", "registration.Registration", "registration.SignUp", "registration.MagicLink"}
ADDRESSES = (models.EmailField, models.GenericIPAddressField)


def test_every_model_is_named_once() -> None:
    assert (LIMITED | set(UNLIMITED)) == set(ALL)
    assert [row for row, times in UNLIMITED.items() if times > 1] == []
    # Their addresses have a term; the rest of them is the programme.
    assert LIMITED & set(UNLIMITED) == {"schedule.Person"}


def test_whatever_belongs_to_somebody_goes_with_them() -> None:
    found = {
        (label, field.name): field.remote_field.on_delete
        for label, model in ALL.items()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label in PEOPLE
    }
    assert {label for label, _name in found} == {
        "registration.MagicLink", "registration.SignedInBrowser", "registration.Registration", "registration.Interest",
        "registration.SignUp", "notifications.FeedToken", "notifications.DeclinedPlace", "notifications.Message",
    }  # fmt: skip
    assert set(found.values()) == {models.CASCADE}
    people = next(term for term in OF_PEOPLE if term.code == "people")
    assert {label for label, _name in found} | {"registration.Participant", "notifications.Attempt"} == set(people.rows)


def test_addresses_without_a_term_are_those_of_accounts_and_conferences() -> None:
    kept = {
        f"{label}.{field.name}"
        for label, model in ALL.items()
        for field in model._meta.concrete_fields
        if isinstance(field, ADDRESSES) and label not in LIMITED
    }
    assert kept == {"accounts.User.email", "account.EmailAddress.email", "schedule.Conference.contact_email"}


@pytest.mark.django_db
def test_mails_that_belong_to_no_conference_are_forgotten_after_a_year() -> None:
    user, now = make_user(), timezone.now()
    for key, state, days in (("new", "failed", 364), ("old", "failed", 366), ("due", "queued", 366)):
        user.messages.create(kind="password", dedup_key=key, state=state, created_at=now - timedelta(days=days))
    assert carry_out(TERMS, now=now) == {"account_mails": 1}
    assert set(Message.objects.values_list("dedup_key", flat=True)) == {"new", "due"}


def test_mails_of_a_conference_are_forgotten_a_year_after_it(alice: Registration) -> None:
    alice.conference.messages.create(participant=alice.participant, kind="thanks", dedup_key="k", state="failed")
    last = datetime.combine(alice.conference.ends_on, time(12), UTC)
    assert carry_out(TERMS, now=last + timedelta(days=365)) == {}
    assert carry_out(TERMS, now=last + timedelta(days=367)) == {"mails": 1}
