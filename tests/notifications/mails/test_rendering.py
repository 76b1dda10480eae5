"""Every kind of mail in both languages: headers, structure, words; and what hostile texts cannot do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone, translation
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries

from journal.recording import record
from notifications.addresses import secret
from notifications.delivery.delivering import deliver
from notifications.inbound.replies.declining import ask
from notifications.mails.render_input import gather
from notifications.mails.rendering import SUBJECTS, ComposedMail, compose
from notifications.models import Message
from notifications.rules.account_mails import KINDS as ABOUT_ACCOUNTS
from notifications.rules.intake import take_in
from notifications.rules.mail_rules import ANNOUNCEMENT, KINDS
from notifications.wordings.mail_reasons import REASONS
from registration.domain.registrations.tokens import TokenPurpose, hash_of
from registration.domain.signups.closing import close_lines
from registration.domain.signups.signing_up import expire_offers, leave, sign_up
from registration.models import MagicLink, Registration
from schedule.domain.programme.rooms import rename_room, resize_room
from schedule.domain.programme.sessions import cancel_session, reinstate_session, rename_session
from tests.factories import at, make_session, publish
from tests.facts import a_fact
from tests.notifications import scenes
from tests.notifications.calendars.factories import unfolded
from tests.notifications.places import ACTOR, Stage, make_link
from tests.present import present
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
PLAIN = ["multipart/alternative", "text/plain", "text/html"]
INVITE = ["multipart/mixed", *PLAIN, "text/calendar", "application/ics"]


def sent() -> None:
    """As if everything so far had been delivered."""
    take_in()
    Message.objects.filter(kind__in=["place_confirmed", "place_changed"]).update(
        state="sent", sent_at=timezone.now(), calendar_method="REQUEST", calendar_sequence=0
    )


def link(stage: Stage, language: str, purpose: str, registration: int | None) -> None:
    person = stage.person(language=language)
    person.participant.language = language
    person.participant.save()
    now = timezone.now()
    lasts = timedelta(hours=48) if purpose == "confirm" else timedelta(minutes=30)
    made = make_link(person.participant, created_at=now, expires_at=now + lasts)
    with transaction.atomic():
        record(
            a_fact(
                "link.requested",
                conference_id=stage.conference.pk,
                subject_id=made.pk,
                purpose=purpose,
                registration=person.pk if registration else None,
                leaves_at=None,
            ),
            actor=ACTOR,
        )


def about_registration(stage: Stage, language: str, verb: str) -> None:
    person = stage.person(language=language)
    with transaction.atomic():
        record(a_fact(verb, conference_id=stage.conference.pk, subject_id=person.pk), actor=ACTOR)


def clash(stage: Stage, language: str) -> None:
    """A person in two sessions, one of which moves into the other."""
    other = make_session(stage.conference)
    fixed = (stage.session, stage.room, at(stage.conference, "10:00"))
    publish(stage.conference, [fixed, (other, stage.other_room, at(stage.conference, "14:00"))])
    place = stage.place(language=language)
    sign_up(place.registration, other, actor=ACTOR)
    sent()
    publish(
        stage.conference,
        [
            (stage.session, stage.room, at(stage.conference, "14:00")),
            (other, stage.other_room, at(stage.conference, "14:00")),
        ],
    )


def expired(stage: Stage, language: str) -> None:
    clash(stage, language)
    expire_offers(now=timezone.now() + timedelta(days=3))


def waiting(stage: Stage, language: str) -> None:
    stage.place(), stage.place(), stage.place(language=language)


def line_closed(stage: Stage, language: str) -> None:
    waiting(stage, language)
    sent()
    close_lines(now=at(stage.conference, "23:00"))


def left(stage: Stage, language: str) -> None:
    place = stage.place(language=language)
    sent()
    leave(place, actor=ACTOR)


def cancelled(stage: Stage, language: str) -> None:
    stage.place(language=language)
    sent()
    cancel_session(stage.session, actor=ACTOR)


def back(stage: Stage, language: str) -> None:
    cancelled(stage, language)
    take_in()
    Message.objects.filter(kind="session_cancelled").update(
        state="sent", sent_at=timezone.now(), calendar_method="CANCEL", calendar_sequence=1
    )
    reinstate_session(stage.session, actor=ACTOR)


def lost(stage: Stage, language: str) -> None:
    stage.place(language=language)
    sent()
    resize_room(stage.room, capacity=0, actor=ACTOR)


def changed(stage: Stage, language: str) -> None:
    stage.place(language=language)
    sent()
    stage.move("23:30", stage.other_room)


def declined(stage: Stage, language: str) -> None:
    assert ask(stage.place(language=language), now=datetime(2037, 1, 1, tzinfo=UTC))


SCENES: dict[str, Callable[[Stage, str], object]] = {
    **scenes.SCENES,
    "confirm_address": lambda stage, language: link(stage, language, "confirm", 1),
    "sign_in": lambda stage, language: link(stage, language, "sign_in", None),
    "registration_confirmed": lambda stage, language: about_registration(stage, language, "registration.confirmed"),
    "registration_cancelled": lambda stage, language: about_registration(stage, language, "registration.cancelled"),
    "place_confirmed": lambda stage, language: stage.place(language=language),
    "place_back": back,
    "place_waiting": waiting,
    "place_offered": clash,
    "offer_expired": expired,
    "line_closed": line_closed,
    "place_left": left,
    "session_cancelled": cancelled,
    "place_lost": lost,
    "place_changed": changed,
    "decline_asked": declined,
}
# English subject, parts and method of each kind; %s is the session's title or the conference's name.
EXPECTED = {
    **{kind: (subject, PLAIN, "") for kind, subject in scenes.SUBJECTS.items()},
    "appearance_placed": ("In the programme: %s", INVITE, "REQUEST"),
    "appearance_changed": ("New time: %s", INVITE, "REQUEST"),
    "appearance_cancelled": ("Cancelled: %s", INVITE, "CANCEL"),
    "appearance_ended": ("You do not appear in it any more: %s", INVITE, "CANCEL"),
    "confirm_address": ("Confirm your e-mail address: %s", PLAIN, ""),
    "sign_in": ("Your link to sign in: %s", PLAIN, ""),
    "registration_confirmed": ("You are registered: %s", PLAIN, ""),
    "registration_cancelled": ("Your registration is cancelled: %s", PLAIN, ""),
    "place_confirmed": ("You have a place: %s", INVITE, "REQUEST"),
    "place_back": ("You have your place again: %s", INVITE, "REQUEST"),
    "place_waiting": ("You are on the waiting list: %s", PLAIN, ""),
    "place_offered": ("Please decide: %s", INVITE, "CANCEL"),
    "offer_expired": ("Your offered place has been given on: %s", INVITE, "CANCEL"),
    "line_closed": ("The waiting list has closed: %s", PLAIN, ""),
    "place_left": ("You have given back your place: %s", INVITE, "CANCEL"),
    "session_cancelled": ("Cancelled: %s", INVITE, "CANCEL"),
    "place_lost": ("You are on the waiting list again: %s", INVITE, "CANCEL"),
    "place_changed": ("New time and room: %s", INVITE, "REQUEST"),
    "decline_asked": ("Do you want to give back your place? %s", PLAIN, ""),
}


def subject_of(kind: str, message: Message, language: str) -> str:
    """The subject expected in a language. The Korean one is the catalogue's: its wording is the translators'."""
    english = EXPECTED[kind][0]
    session = message.signup.session if message.signup else message.session
    name = "session" if session else "conference"
    about = session.title if session else present(message.conference).name
    with translation.override(language):
        said = translation.gettext(english.replace("%s", f"%({name})s"))
    assert (f"%({name})s" in said, bool(re.search("[가-힣]", said))) == (True, language == "ko")
    return said % {name: about.localize(language)}


def mail_of(kind: str) -> tuple[Message, ComposedMail]:
    take_in()
    message = Message.objects.filter(kind=kind).latest("pk")
    [given] = gather([message.pk])
    return message, compose([given], NOW)


def text_of(mail: ComposedMail) -> str:
    return mail_text(mail.message)


def html_of(mail: ComposedMail) -> str:
    return mail_text(mail.message, "html")


def test_every_kind_has_a_scene_here_and_a_subject() -> None:
    assert set(SCENES) == set(EXPECTED) == set(KINDS) == set(SUBJECTS)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", KINDS)
def test_headers_and_structure(kind: str, language: str) -> None:
    stage = Stage()
    SCENES[kind](stage, language)
    message, mail = mail_of(kind)
    _, parts, method = EXPECTED[kind]
    subject = subject_of(kind, message, language)
    name = present(message.registration).display_name if message.registration and not message.magic_link else ""
    if message.person:
        name = message.person.name.localize(language)
    elif message.user:
        name = message.user.name
    # What is about a change of address goes to the one it is about.
    address = {"new_address": "new@example.org"}.get(kind, message.recipient.email)
    if kind == "address_changed":
        address = present(message.magic_link).former_address
    headers = {key: str(value) for key, value in mail.message.items()}
    conference = stage.conference.name.localize(language)
    if not conference.isascii():
        conference = f'"{conference}"'  # the parentheses of the Korean name need quotes
    way_out = {}
    if kind == "thanks":
        address_out = secret(TokenPurpose.UNSUBSCRIBE, present(message.registration).uid)
        way_out = {"List-Unsubscribe": f"<{address_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    assert headers | {"Content-Type": ""} == way_out | {
        "Content-Type": "",
        "MIME-Version": "1.0",
        "From": f"{conference} <calendar@forum.example.org>",
        "To": str(Address(name, addr_spec=address)),
        "Subject": subject,
        "Date": "Mon, 04 May 2026 03:02:01 +0000",
        "Message-ID": f"<{message.uid}@forum.example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    assert [part.get_content_type() for part in mail.message.walk()] == parts
    assert (mail.method, mail.recipient, mail.subject) == (method, address, subject)
    calendars = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in calendars] == ([method] if method else [])
    for text in (text_of(mail), html_of(mail)):
        assert re.findall(r"\{[{%#]|%\(|None|&amp;amp;", text) == []
    html = html_of(mail)
    assert f'<html lang="{language}">' in html
    # Whatever is said of a session, its page is there to read on, also once it does not take place.
    if message.signup or message.session:
        page = f"https://forum.example.org/{stage.conference.slug}/sessions/{stage.session.code}/"
        assert (text_of(mail).split().count(page), f'href="{page}"' in html) == (1, True)
    assert {address.split("/")[2] for address in re.findall(r'https?://[^"<\s]+', html)} == {"forum.example.org"}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_has_no_word_of_the_other_language(kind: str, language: str) -> None:
    stage = Stage(name=LazyI18nString({"en": "Forum", "ko": "포럼"}))
    SCENES[kind](stage, language)
    _, mail = mail_of(kind)
    names = r"Participant \d+|Session \d+|Room \d+|Person \d+|Olivia|\(한국어\)"
    ours = re.sub(rf"https?://\S+|\(Asia/Seoul\)|{names}", "", text_of(mail))
    foreign = re.findall(r"[가-힣]+" if language == "en" else r"[A-Za-z]{2,}", ours)
    assert foreign == []


def test_invite_holds_what_the_database_holds() -> None:
    stage = Stage()
    changed(stage, "ko")
    message, mail = mail_of("place_changed")
    signup = present(message.signup)
    [part] = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    lines = unfolded(part.get_content().replace("\r\n", "\n").replace("\n", "\r\n").encode())
    stamp = f"{signup.changed_at:%Y%m%dT%H%M%SZ}"
    wanted = {
        f"UID:{signup.uid}@forum.example.org",
        f"SEQUENCE:{signup.sequence}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        "METHOD:REQUEST",
        "STATUS:CONFIRMED",
        "DTSTART;TZID=Asia/Seoul:20370601T233000",
        "DTEND;TZID=Asia/Seoul:20370602T003000",
        f"SUMMARY:{stage.session.title.localize('ko')}",
        f"LOCATION:{stage.other_room.name.localize('ko')}",
    }
    assert signup.sequence == 1
    assert wanted - set(lines) == set()


def test_change_shows_old_and_new_in_english() -> None:
    stage = Stage()
    changed(stage, "en")
    message, mail = mail_of("place_changed")
    name = present(message.registration).display_name
    assert (
        text_of(mail).replace("\r\n", "\n")
        == f"""\
