from __future__ import annotations

from journal.actors import Actor
from journal.models import Entry
from registration.domain.registrations.preferences import MailWishes, set_invites, set_mails
from registration.models import Registration


def written() -> list[tuple[str, str, int | None, dict[str, object]]]:
    return list(Entry.objects.order_by("pk").values_list("verb", "actor", "subject_id", "data"))


def test_invites_are_turned_off_and_on_for_one_person(alice: Registration, bob: Registration) -> None:
    set_invites(alice, wanted=False, actor=Actor.participant("alice"))
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.invites_by_mail, bob.invites_by_mail) == (False, True)
    assert set_invites(alice, wanted=True, actor=Actor.participant("alice")).invites_by_mail is True
    assert written() == [
        ("registration.invites_changed", "participant:alice", alice.pk, {"wanted": False}),
        ("registration.invites_changed", "participant:alice", alice.pk, {"wanted": True}),
    ]
    assert set(Entry.objects.values_list("conference_id", flat=True)) == {alice.conference_id}


def test_asking_for_what_is_so_already_writes_nothing(alice: Registration) -> None:
    set_invites(alice, wanted=True, actor=Actor.participant("alice"))
    assert written() == []


def test_a_stale_row_says_what_was_asked_for(alice: Registration) -> None:
    stale = Registration.objects.get(pk=alice.pk)
    set_invites(alice, wanted=False, actor=Actor.participant("alice"))
    assert set_invites(stale, wanted=False, actor=Actor.participant("alice")).invites_by_mail is False
    assert len(written()) == 1


def test_wishes_about_mails_are_kept_and_only_what_changed_is_written(alice: Registration, bob: Registration) -> None:
    wishes = MailWishes(updates="digest", zone_name="Europe/Berlin", reminder_minutes=30)
    set_mails(alice, wishes, actor=Actor.participant("alice"))
    set_mails(alice, wishes, actor=Actor.participant("alice"))
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (MailWishes.of(alice), MailWishes.of(bob)) == (wishes, MailWishes())
    assert written() == [
        (
            "registration.mails_changed",
            "participant:alice",
            alice.pk,
            {
                "changes": {
                    "updates": {"old": "each", "new": "digest"},
                    "zone_name": {"old": "", "new": "Europe/Berlin"},
                    "reminder_minutes": {"old": None, "new": 30},
                }
            },
        )
    ]
