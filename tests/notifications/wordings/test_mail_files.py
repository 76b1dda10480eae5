"""What templates make: text that is no HTML is not safe to show on a page."""

from __future__ import annotations

from django.utils.html import conditional_escape

from notifications.wordings.mail_files import rendered, rendered_around, rendered_body

HOSTILE = "<script>alert(1)</script>"
CONTEXT = {"conference": HOSTILE, "name": HOSTILE, "my_page": "https://forum.example.org/my/"}


def test_plain_text_is_escaped_by_pages_and_not_by_mails() -> None:
    for text in (
        rendered("registration_confirmed.txt", CONTEXT),
        rendered_around("registration_confirmed.txt", HOSTILE, CONTEXT),
        rendered_body("registration_confirmed.txt", CONTEXT),
    ):
        assert (type(text), HOSTILE in text, "<script>" in conditional_escape(text)) == (str, True, False)


def test_html_is_escaped_in_the_mail() -> None:
    html = rendered_around("registration_confirmed.html", HOSTILE, CONTEXT)
    assert ("<script>" in html, html.count("&lt;script&gt;alert(1)&lt;/script&gt;")) == (False, 3)


def test_body_is_the_kinds_words_without_the_frame() -> None:
    body = rendered_body("registration_confirmed.txt", CONTEXT | {"conference": "Forum"})
    assert body.split("\n\n")[0].strip() == "You are registered for Forum. We look forward to seeing you."
    assert "Hello" not in body
