"""The pages of the inbox as HTML. Everything that comes from a mail goes through format_html, which escapes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ops.inbox.reading import MailPart, Reading
from ops.inbox.store import StoredMail

PAGE_SIZE = 50

# Links are made of http and https addresses only, and only of what is plainly one.
_LINK = re.compile(r"https?://[^\s<>\"'`\\]+[^\s<>\"'`\\.,;:!?)\]}]")


def list_page(mails: list[StoredMail], *, words: str, page: int, total: int) -> str:
    """The newest mails, a search field, and the way to older ones."""
    rows = format_html_join(
        "\n",
        '<li><a href="/mail/{}/"><span class="who">{}</span><span class="what">{}</span>{}</a></li>',
        ((mail.id, mail.recipient, mail.subject or "(no subject)", _time(mail)) for mail in mails),
    )
    body = format_html('<ul class="mails">{}</ul>', rows) if mails else _nothing(words)
    return _frame(
        "Inbox",
        format_html(
            "<header><h1>Inbox</h1><p>{} {}. Every mail of this machine ends here; none is delivered.</p></header>"
            '<form role="search"><label for="q">Search recipients and subjects</label>'
            '<input id="q" name="q" type="search" value="{}"><button>Search</button></form>{}{}',
            f"{total:,}",
            _plural("mail", total),
            words,
            body,
            _pager(words, page, total),
        ),
    )


def mail_page(mail: StoredMail, reading: Reading) -> str:
    """One mail: text, HTML in a frame that can run nothing, calendar, headers, parts."""
    text, html = reading.first("text/plain"), reading.first("text/html")
    sections: list[SafeString] = []
    if text is not None:
        sections.append(_section("Text", format_html('<pre class="letter">{}</pre>', with_links(text.text))))
    if html is not None:
        sections.append(
            _section(
                "HTML",
                format_html(
                    '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"'
                    ' src="/mail/{}/html" title="The HTML part of this mail"></iframe>',
                    mail.id,
                ),
            )
        )
    sections.extend(_section("Calendar", _calendar(mail, part)) for part in reading.calendars)
    sections.append(_section("Parts", _parts(mail, reading.parts)))
    sections.append(_section("Headers", _headers(reading.headers)))
    return _frame(
        mail.subject or "(no subject)",
        format_html(
            '<nav><a href="/">Inbox</a></nav><header><h1>{}</h1>'
            '<dl><dt>To</dt><dd><a href="/?{}">{}</a></dd><dt>From</dt><dd>{}</dd><dt>Received</dt><dd>{}</dd></dl>'
            '</header>{}<p><a href="/mail/{}/source">Source</a></p>',
            mail.subject or "(no subject)",
            urlencode({"q": mail.recipient}),
            mail.recipient,
            mail.sender,
            _time(mail),
            format_html_join("\n", "{}", ((section,) for section in sections)),
            mail.id,
        ),
    )


def message_page(title: str, text: str) -> str:
    """A page that says one thing."""
    return _frame(title, format_html('<nav><a href="/">Inbox</a></nav><h1>{}</h1><p>{}</p>', title, text))


def with_links(text: str) -> SafeString:
    """Text with its web addresses as links; everything else inert."""
    pieces: list[SafeString] = []
    position = 0
    for match in _LINK.finditer(text):
        pieces.append(format_html("{}", text[position : match.start()]))
        pieces.append(format_html('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>', match.group()))
        position = match.end()
    pieces.append(format_html("{}", text[position:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _frame(title: str, body: SafeString) -> str:
    return format_html(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{} · Plenary inbox</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="stylesheet" href="/inbox.css"></head><body><main>{}</main></body></html>\n',
        title,
        body,
    )


def _section(title: str, body: SafeString) -> SafeString:
    return format_html("<section><h2>{}</h2>{}</section>", title, body)


def _calendar(mail: StoredMail, part: MailPart) -> SafeString:
    return format_html(
        '<p><a href="/mail/{}/parts/{}" download>Download {}</a> <code>{}</code></p><pre>{}</pre>',
        mail.id,
        part.number,
        part.file_name or "invite.ics",
        part.parameters,
        part.text,
    )


def _parts(mail: StoredMail, parts: list[MailPart]) -> SafeString:
    rows = format_html_join(
        "",
        '<tr><td><a href="/mail/{}/parts/{}" download>{}</a></td><td>{}</td><td>{} {}</td></tr>',
        (
            (
                mail.id,
                part.number,
                part.parameters or part.content_type,
                part.file_name,
                f"{len(part.content):,}",
                _plural("byte", len(part.content)),
            )
            for part in parts
        ),
    )
    return format_html('<div class="wide"><table>{}</table></div>', rows)


def _headers(headers: Iterable[tuple[str, str]]) -> SafeString:
    return format_html(
        '<div class="wide"><table>{}</table></div>',
        format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', headers),
    )


def _nothing(words: str) -> SafeString:
    if words:
        return format_html(
            '<p class="empty">No mail has “{}” in its recipient or subject. <a href="/">Show all</a></p>', words
        )
    return format_html('<p class="empty">{}</p>', "No mail yet.")


def _pager(words: str, page: int, total: int) -> SafeString:
    links: list[tuple[str, str]] = []
    if page > 1:
        links.append((urlencode({"q": words, "page": page - 1}), "Newer"))
    if page * PAGE_SIZE < total:
        links.append((urlencode({"q": words, "page": page + 1}), "Older"))
    return format_html('<nav class="pager">{}</nav>', format_html_join(" ", '<a href="/?{}">{}</a>', links))


def _time(mail: StoredMail) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', mail.received.isoformat(), f"{mail.received.astimezone():%d %b, %H:%M:%S}"
    )


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
