"""What the components promise: words beside icons, errors that lead to their field, and values that stay text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string

from tests.responses import squeezed

PAYLOAD = "\"><img src=x onerror=alert(1)><script>alert(1)</script>'"
WORDS = {
    "confirmed": "Confirmed",
    "offered": "Place offered",
    "full": "Full",
    "cancelled": "Cancelled",
    "invitation": "By invitation",
    "left": "Left",
    "now": "Now",
    "queued": "Not sent yet",
    "claimed": "Being sent",
    "sending": "Being sent",
    "sent": "Sent",
    "unknown": "May have arrived",
    "withheld": "Withheld",
    "failed": "Failed",
    "superseded": "Replaced by a newer one",
}


class Details(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your badge")
    mail_language = forms.ChoiceField(label="Language", choices=[("en", "English")], widget=forms.RadioSelect)


class Markup(HTMLParser):
    """The elements and attributes a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(("state", "expected"), WORDS.items())
def test_state_is_told_in_words_and_icon(state: str, expected: str) -> None:
    html = render_to_string("components/session/state_badge.html", {"state": state})
    assert words(html) == expected
    assert html.count('<svg class="icon" aria-hidden="true">') == 1


def test_waiting_tells_the_position_when_it_is_known() -> None:
    told = [
        words(render_to_string("components/session/state_badge.html", {"state": "waiting", "position": n}))
        for n in (None, 3)
    ]
    assert told == ["Waiting", "Waiting, number 3"]


@pytest.mark.parametrize(
    ("left", "waiting", "expected"),
    [(2, 0, "2 seats left"), (1, 0, "1 seat left"), (0, 0, "Full"), (0, 4, "Full, 4 waiting")],
)
def test_seats_are_told_in_words(left: int, waiting: int, expected: str) -> None:
    seats = SimpleNamespace(capacity=10, taken=10 - left, left=left, waiting=waiting)
    html = render_to_string("components/session/seats_meter.html", {"seats": seats})
    assert words(re.sub(r"<meter.*?</meter>", "", squeezed(html))) == expected


def test_error_summary_leads_to_every_wrong_field() -> None:
    html = render_to_string("components/form/error_summary.html", {"form": Details({})})
    assert re.findall(r'href="(.*?)"', html) == ["#id_name", "#id_mail_language_0"]


def test_error_summary_is_absent_without_errors() -> None:
    assert render_to_string("components/form/error_summary.html", {"form": Details()}).strip() == ""


def test_field_describes_itself_with_help_and_error() -> None:
    form = Details({})
    html = render_to_string("components/form/form_field.html", {"field": form["name"]})
    described = re.search(r'aria-describedby="(.*?)"', html)
    assert described is not None
    assert sorted(described[1].split()) == sorted(re.findall(r'<div class="field-[a-z]+" id="(.*?)"', html))
    assert 'aria-invalid="true"' in html


@pytest.mark.urls("tests.templates.urls")
def test_session_card_keeps_hostile_text_as_text() -> None:
    moment = datetime(2026, 5, 1, 9, tzinfo=UTC)
    entry = SimpleNamespace(
        code="A1",
        title=PAYLOAD,
        kind=SimpleNamespace(name=PAYLOAD, is_break=False),
        start=moment,
        end=moment,
        room=SimpleNamespace(name=PAYLOAD),
        languages=[PAYLOAD],
        state=PAYLOAD,
        seats=None,
    )
    html = render_to_string(
        "components/session/session_card.html", {"entry": entry, "conference": SimpleNamespace(slug="c")}
    )
    seen = Markup()
    seen.feed(html)
    assert seen.tags == {"article", "h4", "a", "p", "span", "time"}


@pytest.mark.parametrize(
    ("component", "context"),
    [
        ("page/notice", {"text": PAYLOAD, "title": PAYLOAD, "tone": PAYLOAD}),
        ("page/breadcrumbs", {"crumbs": [{"label": PAYLOAD, "url": PAYLOAD}]}),
        ("form/copy_field", {"field_id": "f", "label": PAYLOAD, "value": PAYLOAD, "help": PAYLOAD}),
        ("page/empty_state", {"title": PAYLOAD, "text": PAYLOAD, "url": PAYLOAD, "action": PAYLOAD}),
    ],
)
def test_components_escape_every_value(component: str, context: dict[str, object]) -> None:
    seen = Markup()
    seen.feed(render_to_string(f"components/{component}.html", context))
    assert seen.tags & {"img", "script"} == set()
    assert {name for name in seen.attributes if name.startswith("on")} == set()
