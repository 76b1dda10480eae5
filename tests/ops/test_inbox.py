"""The local inbox, from SMTP to its page; whatever a mail holds stays text."""

from __future__ import annotations

import http.client
import json
import signal
import smtplib
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import quote

import pytest

from ops.embedded import BASE_DIR
from ops.inbox import Inbox, StoredMail
from ops.inbox.pages import with_links
from ops.inbox.web import InboxResponse, answer
from ops.parts import inbox_command, page_answers, smtp_greets
from tests.ops.waiting import wait_for

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7 }}"
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:<b>자리</b>\r\nEND:VCALENDAR\r\n"


def letter(to: str, subject: str = "Your place", text: str = "See you there.\n", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "forum@example.org", to, subject
    message["Message-ID"] = f"<{abs(hash((to, subject)))}@example.org>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "mails" / "inbox.sqlite3")


def put(inbox: Inbox, message: EmailMessage, *recipients: str) -> None:
    with closing(inbox.connect()) as connection:
        inbox.add(
            connection,
            sender="forum@example.org",
            recipients=recipients or [message["To"]],
            raw=message.as_bytes(policy=SMTP),
        )


def get(inbox: Inbox, target: str) -> InboxResponse:
    return answer(inbox, target, "127.0.0.1:1080")


def body(inbox: Inbox, target: str) -> str:
    return get(inbox, target).body.decode()


# --- The store ----------------------------------------------------------------------------------------------


def test_a_mail_is_a_row_for_each_recipient_of_the_envelope(inbox: Inbox) -> None:
    message = letter("list@example.org", "자리가 확정되었습니다: " + "아주 긴 제목 " * 20)
    put(inbox, message, "Ana@example.org", "bo@example.org")
    mails = list(inbox.messages())
    assert [(mail.recipient, mail.subject, mail.message_id) for mail in mails] == [
        (recipient, message["Subject"].strip(), message["Message-ID"])
        for recipient in ("Ana@example.org", "bo@example.org")
    ]
    assert [mail.raw for mail in mails] == [message.as_bytes(policy=SMTP)] * 2
    assert mails[0].parsed()["Subject"].strip() == message["Subject"].strip()


def test_messages_are_found_by_recipient_in_any_case_and_by_nothing_else(inbox: Inbox) -> None:
    for to in ("ana@example.org", "ana@example.organizer", "xana@example.org"):
        put(inbox, letter(to))
    assert [mail.id for mail in inbox.messages(to="ANA@example.org")] == [1]
    assert [mail.id for mail in inbox.messages(after=1)] == [2, 3]


def test_search_takes_every_word_and_no_wildcards(inbox: Inbox) -> None:
    put(inbox, letter("ana@example.org", "Room changed: 100% sure"))
    put(inbox, letter("ana@example.org", "Your place"))
    put(inbox, letter("bo@example.org", "Room changed"))
    assert [mail.id for mail in inbox.newest("ana room")] == [1]
    assert [mail.id for mail in inbox.newest("ROOM")] == [3, 1]
    assert [mail.id for mail in inbox.newest("100%")] == [1]
    assert inbox.newest("a_a") == []
    assert [inbox.count(words) for words in ("", "ana", "%")] == [3, 2, 1]


def test_ids_go_on_rising_after_the_inbox_was_cleared(inbox: Inbox) -> None:
    put(inbox, letter("ana@example.org"))
    inbox.clear()
    put(inbox, letter("ana@example.org"))
    assert [mail.id for mail in inbox.messages()] == [2]


def test_only_its_user_can_read_the_file(inbox: Inbox) -> None:
    assert inbox.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\r\n\r\n\x00",
        b"Subject: =?no-such-charset?b?!!!?=\r\n\r\n",
        b"Subject: a\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: text/html; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%",
        (
            b"Content-Type: text/plain; name*=utf-8''%FF\r\n"
            b'Content-Disposition: attachment; filename="=?utf-8?q?=FF?="\r\n\r\nx'
        ),
    ],
)
def test_a_broken_mail_is_kept_and_shown(inbox: Inbox, raw: bytes) -> None:
    with closing(inbox.connect()) as connection:
        inbox.add(connection, sender="", recipients=["ana@example.org"], raw=raw)
    assert [mail.raw for mail in inbox.messages()] == [raw]
    assert [
        get(inbox, target).status for target in ("/", "/mail/1/", "/mail/1/source", "/mail/1/parts/0", "/messages.json")
    ] == [200] * 5