Hello {name},

A session in which you have a place has changed. You keep your place.

{stage.session.title.localize("en")}
Mon 1 June 2037, 23:30–Tue 2 June 2037, 00:30 (Asia/Seoul)
  (before: Mon 1 June 2037, 10:00–11:00 (Asia/Seoul))
{stage.other_room.name.localize("en")}
  (before: {stage.room.name.localize("en")})
https://forum.example.org/{stage.conference.slug}/sessions/{stage.session.code}/

The calendar file in this mail updates the session in your calendar.

If you cannot come at the new time, please give your place back, so that somebody who waits can have it.

Open my sessions:
https://forum.example.org/my/{stage.conference.slug}/

--{" "}
{stage.conference.name.localize("en")}
You receive this mail because you have a place in this session.
It was sent automatically; nobody reads replies.
Privacy notice: https://forum.example.org/{stage.conference.slug}/privacy/
Code of conduct: https://forum.example.org/{stage.conference.slug}/conduct/
Contact: https://forum.example.org/{stage.conference.slug}/contact/
"""
    )  # the blank after the dashes is what marks a signature (RFC 3676 4.3)


def test_change_shows_old_and_new_in_korean() -> None:
    stage = Stage()
    changed(stage, "ko")
    message, mail = mail_of("place_changed")
    lines = [line for line in text_of(mail).splitlines() if line]
    assert present(message.registration).display_name in lines[0]
    assert [lines[2], lines[3], lines[5]] == [
        stage.session.title.localize("ko"),
        "2037년 6월 1일 (월) 23:30–2037년 6월 2일 (화) 00:30 (Asia/Seoul)",
        stage.other_room.name.localize("ko"),
    ]
    assert re.fullmatch(r"  \([가-힣 ]+: 2037년 6월 1일 \(월\) 10:00–11:00 \(Asia/Seoul\)\)", lines[4])
    assert re.fullmatch(rf"  \([가-힣 ]+: {re.escape(stage.room.name.localize('ko'))}\)", lines[6])


@pytest.mark.parametrize("kind", ["sign_in", "place_changed", "appearance_placed", "thanks"])
def test_answers_reach_the_conferences_contact(kind: str, sink: SmtpSink) -> None:
    stage = Stage(contact_email="questions@포럼.kr")
    SCENES[kind](stage, "en")
    Message.objects.filter(kind=kind).update(due_at=timezone.now())
    mail_of(kind)
    deliver(Message.objects.filter(kind=kind).latest("pk").queue)
    raw = sink.taken[-1].content
    assert b"\r\nReply-To: questions@xn--cm2bx42c.kr\r\n" in raw
    text = mail_text(sink.taken[-1].message)
    assert "An answer to it reaches the organizers: questions@포럼.kr" in text
    assert "nobody reads replies" not in text


def test_every_kind_says_why_it_came() -> None:
    assert set(REASONS) == {*KINDS, ANNOUNCEMENT, *ABOUT_ACCOUNTS}


@pytest.mark.parametrize(
    "kind", ["place_confirmed", "place_waiting", "session_cancelled", "appearance_changed", "agenda_reminder", "digest"]
)
def test_mails_name_the_venue_and_lead_to_the_session(kind: str) -> None:
    stage = Stage(venue=LazyI18nString({"en": "Convention Center", "ko": "김대중컨벤션센터"}))
    SCENES[kind](stage, "en")
    _, mail = mail_of(kind)
    page = f"https://forum.example.org/{stage.conference.slug}/sessions/{stage.session.code}/"
    lines = [line.strip() for line in text_of(mail).splitlines()]
    assert [line for line in lines if line == page] == [page]
    assert [line.endswith("Convention Center") for line in lines].count(True) == 1
    assert (f'href="{page}"' in html_of(mail), "Convention Center" in html_of(mail)) == (True, True)


def test_link_mail_leads_to_the_link_and_says_how_long_it_lasts() -> None:
    stage = Stage()
    link(stage, "en", "confirm", 1)
    link(stage, "en", "sign_in", None)
    confirm, mail = mail_of("confirm_address")

    [token] = re.findall(r"https://forum\.example\.org/my/link/([\w-]{43})/", text_of(mail))
    assert MagicLink.objects.get(token_hash=hash_of(token)) == confirm.magic_link
    assert "It works once, within 48 hours." in text_of(mail)
    _, other = mail_of("sign_in")
    assert "It works once, within 30 minutes." in text_of(other)


# --- Hostile texts (S23, S24, S25, S27) ---------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ site }}{% include 'mail/layout.txt' %}%(site)s{0.__class__}",
    "Eve\r\nBcc: victim@example.com\r\n\r\nEvil body",
    "Eve\nX-Evil: 1\x1b\x0b\u2028second line\u202egnp",
    '"Eve" <eve@example.com>, ',
    "https://evil.example.com/ [click](https://evil.example.com)",
    "BEGIN:VEVENT\nATTENDEE:mailto:eve@example.com",
    "=?utf-8?q?Eve=0D=0ABcc:_victim@example.com=0D=0A=0D=0AEvil?=",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", ["place_confirmed", "place_changed", "session_cancelled"])
def test_hostile_name_and_titles_stay_text(kind: str, hostile: str) -> None:
    stage = Stage(name=LazyI18nString({"en": hostile}), venue=LazyI18nString({"en": hostile}))
    kept = re.sub("[\x1b\x0b\u202e]", "", hostile)  # whoever names a session or a room is refused these
    rename_session(stage.session, title={"en": kept}, actor=ACTOR)
    rename_room(stage.room, name={"en": kept}, actor=ACTOR)
    person = stage.person(display_name=hostile)
    stage.place(person)
    if kind != "place_confirmed":
        sent()
        if kind == "place_changed":
            stage.move("12:00")
        else:
            cancel_session(stage.session, actor=ACTOR)
    message, mail = mail_of(kind)
    raw = mail.message.as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = re.findall(r"^([\w-]+):", head, re.MULTILINE)
    assert sorted(names) == sorted(
        [
            "Content-Type",
            "MIME-Version",
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Language",
        ]
    )
    assert [address.addr_spec for address in mail.message["To"].addresses] == [present(message.participant).email]
    assert [address.addr_spec for address in mail.message["From"].addresses] == ["calendar@forum.example.org"]
    html = html_of(mail)
    assert re.findall(r"<(?:script|img)", html) == []
    assert set(re.findall(r'(?:href|src)="(https?://[^/"]+)', html)) == {"https://forum.example.org"}
    [calendar] = [part.get_content() for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    calendar = calendar.replace("\r\n", "\n").replace("\n ", "")
    properties = re.findall(r"^(BEGIN:VEVENT|ATTENDEE|ORGANIZER|METHOD)[:;]?", calendar, re.MULTILINE)
    assert sorted(properties) == ["ATTENDEE", "BEGIN:VEVENT", "METHOD", "ORGANIZER"]
    # Nothing of theirs was run a second time: the text appears as it was typed, on one line.
    typed = " ".join(re.sub(r"[\x00-\x1f\u2028\u202e]+", " ", hostile).split())
    assert typed in " ".join(text_of(mail).split())


def test_what_looks_encoded_is_not_decoded_in_headers() -> None:
    """RFC 2047 words in people's text: the standard library decodes them, up to Python 3.12 line breaks included."""
    word = "=?utf-8?q?Eve=0D=0ABcc:_victim@example.com?="
    stage = Stage(name=LazyI18nString({"en": word}))
    rename_session(stage.session, title={"en": word}, actor=ACTOR)
    stage.place(stage.person(display_name=word))
    _, mail = mail_of("place_confirmed")
    for name in ("From", "To", "Subject"):
        assert "= ?utf-8?q?Eve=0D=0ABcc:_victim@example.com?=" in str(mail.message[name])
    assert b"\nBcc:" not in mail.message.as_bytes()


