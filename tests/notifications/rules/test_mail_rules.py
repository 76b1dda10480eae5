from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from notifications.models import Message
from notifications.rules.mail_rules import (
    ABOUT_REGISTRATIONS,
    CALENDAR_OF,
    KINDS,
    RULES,
    TIMED,
    Calendar,
    as_markdown,
    rule_for,
    supersedes,
)


def test_reference_page_is_in_step() -> None:
    page = Path(settings.BASE_DIR) / "docs" / "reference" / "messages.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "run manage.py messages_reference"


@pytest.mark.parametrize(
    ("verb", "data", "kind"),
    [
        ("link.requested", {"purpose": "confirm"}, "confirm_address"),
        ("link.requested", {"purpose": "sign_in"}, "sign_in"),
        ("registration.confirmed", {"by": "self"}, "registration_confirmed"),
        ("registration.confirmed", {"by": "line"}, "registration_from_line"),
        ("registration.queued", {"back": False}, "registration_in_line"),
        ("registration.line_ended", {}, "registration_line_ended"),
        ("registration.cancelled", {}, "registration_cancelled"),
        ("registration.received", {}, "registration_received"),
        ("registration.approved", {}, "registration_approved"),
        ("registration.declined", {}, "registration_declined"),
        ("registration.waitlisted", {}, "registration_waitlisted"),
        ("role.invited", {"role": "speaker"}, "speaking_invitation"),
        ("host.invited", {}, "hosting_invitation"),
        ("session.cancelled", {}, "appearance_cancelled"),
        ("release.published", {"change": "moved"}, "appearance_changed"),
        ("session.renamed", {}, None),
        ("signup.confirmed", {"by": "promotion"}, "place_confirmed"),
        ("signup.confirmed", {"by": "back"}, "place_back"),
        ("signup.waiting", {}, "place_waiting"),
        ("signup.exchange_chosen", {"exchange": "ask"}, None),
        ("signup.offered", {"reason": "clash"}, "place_offered"),
        ("signup.expired", {}, "offer_expired"),
        ("signup.left", {"was": "waiting", "reason": "closed"}, "line_closed"),
        ("signup.left", {"was": "confirmed", "reason": "over"}, None),
        ("signup.left", {"was": "confirmed", "reason": "self"}, "place_left"),
        ("signup.left", {"was": "offered", "reason": "self"}, "place_left"),
        ("signup.left", {"was": "confirmed", "reason": "registration"}, "place_left"),
        ("signup.left", {"was": "waiting", "reason": "session"}, "session_cancelled"),
        ("signup.left", {"was": "waiting", "reason": "self"}, None),
        ("signup.left", {"was": "waiting", "reason": "registration"}, None),
        ("signup.left", {"was": "confirmed", "reason": "erased"}, None),
        ("signup.displaced", {"reason": "capacity"}, "place_lost"),
        ("signup.changed", {"changed": ["time"]}, "place_changed"),
        ("signup.declined", {}, "decline_asked"),
        ("release.published", {}, None),
        ("draft.placed", {}, None),
        ("link.refused", {"purpose": "sign_in"}, None),
    ],
)
def test_entry_makes_the_message_of_its_row(verb: str, data: dict[str, str], kind: str | None) -> None:
    rule = rule_for(verb, data)
    assert (rule.kind if rule else None) == kind


def test_each_kind_has_one_calendar_rule() -> None:
    pairs = {(rule.kind, rule.calendar) for rule in RULES if rule.kind}
    assert len(pairs) + len(TIMED) == len(KINDS)
    assert {kind for kind, calendar in CALENDAR_OF.items() if calendar is Calendar.REQUEST} == {
        "place_back",
        "place_confirmed",
        "place_changed",
        "appearance_placed",
        "appearance_changed",
    }
    assert {rule.queue for rule in RULES} <= set(Message.Queue.values)


def test_only_a_change_leaves_older_messages_standing() -> None:
    timed = sorted(row.kind for row in TIMED)
    left = [older for older in KINDS if not supersedes("place_changed", older)]
    assert left == ["place_back", "place_confirmed", "place_changed", "decline_asked", *timed]
    assert [newer for newer in KINDS if not supersedes(newer, "place_confirmed")] == ["place_changed", "decline_asked"]
    assert [older for older in KINDS if supersedes("decline_asked", older)] == ["decline_asked"]


def test_mails_about_a_registration_are_told_by_their_fact_and_not_by_their_name() -> None:
    assert sorted(ABOUT_REGISTRATIONS) == [
        "registration_approved",
        "registration_cancelled",
        "registration_confirmed",
        "registration_declined",
        "registration_from_line",
        "registration_in_line",
        "registration_line_ended",
        "registration_received",
        "registration_waitlisted",
    ]
