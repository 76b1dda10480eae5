"""The page on which participants choose how their sessions reach their own calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.models import Entry
from notifications.delivery.delivering import deliver
from notifications.feeds.my_addresses import MOST_ADDRESSES, TooManyAddresses, addresses_of, make_address
from notifications.feeds.personal_feeds import feed_url, revoke_feed
from notifications.models import FeedToken
from notifications.rules.intake import take_in
from registration.domain.registrations import registering
from registration.domain.registrations.access import SESSION_KEY
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.domain.signups.signing_up import leave
from registration.models import Registration
from tests.notifications.calendars.factories import unfolded
from tests.notifications.feeds.test_personal_feeds import events
from tests.notifications.places import ACTOR, Stage, make_feed
from tests.notifications.sending import send
from tests.responses import Response, squeezed
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addresses")]


def signed_in(registration: Registration, **options: Any) -> Client:
    client = Client(**options)
    session = client.session
    session[SESSION_KEY] = str(registration.participant.uid)
    session.save()
    return client


def page_of(stage: Stage) -> str:
    return f"/my/{stage.conference.slug}/calendar/"


def revoke_path(stage: Stage, token: FeedToken) -> str:
    return f"{page_of(stage)}addresses/{token.uid}/revoke/"


def hrefs(response: Response, name: str) -> list[str]:
    """Where the links with this text lead."""
    found = re.findall(
        rf'<a [^>]*href="([^"]*)"[^>]*>(?:<svg.*?</svg>)?{name}</a>', squeezed(response.content.decode())
    )
    return [address.replace("&amp;", "&") for address in found]


def downloads(response: Response) -> list[str]:
    """Where the forms lead that only fetch."""
    return re.findall(r'<form [^>]*method="get" action="([^"]*)"', response.content.decode())


def said(response: Response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def private_headers(response: Response) -> tuple[str, str]:
    return response["Cache-Control"], response["Referrer-Policy"]


PRIVATE = ("private, no-store", "no-referrer")


def test_address_is_made_and_shown_to_its_owner() -> None:
    stage = Stage()
    alice = stage.person()
    client, path = signed_in(alice), page_of(stage)
    assert client.get(path).context["addresses"] == []
    assert FeedToken.objects.count() == 0
    made = client.post(f"{path}addresses/", {"name": " Work computer ", "alarm": "15", "with_conference": "on"})
    token = FeedToken.objects.get()
    assert made["Location"] == f"{path}?shown={token.uid}#address-{token.uid}"
    assert private_headers(made) == PRIVATE
    page = client.get(made["Location"])
    assert said(page) == [
        "The secret address for “Work computer” is ready.",
        "Your places come without invitations from now on, so that none is shown twice.",
    ]
    assert private_headers(page) == PRIVATE
    url = feed_url(token)
    secret, slug = url.partition("://")[2], stage.conference.slug
    [(address, reminder)] = page.context["addresses"]
    assert (address.uid, address.name, address.links.url) == (str(token.uid), "Work computer", url)
    assert (reminder, address.alarm_minutes, address.with_conference) == ("15 minutes before", 15, True)
    assert hrefs(page, "Subscribe on this device") == [
        f"webcals://{secret}",
        f"webcals://forum.example.org/{slug}/schedule.ics?lang=en",
    ]
    assert [link.partition("?")[0] for link in hrefs(page, "Add to Google")] == [
        "https://calendar.google.com/calendar/r"
    ] * 2
    assert [link.partition("?")[0] for link in hrefs(page, "Add to Outlook")] == [
        "https://outlook.live.com/calendar/0/addfromweb"
    ] * 2
    assert [link.partition("?")[0] for link in hrefs(page, "Add to Office 365")] == [
        "https://outlook.office.com/calendar/0/addfromweb"
    ] * 2
    assert f'value="{url}" readonly' in page.content.decode()
    assert page.content.decode().count('<details class="flow" open>') == 1
    assert client.get(path).content.decode().count('<details class="flow" open>') == 0
    assert list(Entry.objects.filter(verb__startswith="feed.").values_list("verb", "actor", "subject_id")) == [
        ("feed.created", f"participant:{alice.uid}", token.pk)
    ]


def test_address_is_revoked_after_asking_and_the_others_work_on() -> None:
    stage = Stage()
    alice = stage.person()
    first, second = make_feed(alice, name="Phone"), make_feed(alice, name="Tablet")
    client = signed_in(alice)
    asked = client.get(revoke_path(stage, first))
    assert "<h1>Revoke the secret address for “Phone”?</h1>" in asked.content.decode()
    assert token_for(TokenPurpose.FEED, first.uid) not in asked.content.decode()
    assert private_headers(asked) == PRIVATE
    assert FeedToken.objects.filter(revoked_at=None).count() == 2
    done = client.post(revoke_path(stage, first), follow=True)
    assert said(done) == ["The address for “Phone” is revoked."]
    assert [(address.uid, address.name) for address, _ in done.context["addresses"]] == [(str(second.uid), "Tablet")]
    assert Client().get(feed_url(first)).status_code == 410
    assert Client().get(feed_url(second)).status_code == 200
    again = client.post(revoke_path(stage, first), follow=True)
    assert said(again) == ["The address for “Phone” is revoked already."]
    revoked = Entry.objects.filter(verb="feed.revoked").values_list("subject_id", "actor")
    assert list(revoked) == [(first.pk, f"participant:{alice.uid}")]


def test_page_says_on_which_day_an_address_was_made_and_read() -> None:
    stage = Stage()
    alice = stage.person()
    token, unread = make_feed(alice), make_feed(alice)
    evening = timezone.now().replace(year=2026, month=5, day=1, hour=16, minute=5)
    FeedToken.objects.filter(pk__in=[token.pk, unread.pk]).update(created_at=evening)
    FeedToken.objects.filter(pk=token.pk).update(last_read_on=date(2026, 5, 3))
    text = " ".join(re.sub(r"<[^>]*>", "", signed_in(alice).get(page_of(stage)).content.decode()).split())
    assert re.findall(r"Made: 2 May 2026 · (Last read: 3 May 2026|No calendar has read it yet)", text) == [
        "Last read: 3 May 2026",
        "No calendar has read it yet",
    ]


def test_nobody_reaches_what_is_anothers() -> None:
    stage, elsewhere = Stage(), Stage()
    alice, bob, charlie = stage.person(), stage.person(), elsewhere.person()
    token = make_feed(alice)
    path = page_of(stage)
    assert Client().get(path)["Location"] == f"/my/sign-in/?next=%2Fmy%2F{stage.conference.slug}%2Fcalendar%2F"
    assert Client().get(f"{path}my-sessions.ics").status_code == 302
    assert signed_in(bob).get(path).context["addresses"] == []
    assert token_for(TokenPurpose.FEED, token.uid) not in signed_in(bob).get(path).content.decode()
    others, missing = revoke_path(stage, token), f"{path}addresses/{uuid4()}/revoke/"
    # Alice's own address, asked for under a conference she is not at.
    misplaced = revoke_path(elsewhere, token)
    asked = [
        (signed_in(charlie), "get", path),
        (signed_in(charlie), "get", f"{path}my-sessions.ics"),
        (signed_in(charlie), "post", f"{path}addresses/"),
        (signed_in(charlie), "post", f"{path}invitations/"),
        (signed_in(charlie), "post", others),
        (signed_in(charlie), "post", misplaced),
        (signed_in(alice), "get", misplaced),
        (signed_in(bob), "get", others),
        (signed_in(bob), "post", others),
        (signed_in(bob), "post", missing),
    ]
    assert [getattr(client, method)(address).status_code for client, method, address in asked] == [404] * len(asked)
    refusals = [signed_in(bob).get(address).content.decode().replace(address, "") for address in (others, missing)]
    assert len({re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", refusal) for refusal in refusals}) == 1
    assert FeedToken.objects.filter(revoked_at=None).count() == 1
    alice.refresh_from_db()
    assert alice.invites_by_mail is True


def test_nothing_changes_by_opening_an_address_or_from_another_site() -> None:
    stage = Stage()
    alice = stage.person()
    token = make_feed(alice)
    path = page_of(stage)
    for changing in (f"{path}addresses/", f"{path}invitations/"):
        assert signed_in(alice).get(changing).status_code == 405
    for changing in (f"{path}addresses/", f"{path}invitations/", revoke_path(stage, token)):
        assert signed_in(alice, enforce_csrf_checks=True).post(changing, {"invites": "off"}).status_code == 403
    alice.refresh_from_db()
    assert (FeedToken.objects.filter(revoked_at=None).count(), alice.invites_by_mail) == (1, True)


def test_page_sends_its_forms_with_their_origin() -> None:
    """Under "no-referrer" alone browsers send `Origin: null`, which is refused: base.html has the last word."""
    stage = Stage()
    page = signed_in(stage.person()).get(page_of(stage))
    assert '<meta name="referrer" content="same-origin">' in page.content.decode()


def test_number_of_addresses_is_bounded() -> None:
    stage = Stage()
    alice = stage.person()
    client = signed_in(alice)
    for number in range(MOST_ADDRESSES):
        client.post(f"{page_of(stage)}addresses/", {"name": f"Phone {number}"})
    refused = client.post(f"{page_of(stage)}addresses/", {"name": "One more"}, follow=True)
    assert said(refused)[-1] == "You have as many addresses as there can be. Revoke one to make another."
    assert refused.context["may_make"] is False
    assert "You have 5 secret addresses, the most there can be." in refused.content.decode()
    assert FeedToken.objects.count() == MOST_ADDRESSES
    with pytest.raises(TooManyAddresses):
        make_address(alice, name="One more", actor=ACTOR)
    revoke_feed(FeedToken.objects.earliest("pk"), actor=ACTOR)
    make_address(alice, name="Phone 0", actor=ACTOR)
    assert [address.name for address in addresses_of(alice)] == ["Phone 1", "Phone 2", "Phone 3", "Phone 4", "Phone 0"]


def test_cancelled_registration_makes_no_address_but_can_revoke_one() -> None:
    stage = Stage()
    alice = stage.person()
    token = make_feed(alice)
    registering.cancel(alice, actor=ACTOR)
    client = signed_in(alice)
    refused = client.post(f"{page_of(stage)}addresses/", follow=True)
    assert said(refused) == ["Only a confirmed registration can have a calendar."]
    assert refused.context["may_make"] is False
    assert FeedToken.objects.count() == 1
    client.post(revoke_path(stage, token))
    assert FeedToken.objects.filter(revoked_at=None).count() == 0


def test_invitations_are_turned_off_and_on() -> None:
    stage = Stage()
    alice = stage.person()
    client, path = signed_in(alice), f"{page_of(stage)}invitations/"
    off = client.post(path, {"invites": "off"})
    assert off["Location"] == f"{page_of(stage)}#invitations"
    client.post(path, {"invites": "off"})
    page = client.get(page_of(stage))
    assert said(page) == ["Invitations by mail are off."] * 2
    assert 'name="invites" value="on"' in page.content.decode()
    assert client.post(path, {"invites": "perhaps"}).status_code == 400
    assert client.post(path).status_code == 400
    people = Registration.objects.filter(pk=alice.pk).values_list("invites_by_mail", flat=True)
    assert people.get() is False
    client.post(path, {"invites": "on"})
    assert people.get() is True
    changes = Entry.objects.filter(verb="registration.invites_changed").order_by("pk")
    assert list(changes.values_list("actor", "data")) == [
        (f"participant:{alice.uid}", {"wanted": False}),
        (f"participant:{alice.uid}", {"wanted": True}),
    ]


@pytest.mark.parametrize(("keep", "parts"), [("", []), ("on", ["text/calendar"])])
def test_who_subscribes_has_no_session_twice_unless_they_want_to(keep: str, parts: list[str], sink: SmtpSink) -> None:
    stage = Stage()
    alice = stage.person()
    client = signed_in(alice)
    made = client.post(f"{page_of(stage)}addresses/", {"name": "Phone", "keep_invitations": keep}, follow=True)
    alice.refresh_from_db()
    assert (alice.invites_by_mail, len(said(made))) == (bool(keep), 1 if keep else 2)
    place = stage.place(alice)
    send()
    found = [part.get_content_type() for part in sink.taken[-1].message.walk()]
    assert [kind for kind in found if kind == "text/calendar"] == parts
    assert f"UID:{place.uid}" in client.get(feed_url(FeedToken.objects.get())).content.decode()


def test_my_sessions_offer_the_other_way_into_the_calendar() -> None:
    stage = Stage()
    alice = stage.person()
    client, path = signed_in(alice), f"/my/{stage.conference.slug}/"
    assert "Each place comes as an invitation by mail" in client.get(path).content.decode()
    chosen = client.post(f"{page_of(stage)}invitations/", {"invites": "off", "instead": "subscribe"})
    assert chosen["Location"] == f"{page_of(stage)}#subscribe"
    assert "Each place comes as an invitation by mail" not in client.get(path).content.decode()


def test_mails_follow_the_switch_and_what_is_in_the_calendar_is_still_taken_out(sink: SmtpSink) -> None:
    stage = Stage()
    place = stage.place()
    alice = place.registration
    client, path = signed_in(alice), f"{page_of(stage)}invitations/"

    def calendars() -> list[str | None]:
        """The calendar method of each mail since the last look."""
        before = len(sink.taken)
        take_in()
        deliver("bulk")
        parts = [
            [
                str(part.get_param("method"))
                for part in mail.message.walk()
                if part.get_content_type() == "text/calendar"
            ]
            for mail in sink.taken[before:]
        ]
        return [part[0] if part else None for part in parts]

    assert calendars() == ["REQUEST"]
    client.post(path, {"invites": "off"})
    stage.move("11:00")
    assert calendars() == [None]
    client.post(path, {"invites": "on"})
    stage.move("12:00")
    assert calendars() == ["REQUEST"]
    client.post(path, {"invites": "off"})
    leave(place, actor=ACTOR)
    assert calendars() == ["CANCEL"]


def test_download_holds_my_places_and_asks_for_no_updates() -> None:
    stage = Stage()
    mine, _other = stage.place(language="ko"), stage.place()
    response = signed_in(mine.registration).get(f"{page_of(stage)}my-sessions.ics")
    lines = unfolded(response.content)
    assert events(lines, "UID", "STATUS", "SUMMARY") == [
        (f"{mine.uid}@forum.example.org", "CONFIRMED", stage.session.title.localize("ko"))
    ]
    assert [line for line in lines if line.startswith(("METHOD", "REFRESH", "SOURCE", "X-PUBLISHED"))] == []
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{stage.conference.slug}-my-sessions.ics"'
    assert private_headers(response) == PRIVATE


def test_download_is_offered_to_who_has_a_place() -> None:
    stage = Stage()
    alice, bob = stage.person(), stage.person()
    stage.place(alice)
    address = [f"{page_of(stage)}my-sessions.ics"]
    assert downloads(signed_in(alice).get(page_of(stage))) == address
    assert downloads(signed_in(bob).get(page_of(stage))) == []
    assert hrefs(signed_in(bob).get(page_of(stage)), "Choose sessions") == [f"/my/{stage.conference.slug}/"]


def test_public_calendar_is_offered_while_there_is_one() -> None:
    stage = Stage()
    alice = stage.person(language="ko")
    url = f"https://forum.example.org/{stage.conference.slug}/schedule.ics?lang=ko"
    links = signed_in(alice).get(page_of(stage)).context["programme"]
    assert links.url == url
    assert Client().get(url).status_code == 200
    stage.conference.is_public = False
    stage.conference.save()
    assert signed_in(alice).get(page_of(stage)).context["programme"] is None


def test_my_sessions_leads_here() -> None:
    stage = Stage()
    page = signed_in(stage.person()).get(f"/my/{stage.conference.slug}/")
    assert hrefs(page, "My calendar") == [page_of(stage)]


@pytest.mark.parametrize("addresses", [1, 3])
def test_number_of_queries(addresses: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    alice = stage.person()
    for _ in range(addresses):
        make_feed(alice)
    client = signed_in(alice)
    # Session, registration, addresses, number of places.
    with django_assert_num_queries(5):
        client.get(page_of(stage))


@pytest.mark.parametrize(
    ("entered", "field", "error"),
    [
        ({"name": " "}, "name", "Give the device a name."),
        ({"name": "x" * 61}, "name", "At most 60 characters, please; this has 61."),
        (
            {"name": "Phone\x1b"},
            "name",
            "This has characters that cannot be shown. Please remove them, or type the text anew.",
        ),
        ({"name": "Tablet", "alarm": "7"}, "alarm", "Choose one of the reminders in the list."),
        ({"name": "Phone"}, "name", "You have a device with this name already."),
    ],
)
def test_what_a_device_cannot_be_is_said_and_nothing_entered_is_lost(
    entered: dict[str, str], field: str, error: str
) -> None:
    stage = Stage()
    alice = stage.person()
    token = make_feed(alice, name="Phone", alarm_minutes=5)
    other = make_feed(alice, name="Laptop")
    client, path = signed_in(alice), page_of(stage)
    for address in (f"{path}addresses/", f"{path}addresses/{other.uid}/"):
        refused = client.post(address, {"with_conference": "on"} | entered)
        assert refused.status_code == 422
        assert refused.context["form"].errors == {field: [error]}
        assert refused.context["form"].data["name"] == entered["name"]
        assert private_headers(refused) == PRIVATE
    devices = FeedToken.objects.order_by("pk").values_list("pk", "name", "alarm_minutes", "with_conference")
    assert list(devices) == [(token.pk, "Phone", 5, False), (other.pk, "Laptop", None, False)]


def test_device_is_changed_and_its_address_stays(client: Client) -> None:
    stage = Stage()
    place = stage.place()
    token = make_feed(place.registration, name="Phone")
    url = feed_url(token)
    before = client.get(url)
    mine, path = signed_in(place.registration), f"{page_of(stage)}addresses/{token.uid}/"
    assert mine.get(path).context["form"].initial == {"name": "Phone", "alarm": "", "with_conference": False}
    changed = mine.post(path, {"name": "Tablet", "alarm": "30", "with_conference": "on"}, follow=True)
    mine.post(path, {"name": "Tablet", "alarm": "30", "with_conference": "on"})
    assert said(changed) == ["“Tablet” is changed. Its calendar shows it when it is read again."]
    after = client.get(url, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    lines = unfolded(after.content)
    assert [line for line in lines if line.startswith("TRIGGER")] == ["TRIGGER:-PT30M"]
    assert events(lines, "UID", "DTSTART") == [
        (f"{stage.conference.uid}@forum.example.org", "20370601"),
        (f"{place.uid}@forum.example.org", "20370601T100000"),
    ]
    assert list(Entry.objects.filter(verb="feed.changed").values_list("subject_id", "data")) == [
        (token.pk, {"changed": ["name", "alarm_minutes", "with_conference"]})
    ]


def test_device_of_another_or_a_revoked_one_is_not_changed() -> None:
    stage = Stage()
    alice, bob = stage.person(), stage.person()
    token, revoked = make_feed(alice, name="Phone"), make_feed(bob, name="Old phone")
    revoke_feed(revoked, actor=ACTOR)
    for uid in (token.uid, revoked.uid, uuid4()):
        path = f"{page_of(stage)}addresses/{uid}/"
        assert signed_in(bob).get(path).status_code == 404
        assert signed_in(bob).post(path, {"name": "Mine"}).status_code == 404
    assert sorted(FeedToken.objects.values_list("name", flat=True)) == ["Old phone", "Phone"]


def test_download_carries_what_was_chosen() -> None:
    stage = Stage()
    client, path = signed_in(stage.place().registration), f"{page_of(stage)}my-sessions.ics"
    plain = unfolded(client.get(path).content)
    chosen = unfolded(client.get(path, {"alarm": "60", "with_conference": "on"}).content)
    assert [line for line in plain if line.startswith(("TRIGGER", "DTSTART;VALUE=DATE"))] == []
    assert [line for line in chosen if line.startswith(("TRIGGER", "DTSTART;VALUE=DATE"))] == [
        "DTSTART;VALUE=DATE:20370601",
        "TRIGGER:-PT1H",
    ]
    assert client.get(path, {"alarm": "7"}).status_code == 400
