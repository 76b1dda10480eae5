"""The page on which organizers say whether they want the daily mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from journal.actors import SYSTEM
from journal.models import Entry
from notifications.mails.organizer_digests import AFTERWARDS
from notifications.rules.organizer_choices import set_daily_digest
from schedule.models import Conference
from tests.factories import make_user
from tests.organize.conftest import Desk, member, signed_in

PATH = "/organize/forum/my-mails/"


def choices() -> dict[str, bool]:
    return dict(Membership.objects.values_list("user__email", "daily_digest"))


def written() -> list[tuple[str, int | None, int | None, dict[str, object]]]:
    rows = Entry.objects.filter(verb="member.digest_changed").order_by("pk")
    return list(rows.values_list("actor", "conference_id", "subject_id", "data"))


def test_the_daily_mail_is_turned_off_and_on_for_oneself_only(desk: Desk, alice: Client) -> None:
    member(desk.team, "organizer", "dora")
    others = {"bob@example.org": True, "charlie@example.org": True, "dora@example.org": True}
    mine = Membership.objects.get(user=desk.alice)
    assert alice.get(PATH).context["form"].initial == {"daily_digest": True}
    sent: list[dict[str, str]] = [{}, {}, {"daily_digest": "on"}]
    answers = [(alice.post(PATH, data)["Location"], choices()) for data in sent]
    assert answers == [("/organize/forum/", others | {"alice@example.org": wanted}) for wanted in (False, False, True)]
    told = (f"organizer:{desk.alice.pk}", desk.conference.pk, mine.pk)
    assert written() == [(*told, {"wanted": False}), (*told, {"wanted": True})]


def test_whoever_is_in_no_team_is_told_that_they_get_none(desk: Desk) -> None:
    root = signed_in(make_user(email="root@example.org", password=None, is_superuser=True))
    assert root.get(PATH).context["form"] is None
    assert (root.post(PATH, {}).status_code, set(choices().values()), written()) == (200, {True}, [])


def test_a_member_who_may_only_look_changes_nothing(desk: Desk, bob: Client) -> None:
    assert (bob.post(PATH, {}).status_code, set(choices().values())) == (404, {True})


def test_a_stale_row_says_what_was_asked_for(desk: Desk) -> None:
    mine, stale = (Membership.objects.get(user=desk.alice) for _ in range(2))
    for row in (mine, stale):
        assert not set_daily_digest(row, wanted=False, conference=desk.conference, actor=SYSTEM).daily_digest
    assert len(written()) == 1


def test_the_overview_leads_there_only_those_who_get_the_mail(alice: Client, bob: Client) -> None:
    assert [PATH in one.get("/organize/forum/").content.decode() for one in (alice, bob)] == [True, False]


@pytest.mark.parametrize(("after", "comes"), [(timedelta(0), True), (timedelta(days=1), False)])
def test_about_a_conference_of_the_past_no_mail_is_promised(
    desk: Desk, alice: Client, after: timedelta, comes: bool
) -> None:
    last = timezone.now().date() - AFTERWARDS - after
    Conference.objects.filter(pk=desk.conference.pk).update(starts_on=last, ends_on=last)
    assert (PATH in alice.get("/organize/forum/").content.decode()) is comes
    assert ("This conference is over" in alice.get(PATH).content.decode()) is not comes