# --- The pages ----------------------------------------------------------------------------------------------


def test_the_list_has_the_newest_first_and_pages(inbox: Inbox) -> None:
    for number in range(53):
        put(inbox, letter(f"p{number}@example.org"))
    first, second = body(inbox, "/"), body(inbox, "/?page=2")
    assert first.index("p52@example.org") < first.index("p51@example.org")
    assert [page.count('<li><a href="/mail/') for page in (first, second)] == [50, 3]
    assert "53 mails" in first
    assert '<a href="/?q=&amp;page=2">Older</a>' in first
    assert '<a href="/?q=&amp;page=1">Newer</a>' in second
    assert "Older" not in second


def test_hostile_text_stays_text_on_every_page(inbox: Inbox) -> None:
    message = letter(f'"{HOSTILE.replace(chr(34), "")}"@example.org', HOSTILE, HOSTILE, f"<p>{HOSTILE}</p>")
    message["X-Note"] = HOSTILE
    message.add_attachment(CALENDAR.encode(), maintype="text", subtype="calendar", filename=f"{HOSTILE}.ics")
    put(inbox, message, HOSTILE)
    for target in ("/", "/mail/1/", f"/?q={quote(HOSTILE)}", f"/?q={quote(HOSTILE + ' none')}", f"/{quote(HOSTILE)}"):
        result = get(inbox, target)
        page = result.body.decode()
        assert "<script" not in page
        assert "<img" not in page
        assert "script-src" not in result.policy
        assert result.policy.startswith("default-src 'none';")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body(inbox, "/mail/1/")


def test_the_html_part_is_shown_where_nothing_can_run(inbox: Inbox) -> None:
    put(inbox, letter("ana@example.org", html=f"<p>{HOSTILE}</p>"))
    page = body(inbox, "/mail/1/")
    assert (
        '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" src="/mail/1/html"'
        in page
    )
    frame = get(inbox, "/mail/1/html")
    assert frame.body.decode().startswith(f'<base target="_blank"><p>{HOSTILE}</p>')
    assert frame.policy == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_a_calendar_part_is_shown_and_downloaded(inbox: Inbox) -> None:
    message = letter("ana@example.org")
    message.add_attachment(CALENDAR.encode(), maintype="text", subtype="calendar", filename="초대.ics")
    put(inbox, message)
    assert "SUMMARY:&lt;b&gt;자리&lt;/b&gt;" in body(inbox, "/mail/1/")
    download = get(inbox, "/mail/1/parts/1")
    assert download.body.decode() == CALENDAR
    assert (download.content_type, download.policy) == ("text/calendar; charset=utf-8", "sandbox; default-src 'none'")
    assert download.headers == {"Content-Disposition": "attachment; filename*=UTF-8''%EC%B4%88%EB%8C%80.ics"}


def test_other_parts_are_downloads_whatever_type_they_claim(inbox: Inbox) -> None:
    put(inbox, letter("ana@example.org", html="<script>alert(1)</script>"))
    download = get(inbox, "/mail/1/parts/1")
    assert download.content_type == "application/octet-stream"
    assert download.headers == {"Content-Disposition": "attachment; filename*=UTF-8''part-1"}
    assert get(inbox, "/mail/1/source").content_type == "text/plain; charset=utf-8"