@pytest.mark.parametrize("kind", ["confirm_address", "sign_in"])
def test_mail_to_an_unproved_address_carries_no_word_of_whoever_asked(kind: str) -> None:
    stage = Stage()
    SCENES[kind](stage, "en")

    evil = "Buy now at evil.example.com"
    Registration.objects.update(display_name=evil, affiliation=evil, access_note=evil)
    _, mail = mail_of(kind)
    assert re.findall("(?i)evil[. ]|buy now", mail.message.as_string() + text_of(mail) + html_of(mail)) == []


def test_site_address_comes_from_the_settings_alone() -> None:
    found = [
        path.name
        for path in (Path(__file__).resolve().parents[2] / "notifications").glob("*.py")
        if re.search(r"get_host|build_absolute_uri|HTTP_HOST", path.read_text())
    ]
    assert found == []


def test_unicode_domain_becomes_what_mail_servers_know() -> None:
    stage = Stage()
    place = stage.place()
    participant = place.registration.participant
    participant.email = "minji@한국.kr"
    participant.save()
    _, mail = mail_of("place_confirmed")
    assert mail.recipient == "minji@xn--3e0b707e.kr"
    mail.message.as_bytes().decode("ascii")


def test_composing_needs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    changed(stage, "ko")
    take_in()
    [given] = gather([Message.objects.latest("pk").pk])
    with django_assert_num_queries(0):
        compose([given], NOW)
