"""The pages about mails: finding them, seeing them as they are sent, announcements, wordings and dead addresses."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from notifications.announcements.announcing import compose_due
from notifications.models import Announcement, MailTemplate, Message, Suppression
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from tests.factories import make_registration, make_user
from tests.organize.conftest import Desk
from tests.responses import squeezed

NEW = "/organize/forum/announcements/new/"
WORDING = "/organize/forum/wordings/registration_confirmed/en/"


def message(desk: Desk, *, registration: Registration | None = None, **fields: object) -> Message:
    if registration is None and "user" not in fields:
        registration = make_registration(desk.conference, display_name="Dana")
    return Message.objects.create(
        **{
            "conference": desk.conference,
            "participant": registration and registration.participant,
            "registration": registration,
            "kind": "registration_confirmed",
            "dedup_key": str(uuid4()),
        }
        | fields
    )


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- outbox --------------------------------------------------------------------------------------------------------


def test_outbox_is_narrowed_by_recipient_session_and_language(desk: Desk, alice: Client) -> None:
    dana = make_registration(desk.conference, display_name="Dana 다나 Þórsdóttir", language="ko")
    eve = make_registration(desk.conference, display_name="Eve", language="en")
    signup = sign_up(eve, desk.talk, actor=SYSTEM)
    message(desk, registration=dana)
    message(desk, registration=eve, signup=signup, kind="place_confirmed")
    message(desk, user=desk.alice)
    elsewhere = make_registration(desk.elsewhere, display_name="Dana")
    message(desk, registration=elsewhere, conference=desk.elsewhere)

    def found(query: str) -> list[str]:
        html = alice.get(f"/organize/forum/outbox/?{query}").content.decode()
        return sorted(re.findall(r'data-label="To"><span class="breaks">(.*?)</span>', html))

    people = {"dana": dana.participant.email, "eve": eve.participant.email, "alice": desk.alice.email}
    cases = {
        "": ["dana", "eve", "alice"],
        "q=%EB%8B%A4%EB%82%98": ["dana"],
        "q=DANA": ["dana"],
        "q=thorsdottir": ["dana"],
        f"q={eve.participant.email[:-4]}": ["eve"],
        "q=alice@": ["alice"],
        "session=TALK": ["eve"],
        "language=ko": ["dana"],
        "language=en": ["eve", "alice"],
        "language=en&session=TALK&kind=place_confirmed&state=queued": ["eve"],
        "language=en&state=sent": [],
        "language=fr&session=NONE": ["dana", "eve", "alice"],
    }
    for query, names in cases.items():
        assert (query, found(query)) == (query, sorted(people[name] for name in names))


def test_the_mail_is_framed_and_may_do_nothing(desk: Desk, alice: Client) -> None:
    found = message(desk)
    page = alice.get(f"/organize/forum/outbox/{found.uid}/")
    html = squeezed(page.content.decode())
    address = f"/organize/forum/outbox/{found.uid}/html/"
    assert f'<iframe class="mail-frame" src="{address}" title="The mail as HTML" sandbox' in html
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert f'<dt>Message-ID</dt><dd class="breaks">&lt;{found.uid}@forum.example.org&gt;</dd>' in html
    mail = alice.get(address)
    assert sorted(mail["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox",
        "style-src 'unsafe-inline'",
    ]
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    assert mail.content.decode().startswith("<!DOCTYPE html>")


def test_a_secret_mail_has_no_frame(desk: Desk, alice: Client) -> None:
    found = message(desk, kind="decline_asked")
    assert alice.get(f"/organize/forum/outbox/{found.uid}/html/").status_code == 404
    assert "mail-frame" not in alice.get(f"/organize/forum/outbox/{found.uid}/").content.decode()


def test_a_message_is_withheld_and_released(desk: Desk, alice: Client) -> None:
    found = message(desk)
    path = f"/organize/forum/outbox/{found.uid}/"
    assert alice.post(f"{path}withhold/")["Location"] == path
    html = alice.get(path).content.decode()
    assert "The message is withheld. Nothing is sent until you say so." in html
    alice.post(f"{path}withhold/")
    assert "Only a message that has not been sent yet can be withheld." in alice.get(path).content.decode()
    assert alice.post(f"{path}release/")["Location"] == path
    found.refresh_from_db()
    assert found.state == Message.State.QUEUED
    actor = f"organizer:{desk.alice.pk}"
    verbs = list(Entry.objects.filter(verb__startswith="message.").order_by("pk").values_list("verb", "actor"))
    assert verbs == [("message.withheld", actor), ("message.released", actor)]


# --- announcements -------------------------------------------------------------------------------------------------


def fields(**changed: object) -> dict[str, object]:
    return {
        "version": "0",
        "registration_states": ["accepted"],
        "subject_en": "News",
        "body_en": "Dear {name},\r\n\r\nhi",
    } | changed


def written(client: Client, **changed: object) -> Announcement:
    response = client.post(NEW, fields(**changed))
    assert response.status_code == 302, words(response.content.decode())
    return Announcement.objects.latest("pk")


def test_what_was_written_is_kept(desk: Desk, alice: Client) -> None:
    made = written(
        alice, languages=["ko"], signup_states=["waiting"], sessions=["TALK"], subject_ko="소식", body_ko="네"
    )
    assert made.texts == {
        "en": {"subject": "News", "body": "Dear {name},\n\nhi"},
        "ko": {"subject": "소식", "body": "네"},
    }
    assert (made.languages, made.signup_states, made.countries) == (["ko"], ["waiting"], [])
    assert list(made.sessions.all()) == [desk.talk]
    html = alice.get(f"/organize/forum/announcements/{made.uid}/edit/").content.decode()
    assert "Dear {name},\n\nhi</textarea>" in html
    assert '<input type="checkbox" name="sessions" value="TALK"' in html


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"subject_en": "", "body_en": ""}, "Write a subject and a text in at least one language."),
        ({"subject_en": ""}, "Subject (English): Line 1, column 1: there is no subject."),
        ({"body_en": "\r\n\r\nHi {nome}"}, "Text (English): Line 3, column 4: there is no placeholder {nome} here."),
        ({"subject_ko": "소식"}, "Text (Korean): Line 1, column 1: there is no text."),
        ({"registration_states": []}, "State of the registration: Fill this in."),
        ({"registration_states": ["draft"]}, "“draft” is not on the list. Choose something that is."),
        ({"sessions": ["FOREIGN"]}, "“FOREIGN” is not on the list. Choose something that is."),
        ({"countries": ["XX"]}, "“XX” is not on the list. Choose something that is."),
    ],
)
def test_wrong_announcements_are_refused_with_their_place(
    desk: Desk, alice: Client, wrong: dict[str, object], said: str
) -> None:
    html = alice.post(NEW, fields(**wrong)).content.decode()
    assert said in words(html.replace("&#x27;", "'"))
    assert "There is a problem" in html
    assert Announcement.objects.count() == 0


def test_two_editors_are_told_apart(desk: Desk, alice: Client) -> None:
    made = written(alice)
    path = f"/organize/forum/announcements/{made.uid}/edit/"
    assert alice.post(path, fields(subject_en="First")).status_code == 302
    response = alice.post(path, fields(subject_en="Second"))
    html = response.content.decode()
    assert (response.status_code, "Somebody else has changed this announcement" in html) == (409, True)
    assert 'value="Second"' in html
    assert re.findall(r'name="version" value="(\d+)"', html)[0] == "1"
    assert Announcement.objects.get().texts["en"]["subject"] == "First"


def test_the_page_says_whom_it_reaches(desk: Desk, alice: Client) -> None:
    dana = make_registration(desk.conference, display_name="Dana", language="ko")
    make_registration(desk.conference, announcements_by_mail=False)
    make_registration(desk.elsewhere, display_name="Elsewhere")
    made = written(alice)
    html = words(alice.get(f"/organize/forum/announcements/{made.uid}/").content.decode())
    assert "It reaches 1 person now" in html
    assert f"Among them Dana {dana.participant.email} Left out 1 person who turned announcements off" in html
    assert "There is no text in Korean: 1 reader gets the one in English." in html
    mail = alice.get(f"/organize/forum/announcements/{made.uid}/html/ko/").content.decode()
    assert '<html lang="ko">' in mail
    assert '<div lang="en">\n<p>Dear 김민지,</p>\n<p>hi</p>' in mail or "<p>Dear Kim Minji,</p>" in mail


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", "Send at: Say when it is to be sent."),
        ("2020-01-01T10:00", "Send at: This time has passed."),
        ("nonsense", "Send at: This is no date with a time. Write it like 2027-09-14 14:30."),
    ],
)
def test_a_wrong_time_is_refused(desk: Desk, alice: Client, when: str, said: str) -> None:
    made = written(alice)
    response = alice.post(
        f"/organize/forum/announcements/{made.uid}/send/", {"due_at": when, "later": "1", "version": "0"}
    )
    assert said in words(response.content.decode())
    assert Announcement.objects.get().state == Announcement.State.DRAFT


def test_it_is_scheduled_on_the_conferences_clocks(desk: Desk, alice: Client) -> None:
    made = written(alice)
    path = f"/organize/forum/announcements/{made.uid}/"
    alice.post(f"{path}send/", {"due_at": "2036-06-01T09:00", "later": "1", "version": "0"})
    made.refresh_from_db()
    assert (made.state, f"{made.due_at:%Y-%m-%d %H:%M}") == ("scheduled", "2036-06-01 00:00")
    assert "It is scheduled." in alice.get(path).content.decode()
    alice.post(f"{path}unschedule/")
    made.refresh_from_db()
    assert (made.state, made.due_at) == ("draft", None)


def test_only_what_was_seen_is_sent(desk: Desk, alice: Client) -> None:
    made = written(alice)
    alice.post(f"/organize/forum/announcements/{made.uid}/edit/", fields(subject_en="Newer"))
    path = f"/organize/forum/announcements/{made.uid}/"
    alice.post(f"{path}send/", {"now": "1", "version": "0"})
    assert "Somebody else has changed this announcement" in alice.get(path).content.decode()
    assert Announcement.objects.get().state == Announcement.State.DRAFT


def test_progress_is_asked_for_until_the_end(desk: Desk, alice: Client) -> None:
    for _ in range(2):
        make_registration(desk.conference)
    made = written(alice)
    path = f"/organize/forum/announcements/{made.uid}/"
    alice.post(f"{path}send/", {"now": "1", "version": "0"})
    compose_due(now=timezone.now())
    Message.objects.filter(pk=Message.objects.all()[0].pk).update(state="sent", sent_at=timezone.now())
    html = alice.get(f"{path}progress/").content.decode()
    assert "1 of 2 people" in html
    assert 'hx-trigger="every 2s"' in html
    alice.post(f"{path}stop/")
    html = alice.get(path).content.decode()
    assert "It is stopped. 1 mail that had not left is withheld." in html
    assert ("2 of 2 people" in html, "hx-trigger" in html) == (True, False)


def test_a_test_is_mailed_to_whoever_asks(desk: Desk, alice: Client) -> None:
    make_user()
    make_registration(desk.conference)
    made = written(alice)
    alice.post(f"/organize/forum/announcements/{made.uid}/test/")
    assert [row.user for row in Message.objects.all()] == [desk.alice]


# --- wordings ------------------------------------------------------------------------------------------------------


def test_a_wording_is_tried_saved_and_reset(desk: Desk, alice: Client) -> None:
    text = {"subject": "Welcome to {conference}", "body": "Dear {name},\r\nwelcome.", "seen": ""}
    html = alice.post(WORDING, text | {"preview": "1"}).content.decode()
    assert ("Dear Kim Minji,\nwelcome." in html, MailTemplate.objects.count()) == (True, 0)
    assert alice.post(WORDING, text | {"save": "1"})["Location"] == WORDING
    made = MailTemplate.objects.get()
    assert (made.conference, made.subject, made.body) == (
        desk.conference,
        "Welcome to {conference}",
        "Dear {name},\nwelcome.",
    )
    assert "Dear Kim Minji,<br>\nwelcome." in alice.get(f"{WORDING}html/").content.decode()
    response = alice.post(WORDING, text | {"subject": "Other", "save": "1"})
    assert (response.status_code, MailTemplate.objects.get().subject) == (409, "Welcome to {conference}")
    seen = re.findall(r'name="seen" value="([^"]+)"', response.content.decode())[0]
    assert alice.post(WORDING, text | {"subject": "Other", "save": "1", "seen": seen}).status_code == 302
    assert alice.post(f"{WORDING}reset/")["Location"] == WORDING
    assert MailTemplate.objects.count() == 0
    verbs = Entry.objects.filter(verb__startswith="template.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["template.changed", "template.changed", "template.reset"]


@pytest.mark.parametrize("path", [WORDING, f"{WORDING}preview/", f"{WORDING}html/"])
def test_a_broken_wording_is_refused_in_the_readers_language(desk: Desk, alice: Client, path: str) -> None:
    html = alice.post(path, {"subject": "A", "body": "\r\n {sesion}", "save": "1"}).content.decode()
    assert "Line 2, column 2: there is no placeholder {sesion} here." in html
    assert MailTemplate.objects.count() == 0


def test_wordings_of_nobody_are_not_there(desk: Desk, alice: Client) -> None:
    paths = ["announcement/en", "nonsense/en", "registration_confirmed/fr"]
    answers = [alice.get(f"/organize/forum/wordings/{path}/").status_code for path in paths]
    assert answers == [404, 404, 404]


# --- dead addresses ------------------------------------------------------------------------------------------------


def test_a_dead_address_is_lifted_with_what_was_withheld(desk: Desk, alice: Client) -> None:
    registration: Registration = make_registration(desk.conference)
    entry = Suppression.objects.create(address=registration.participant.email, reason="refused", answer="550 no")
    found = message(desk, registration=registration, state="withheld", suppression=entry)
    assert "550 no" in alice.get("/organize/forum/suppressions/").content.decode()
    alice.post(f"/organize/forum/suppressions/{entry.pk}/lift/")
    html = words(alice.get("/organize/forum/suppressions/").content.decode())
    assert f"Mails to {entry.address} are sent again. 1 withheld mail is on its way." in html
    assert "No address is suppressed" in html
    found.refresh_from_db()
    assert found.state == Message.State.QUEUED
