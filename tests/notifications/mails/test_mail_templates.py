"""Organizers' own wordings: used for their kind, language and conference alone, and never more than a wording."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from journal.models import Entry
from notifications.mails.mail_templates import (
    EDITABLE,
    TemplateChangedError,
    WordingText,
    change_template,
    default_text,
    reset_template,
    template_of,
)
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import MailTemplate, Message
from notifications.rules.mail_rules import KINDS
from notifications.wordings.mail_placeholders import LABELS, PLACEHOLDERS, REQUIRED
from notifications.wordings.own_texts import WordingRefusedError, read_wording
from notifications.wordings.placeholders import slots_of
from organize.mail.message_words import KIND_NAMES
from schedule.models import Conference
from tests.factories import make_conference
from tests.notifications.mails.test_rendering import SCENES, html_of, mail_of, text_of
from tests.notifications.places import Stage
from tests.present import present

pytestmark = pytest.mark.django_db
OLGA = Actor.organizer(1)
PLACES = [kind for kind in EDITABLE if "place" in PLACEHOLDERS[kind]]


def word(
    conference: Conference, kind: str, subject: str, body: str, language: str = "en", seen: datetime | None = None
) -> MailTemplate:
    text = WordingText(subject, body)
    return change_template(conference, kind, language, text=text, seen=seen, actor=OLGA, now=timezone.now())


def test_every_placeholder_and_kind_has_words() -> None:
    assert {name for names in PLACEHOLDERS.values() for name in names} == set(LABELS)
    assert set(PLACEHOLDERS) <= set(KIND_NAMES)


def test_organizers_can_word_every_kind_of_mail() -> None:
    assert sorted(EDITABLE) == sorted(KINDS)


def test_what_a_mail_is_of_no_use_without_is_required() -> None:
    assert REQUIRED == {
        "confirm_address": ("link",),
        "already_registered": ("link",),
        "new_address": ("link",),
        "sign_in": ("link",),
        "speaking_invitation": ("answer_link",),
        "hosting_invitation": ("answer_link",),
        "decline_asked": ("answer_link",),
        "agenda_reminder": ("agenda",),
        "digest": ("news",),
        "organizer_digest": ("attention",),
    }
    assert [kind for kind, names in REQUIRED.items() if not set(names) <= set(PLACEHOLDERS[kind])] == []


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", EDITABLE)
def test_default_text_is_a_wording_that_says_what_matters(kind: str, language: str) -> None:
    text = default_text(kind, language)
    wording = read_wording(kind, text.subject, text.body, language)
    used = slots_of([wording.subject, *wording.lines])
    must: set[str] = {
        name
        for name in ("place", "calendar_note", "link", "validity", "until", "cancellation")
        if name in PLACEHOLDERS[kind]
    }
    must.update(REQUIRED.get(kind, ()))
    assert (must - used, "None" in text.body, "%(" in text.subject) == (set(), False, False)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", EDITABLE)
def test_saving_the_default_text_says_the_same(kind: str, language: str) -> None:
    """Except for sentences only some readers get, every word of ours is still there."""
    stage = Stage()
    SCENES[kind](stage, language)
    message, before = mail_of(kind)
    text = default_text(kind, language)
    word(stage.conference, kind, text.subject, text.body, language)
    [given] = gather([message.pk])
    after = compose([given], timezone.now())
    new, old = text_of(after).split("\n"), text_of(before).split("\n")
    assert set(new) <= set(old)
    assert kind in PLACES or new == old


@pytest.mark.parametrize("kind", EDITABLE)
def test_every_placeholder_is_filled(kind: str) -> None:
    stage = Stage(contact_email="programme@example.org", venue="Kimdaejung Center")
    SCENES[kind](stage, "en")
    message, _mail = mail_of(kind)
    body = "\n".join(f"[{name}={{{name}}}]" for name in PLACEHOLDERS[kind])
    word(stage.conference, kind, "Own words", body)
    [given] = gather([message.pk])
    mail = compose([given], timezone.now())
    text = text_of(mail)
    empty = [name for name in PLACEHOLDERS[kind] if f"[{name}=" not in text or f"[{name}=]" in text]
    assert (mail.subject, empty) == ("Own words", [])


def test_a_wording_is_used_for_its_kind_language_and_conference_alone() -> None:
    stage, other = Stage(), Stage()
    for one in (stage, other):
        for language in ("en", "ko"):
            one.place(language=language)
            SCENES["registration_confirmed"](one, language)
    mail_of("place_confirmed")
    word(stage.conference, "place_confirmed", "Own {session}", "Own words for {name}")
    inputs = gather(Message.objects.values_list("pk", flat=True))
    own = [(given.message.conference, given.message.kind, given.language) for given in inputs if given.wording]
    assert own == [(stage.conference, "place_confirmed", "en")]
    [mail] = [compose([given], timezone.now()) for given in inputs if given.wording]
    assert mail.subject == f"Own {stage.session.title.localize('en')}"
    assert "Own words for" in text_of(mail)
    assert '<div lang="en">\n<p>Own words for' in html_of(mail)
    assert [part.get_content_type() for part in mail.message.walk()][-1] == "application/ics"


@pytest.mark.parametrize("people", [1, 3])
def test_wordings_cost_one_query_a_batch(people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    for _ in range(people):
        SCENES["registration_confirmed"](stage, "en")
    mail_of("registration_confirmed")
    word(stage.conference, "registration_confirmed", "Own", "Own")
    keys = list(Message.objects.values_list("pk", flat=True))
    with django_assert_num_queries(3):  # messages, entries, wordings
        inputs = gather(keys)
    with django_assert_num_queries(0):
        assert [compose([given], timezone.now()).subject for given in inputs] == ["Own"] * people


def test_a_name_is_never_filled_in_twice() -> None:
    stage = Stage()
    stage.place(stage.person(display_name="{session} {link}<b>https://evil.example.com/"))
    message, _mail = mail_of("place_confirmed")
    word(stage.conference, "place_confirmed", "For {name}", "Dear {name}")
    [given] = gather([message.pk])
    mail = compose([given], timezone.now())
    assert mail.subject == "For {session} {link}<b>https://evil.example.com/"
    assert "<p>Dear {session} {link}&lt;b&gt;https://evil.example.com/</p>" in html_of(mail)
    assert 'href="https://evil' not in html_of(mail)


def test_a_wording_broken_since_is_left_out_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.place()
    message, mail = mail_of("place_confirmed")
    word(stage.conference, "place_confirmed", "Own", "Own")
    MailTemplate.objects.update(body="{gone}")
    [given] = gather([message.pk])
    assert (given.wording, compose([given], timezone.now()).subject) == (None, mail.subject)
    assert "place_confirmed (en) of conference" in caplog.text


@pytest.mark.parametrize(
    ("subject", "body", "in_subject", "in_body"),
    [
        ("", "Text", [(1, 1)], []),
        ("A\r\nB", "Text", [(1, 2)], []),
        ("{place}", "Text", [(1, 1)], []),
        ("{my_page}", "Text", [(1, 1)], []),
        ("Good", "", [], [(1, 1)]),
        ("Good", "one\n\n{link}", [], [(3, 1)]),
        ("{x}", "{y}\n{z}", [(1, 1)], [(1, 1), (2, 1)]),
    ],
)
def test_what_is_wrong_is_told_for_both_parts(
    subject: str, body: str, in_subject: list[tuple[int, int]], in_body: list[tuple[int, int]]
) -> None:
    conference = make_conference()
    with pytest.raises(WordingRefusedError) as refused:
        word(conference, "place_confirmed", subject, body)
    places = [[(one.line, one.column) for one in part] for part in (refused.value.subject, refused.value.body)]
    assert places == [in_subject, in_body]
    assert not MailTemplate.objects.exists()


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in REQUIRED.items() for name in names])
def test_a_mail_without_what_it_needs_is_refused_with_the_place(kind: str, name: str) -> None:
    with pytest.raises(WordingRefusedError, match=rf"Line 2, column 4: \{{{name}\}} is missing"):
        word(make_conference(), kind, "Hello", "Hi\nyou")
    assert not MailTemplate.objects.exists()


def test_kinds_and_languages_of_nobody_are_refused() -> None:
    conference = make_conference()
    for kind, language in (("announcement", "en"), ("nonsense", "en"), ("sign_in", "fr")):
        with pytest.raises(ValueError, match="cannot be worded"):
            word(conference, kind, "A", "{link}", language)


def test_changes_are_noted_and_two_editors_are_told_apart() -> None:
    conference = make_conference()
    first = word(conference, "place_left", "One", "Text")
    with pytest.raises(TemplateChangedError):
        word(conference, "place_left", "Two", "Text")
    word(conference, "place_left", "Three", "Text", seen=first.changed_at)
    assert present(template_of(conference, "place_left", "en")).subject == "Three"
    assert reset_template(conference, "place_left", "en", actor=OLGA) is True
    assert reset_template(conference, "place_left", "en", actor=OLGA) is False
    entries = Entry.objects.filter(verb__startswith="template.").order_by("pk").values_list("verb", "actor", "data")
    data = {"kind": "place_left", "language": "en"}
    ours = "You have given back your place: {session}"
    assert list(entries) == [
        ("template.changed", str(OLGA), data | {"changes": {"subject": {"old": ours, "new": "One"}, "body": None}}),
        ("template.changed", str(OLGA), data | {"changes": {"subject": {"old": "One", "new": "Three"}}}),
        ("template.reset", str(OLGA), data),
    ]


def test_the_database_refuses_a_subject_of_two_lines() -> None:
    template = word(make_conference(), "place_left", "One", "Text")
    # The field makes one line of it, so it is told past the field.
    written = "UPDATE notifications_mailtemplate SET subject = %s WHERE id = %s"
    with (
        pytest.raises(IntegrityError, match="template_subject_is_one_line"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(written, ["One\nBcc: x", template.pk])
