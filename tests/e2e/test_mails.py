"""What an organizer does with mails: an announcement from the first word to the stop, and a wording of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import FrameLocator, expect

from notifications.announcements.announcing import compose_due
from notifications.models import Announcement, MailTemplate, Message
from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor

Mails = Callable[[str], list[str]]


def frame(visitor: Visitor, name: str) -> FrameLocator:
    return visitor.page.frame_locator(f"iframe[title='{name}']")


def test_an_announcement_is_written_seen_sent_and_watched(stage: Stage, visitor: Visitor, mails_to: Mails) -> None:
    page = visitor.page
    visitor.sign_in_as(stage.organizer())
    visitor.open("/organize/forum/announcements/")
    visitor.link("Write an announcement").click()
    page.get_by_label("Subject (English)").fill("Bring {nam}")
    page.get_by_label("Text (English)").fill("Dear {name},\n\nbring water: https://example.org/water")
    visitor.button("Save and see whom it reaches").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Line 1, column 7: there is no placeholder {nam} here. Did you mean {name}?"
    )
    expect(page.get_by_label("Text (English)")).to_have_value("Dear {name},\n\nbring water: https://example.org/water")
    page.get_by_label("Subject (English)").fill("Bring water, {name}")
    page.get_by_label("FULL Tiny workshop").check()
    visitor.button("Save and see whom it reaches").click()

    expect(page.get_by_role("heading", name="It reaches 1 person now")).to_be_visible()
    expect(page.locator("main")).to_contain_text("bob@example.org")
    expect(page.locator("main")).not_to_contain_text("alice@example.org")
    expect(frame(visitor, "The mail in English").locator("body")).to_contain_text("Dear Kim Minji,")
    visitor.link("Change").click()
    page.get_by_label("FULL Tiny workshop").uncheck()
    visitor.button("Save and see whom it reaches").click()
    expect(page.get_by_role("heading", name="It reaches 2 people now")).to_be_visible()

    visitor.button("Mail it to myself").click()
    expect(page.get_by_role("status")).to_contain_text("1 mail is on its way to olga@example.org.")
    assert len(mails_to("olga@example.org")) == 1
    assert mails_to("alice@example.org") == []
    visitor.button("Send now, to 2 people").click()
    expect(page.get_by_role("status")).to_contain_text("It is on its way.")
    expect(page.get_by_role("heading", name="It begins in a moment")).to_be_visible()
    assert compose_due(now=timezone.now()) == 2
    [mail] = mails_to("alice@example.org")
    assert "Dear Alice,\n\nbring water: https://example.org/water" in mail.replace("\r\n", "\n")
    compose_due(now=timezone.now())
    if not visitor.scripts:
        visitor.page.reload()
    expect(page.get_by_role("heading", name="2 of 2 people Sent")).to_be_visible()
    visitor.link("Its mails").click()
    expect(page.get_by_role("row", name="alice@example.org")).to_contain_text("Sent")
    expect(page.get_by_role("row", name="olga@example.org")).to_have_count(1)


def test_an_announcement_is_stopped_half_way(stage: Stage, visitor: Visitor, mails_to: Mails) -> None:
    page = visitor.page
    visitor.sign_in_as(stage.organizer())
    visitor.open("/organize/forum/announcements/new/")
    page.get_by_label("Subject (English)").fill("Wrong news")
    page.get_by_label("Text (English)").fill("The forum is on Mars.")
    visitor.button("Save and see whom it reaches").click()
    visitor.button("Send now, to 2 people").click()
    compose_due(now=timezone.now())
    page.reload()
    expect(page.locator("#progress")).to_contain_text("0 of 2 people")
    visitor.button("Stop").click()
    expect(page.get_by_role("status")).to_contain_text("2 mails that had not left are withheld.")
    assert (mails_to("alice@example.org"), mails_to("bob@example.org")[1:]) == ([], [])
    assert Announcement.objects.get().state == Announcement.State.STOPPED
    message = Message.objects.filter(kind="announcement").first()
    assert message is not None
    visitor.open(f"/organize/forum/outbox/{message.uid}/")
    expect(page.locator("main")).to_contain_text("Its announcement was stopped.")
    expect(visitor.button("Send after all")).to_have_count(0)


def test_a_wording_is_broken_mended_used_and_given_up(stage: Stage, visitor: Visitor, mails_to: Mails) -> None:
    page = visitor.page
    visitor.sign_in_as(stage.organizer())
    visitor.open("/organize/forum/wordings/")
    page.get_by_role("link", name=re.compile(r"^Plenary's wording ?: Place confirmed, English$")).click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("You have a place in this session:")
    page.get_by_label("Text").fill("Hurray!\n\nYou are in {sesion}.")
    if not visitor.scripts:
        visitor.button("Preview").click()
    wrong = "Line 3, column 12: there is no placeholder {sesion} here. Did you mean {session}?"
    expect(preview).to_contain_text(wrong)
    visitor.button("Save").click()
    expect(page.get_by_role("alert")).to_contain_text(wrong)
    assert not MailTemplate.objects.exists()
    page.get_by_label("Text").fill("Hurray!\n\nYou are in {session}.\n\n{calendar_note}")
    if not visitor.scripts:
        visitor.button("Preview").click()
    expect(preview).to_contain_text("You are in Cities and rights.")
    visitor.button("Show as HTML").click()
    expect(frame(visitor, "The mail as HTML").locator("body")).to_contain_text("Hurray!")
    visitor.button("Save").click()
    expect(page.get_by_role("status").first).to_contain_text("The wording is saved.")

    stage.sign_up(stage.alice, "open")
    [mail] = mails_to("alice@example.org")
    assert "Hurray!\n\nYou are in Cities and rights.\n\nThe calendar file" in mail.replace("\r\n", "\n")
    visitor.link("Back to Plenary's wording…").click()
    assert visitor.heading() == "Give up your wording of “Place confirmed” (English)?"
    visitor.button("Back to Plenary's wording").click()
    expect(preview).to_contain_text("You have a place in this session:")
    assert not MailTemplate.objects.exists()


@pytest.mark.parametrize("wanted", [True, False])
def test_announcements_end_by_the_link_in_the_mail(stage: Stage, visit: Visit, mails_to: Mails, wanted: bool) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.sign_in_as(stage.organizer())
    visitor.open("/organize/forum/announcements/new/")
    visitor.page.get_by_label("Subject (English)").fill("News")
    visitor.page.get_by_label("Text (English)").fill("There is news.")
    visitor.button("Save and see whom it reaches").click()
    visitor.button("Send now, to 2 people").click()
    compose_due(now=timezone.now())
    [mail] = mails_to("alice@example.org")
    reader = visit(java_script_enabled=False)
    reader.open(re.findall(r"/link/announcements/\S+", mail)[0])
    assert reader.heading() == "No more announcements and no survey of The Forum?"
    reader.button("Receive no more of them").click()
    assert reader.heading() == "You receive no more announcements and no survey of The Forum"
    if wanted:
        reader.button("Receive them again").click()
    stage.alice.refresh_from_db()
    assert stage.alice.announcements_by_mail is wanted
