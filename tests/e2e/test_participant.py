"""What a participant does, from the first step of registering to signing out; with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from registration.models import Registration, SignUp
from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor


def summary(visitor: Visitor) -> list[tuple[str, str | None]]:
    """Lines of the error summary and the fields they lead to, once the answer has come and been read to its end."""
    expect(visitor.page.locator(".error-summary")).to_be_visible()
    visitor.page.wait_for_load_state("domcontentloaded")
    links = visitor.page.locator(".error-summary a").all()
    return [(link.inner_text(), link.get_attribute("href")) for link in links]


def link_in(mails: list[str], visitor: Visitor) -> str:
    """The path of the link in the only mail there is."""
    [mail] = mails
    [path] = re.findall(rf"{re.escape(visitor.address)}(/my/link/\S+)", mail)
    return str(path)


def test_registering_with_mistakes_loses_nothing_and_ends_at_my_sessions(
    stage: Stage, visitor: Visitor, mails_to: Callable[[str], list[str]]
) -> None:
    page = visitor.page
    visitor.open("/forum/")
    visitor.link("Register").click()
    page.get_by_label("Name to be shown").fill("Dana 다나")
    page.get_by_label("E-mail").fill("dana.example.org")
    page.get_by_label("Country or region").select_option("KR")
    page.get_by_label("Organisation").fill("City Hall")
    visitor.button("Continue").click()

    wrong = "Enter your e-mail address, like name@example.org."
    assert summary(visitor) == [(wrong, "#id_email")]
    assert page.title().startswith("Error: Register")
    assert page.get_by_label("Name to be shown").input_value() == "Dana 다나"
    assert page.get_by_label("Country or region").input_value() == "KR"
    assert page.get_by_label("Organisation").input_value() == "City Hall"
    page.locator(".error-summary a").click()
    expect(page.locator("#id_email")).to_be_focused()
    page.locator("#id_email").fill("dana@example.org")
    visitor.button("Continue").click()

    assert visitor.heading() == "What you need, what you wish"
    page.get_by_label("Cities and rights", exact=False).first.check()
    visitor.button("Continue").click()

    assert visitor.heading() == "Check"
    visitor.button("Register and send me the link").click()

    assert visitor.heading() == "Look into your mail"
    visitor.open(link_in(mails_to("dana@example.org"), visitor))
    registration = Registration.objects.get(participant__email="dana@example.org")
    assert (registration.confirmed_at, visitor.heading()) == (None, "Confirm your registration")
    page.get_by_label("I agree to the use of the required data").check()
    visitor.button("Confirm my registration").click()
    assert summary(visitor) == [("Please accept the code of conduct to take part.", "#id_code_of_conduct")]
    expect(page.get_by_label("I agree to the use of the required data")).to_be_checked()
    page.get_by_label("I accept the code of conduct").check()
    visitor.button("Confirm my registration").click()

    assert (visitor.path, visitor.heading()) == ("/my/forum/", "My sessions")
    registration.refresh_from_db()
    assert (registration.state, registration.display_name) == (Registration.State.ACCEPTED, "Dana 다나")
    expect(visitor.item("OPEN")).to_contain_text("your wish 1")


def test_the_browsers_own_back_loses_nothing_that_stands_in_a_step(stage: Stage, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/forum/register/")
    page.get_by_label("Name to be shown").fill("Dana 다나")
    page.get_by_label("E-mail").fill("dana@example.org")
    page.get_by_label("Country or region").select_option("KR")
    visitor.button("Continue").click()
    page.get_by_label("Other access needs").fill("a ramp")
    page.get_by_label("Cities and rights", exact=False).first.check()
    page.go_back()
    assert page.get_by_label("Name to be shown").input_value() == "Dana 다나"
    page.get_by_label("Organisation").fill("City Hall")
    page.go_forward()
    expect(page.get_by_label("Other access needs")).to_have_value("a ramp")
    expect(page.locator('input[name="wishes"]:checked')).to_have_count(1)
    # Elsewhere and back by an address of one's own.
    visitor.open("/forum/")
    visitor.open("/forum/register/")
    expect(page.get_by_label("Organisation")).to_have_value("City Hall")


def test_favourites_become_wishes_that_are_ranked_by_keys_and_by_dragging(stage: Stage, visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 800})
    page = visitor.page
    visitor.open("/forum/")
    for title in ("Tiny workshop", "Cities and rights", "Water for all"):
        visitor.button(f"Mark as favourite: {title}").click()
    visitor.button("Only my favourites (3)").click()
    expect(page.locator(".entry:visible")).to_have_count(3)
    visitor.button("Mark as favourite: Water for all").click()
    expect(page.locator(".entry:visible .entry-title")).to_have_text(["Cities and rights", "Tiny workshop"])

    visitor.sign_in_as(stage.alice)
    visitor.open("/my/forum/")
    visitor.button("Add them to my wishes").click()
    expect(page.get_by_text("2 favourites are now among your wishes.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    assert page.url.endswith("/my/forum/")

    visitor.open("/my/forum/wishes/")
    order = page.locator(".wish-order li span")
    expect(order).to_have_text(["Tiny workshop", "Cities and rights"])
    visitor.button("Move: Tiny workshop").press("ArrowDown")
    expect(order).to_have_text(["Cities and rights", "Tiny workshop"])
    page.get_by_label("Water for all", exact=True).check()
    page.get_by_label("Rank of “Water for all”").fill("1")
    page.get_by_label("Rank of “Water for all”").press("Tab")
    expect(order).to_have_text(["Water for all", "Cities and rights", "Tiny workshop"])
    handle, last = visitor.button("Move: Water for all"), visitor.button("Move: Tiny workshop")
    handle.scroll_into_view_if_needed()
    handle.hover()
    page.mouse.down()
    last.hover(position={"x": 5, "y": 34}, force=True)
    page.mouse.up()
    expect(order).to_have_text(["Cities and rights", "Tiny workshop", "Water for all"])
    # Another language loses nothing of it, nor does leaving the page and coming back.
    for language in ("한국어", "English"):
        visitor.button(language).click()
        expect(visitor.button(language)).to_have_count(0)
        expect(page.locator(".wish-order li")).to_have_count(3)
    visitor.open("/forum/")
    page.go_back()
    expect(order).to_have_text(["Cities and rights", "Tiny workshop", "Water for all"])
    visitor.button("Save my wishes").click()
    wished = stage.alice.interests.order_by("rank").values_list("session__code", flat=True)
    assert list(wished) == ["OPEN", "FULL", "RIVAL"]


def test_places_are_taken_swapped_and_left(stage: Stage, visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in_as(stage.alice)
    visitor.open("/my/forum/")
    visitor.button("Take a place", of="OPEN").click()
    expect(visitor.item("OPEN")).to_contain_text("Confirmed")
    expect(page.get_by_role("status")).to_contain_text("You have a place in “Cities and rights”.")

    rival = visitor.item("RIVAL")
    expect(rival).to_contain_text("At the same time you have “Cities and rights” (10:00–11:00).")
    visitor.button("Take this one instead", of="RIVAL").click()
    expect(rival).to_contain_text("Confirmed")
    expect(visitor.item("OPEN")).to_contain_text("At the same time you have “Water for all”")
    assert list(stage.alice.signups.exclude(state="left").values_list("session__code", "state")) == [
        ("RIVAL", SignUp.State.CONFIRMED)
    ]

    visitor.link("Leave", of="RIVAL").click()
    assert visitor.heading() == "Give up your place in “Water for all”?"
    visitor.link("Keep it").click()
    expect(rival).to_contain_text("Confirmed")
    visitor.link("Leave", of="RIVAL").click()
    visitor.button("Give up my place").click()
    expect(page.get_by_role("status")).to_contain_text("You have left “Water for all”.")
    expect(page.get_by_text("You have no session yet")).to_be_visible()
    assert set(stage.alice.signups.values_list("state", flat=True)) == {SignUp.State.LEFT}


def test_a_full_session_shows_the_position_in_line(stage: Stage, visitor: Visitor) -> None:
    stage.sign_up(stage.person("Carol"), "full")
    visitor.sign_in_as(stage.alice)
    visitor.open("/my/forum/")
    expect(visitor.item("FULL")).to_contain_text("Full, 1 waiting")
    visitor.button("Join the waiting list", of="FULL").click()
    expect(visitor.item("FULL")).to_contain_text("Waiting, number 2")
    expect(visitor.page.get_by_role("status")).to_contain_text("“Tiny workshop” is full.")


def test_the_session_page_explains_a_clash_and_swaps(stage: Stage, visitor: Visitor) -> None:
    stage.sign_up(stage.alice, "open")
    visitor.sign_in_as(stage.alice)
    visitor.open("/forum/sessions/RIVAL/")
    aside = visitor.page.locator("aside")
    expect(aside).to_contain_text("At the same time you have another session")
    expect(aside).to_contain_text("Cities and rights, 10:00–11:00")
    visitor.button("Take this one instead").click()
    expect(aside).to_contain_text("Confirmed")
    assert visitor.path == "/forum/sessions/RIVAL/"


def test_signing_in_by_mail_and_out_again(stage: Stage, visitor: Visitor, mails_to: Callable[[str], list[str]]) -> None:
    visitor.open("/my/sign-in/")
    visitor.page.get_by_label("E-mail").fill("alice@example.org")
    visitor.button("Send me the link").click()
    assert visitor.heading() == "Look into your mail"
    visitor.open(link_in(mails_to("alice@example.org"), visitor))
    visitor.button("Sign in").click()
    assert (visitor.path, visitor.heading()) == ("/my/forum/", "My sessions")
    visitor.button("Sign out").click()
    assert (visitor.path, visitor.heading()) == ("/my/sign-in/", "Sign in")
    visitor.open("/my/forum/")
    assert visitor.heading() == "Sign in"