def test_json_lists_one_recipients_mails(inbox: Inbox) -> None:
    message = letter("ana@example.org", "자리", "Hello\n")
    message.add_attachment(CALENDAR.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    put(inbox, message)
    put(inbox, letter("bo@example.org"))
    answered = json.loads(body(inbox, "/messages.json?to=ana%40example.org"))
    assert [row.pop("received") != "" for row in answered["messages"]] == [True]
    assert answered == {
        "messages": [
            {
                "id": 1,
                "sender": "forum@example.org",
                "recipient": "ana@example.org",
                "subject": "자리",
                "message_id": message["Message-ID"],
                "text": "Hello\r\n",
                "calendars": [CALENDAR],
            }
        ]
    }
    assert [row["id"] for row in json.loads(body(inbox, "/messages.json?after=1"))["messages"]] == [2]
    assert json.loads(body(inbox, "/messages.json?limit=0")) == {"messages": []}


@pytest.mark.parametrize(
    "target", ["/mail/2/", "/mail/1/html", "/mail/1/parts/9", "/mail/x/", "/mail/1", "//", "/../etc/passwd"]
)
def test_what_is_not_there_is_not_found(inbox: Inbox, target: str) -> None:
    put(inbox, letter("ana@example.org", "Your secret link"))
    result = get(inbox, target)
    assert result.status == 404
    assert "secret" not in result.body.decode()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1080", "127.0.0.1.evil.example:1080", ""])
def test_a_page_that_points_its_name_at_this_machine_reads_nothing(inbox: Inbox, host: str) -> None:
    put(inbox, letter("ana@example.org", "Your secret link"))
    for target in ("/", "/mail/1/", "/messages.json"):
        result = answer(inbox, target, host)
        assert result.status == 421
        assert "secret" not in result.body.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Go to https://x.example/a?b=1&c=2.", "https://x.example/a?b=1&amp;c=2|."),
        ("(http://x.example/)", "http://x.example/|)"),
        ("javascript:alert(1) data:text/html,x ftp://x.example", None),
        ('https://x.example/"onmouseover="alert(1)', "https://x.example/|&quot;onmouseover=&quot;alert(1)"),
        ("<https://x.example/>", "https://x.example/|&gt;"),
    ],
)
def test_only_web_addresses_become_links(text: str, shown: str | None) -> None:
    html = str(with_links(text))
    if shown is None:
        assert html == text
        return
    address, rest = shown.split("|")
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>{rest}'
    assert html.endswith(link)
    assert html.count("<") == 2


# --- The whole ----------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, int, Inbox]]:
    smtp_port, http_port, file = free_port(), free_port(), tmp_path / "inbox.sqlite3"
    command = inbox_command(smtp_port=smtp_port, http_port=http_port, file=file)
    with subprocess.Popen(command, cwd=BASE_DIR) as process:
        wait_for(lambda: smtp_greets(smtp_port) and page_answers(http_port, "/"))
        yield smtp_port, http_port, Inbox(file)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_what_was_sent_is_in_the_inbox_as_soon_as_it_was_accepted(served: tuple[int, int, Inbox]) -> None:
    smtp_port, http_port, inbox = served
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as connection:
        for number in range(20):
            connection.send_message(letter(f"p{number}@example.org", "Your place", ".\n..\n. dots\n"))
            assert inbox.count() == number + 1
        raw = letter("ana@예.example").as_bytes(policy=SMTP.clone(utf8=True))
        connection.sendmail("x@example.org", ["ana@예.example"], raw, mail_options=["SMTPUTF8"])
    mails: list[StoredMail] = list(inbox.messages())
    assert [mail.recipient for mail in mails] == [*(f"p{number}@example.org" for number in range(20)), "ana@예.example"]
    assert mails[0].parsed().get_content() == ".\r\n..\r\n. dots\r\n"
    page = http.client.HTTPConnection("127.0.0.1", http_port, timeout=10)
    with closing(page):
        page.request("GET", "/messages.json?to=p7@example.org")
        response = page.getresponse()
        assert [row["id"] for row in json.loads(response.read())["messages"]] == [8]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_a_mail_over_the_size_limit_is_refused_and_not_kept(served: tuple[int, int, Inbox]) -> None:
    smtp_port, _, inbox = served
    with (
        smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as connection,
        pytest.raises(smtplib.SMTPSenderRefused) as refusal,
    ):
        connection.sendmail("x@example.org", ["ana@example.org"], "x" * 25_000_001)
    assert refusal.value.smtp_code == 552
    assert inbox.count() == 0


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        command = inbox_command(smtp_port=port, http_port=free_port(), file=tmp_path / "inbox.sqlite3")
        done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} (for mail) is in use by another program. Choose another: --smtp-port ")
    assert len(done.stderr.splitlines()) == 1
