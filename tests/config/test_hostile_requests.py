"""Every address, asked as scanners and broken programs ask: whatever comes, the answer is one of ours and never a 5xx.

Made from the address configuration: a new address is asked by itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver

from accounts.models import User
from journal.actors import SYSTEM
from notifications.models import Message
from ops.backends.log_lines import ScannersAreNoErrors
from registration.domain.registrations.access import SESSION_KEY
from registration.domain.signups.signing_up import sign_up
from schedule.models import Conference
from tests.factories import make_registration
from tests.organize.conftest import Desk, signed_in
from tests.organize.test_access import announcement, delivery, emergency, search, suppression

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
TOO_MUCH = "9223372036854775808"
# By the kind of a parameter: values that its converter lets through.
HOSTILE = {
    "str": ["%00", "a%0D%0Ab", "%FF%FE", "x" * 3000],
    "path": ["%00", "%FF", TOO_MUCH],
    "int": [TOO_MUCH, "9" * 400],
    "slug": ["x" * 3000],
}
READ = (
    "q page limit offset next day kind language room access lang alarm once from base new old about state show shown "
    "session announcement country chosen decision o p e _popup theme back favourites"
)
SENT = (
    "email name display_name note reason version seen subject body seconds seed answers kept day time room starts_at "
    "ends_at url verbs which since until announcements answer about whom invites alarm with_conference next approves "
    "chosen decision updates session sessions registration_states due_at later action _selected_action login password "
    "codes whom way minutes start"
)
MANY = "&".join(f"a{number}=1" for number in range(9000))
QUERIES = ["&".join(f"{name}={value}" for name in READ.split()) for value in ("%00", TOO_MUCH, "%FF")]
BODIES = [
    ("application/x-www-form-urlencoded", "&".join(f"{name}={value}" for name in SENT.split()))
    for value in ("%00", TOO_MUCH, "%E2%80%AE")
]
BODIES += [
    ("application/json", "[" * 100_000),
    ("application/json", '{"session": "\\u0000\\ud800"}'),
    ("application/json", "\ufeff{"),
    ("application/json", '"' + "x" * 3_000_000 + '"'),
    ("multipart/form-data", "--x\r\nbroken"),
    ("application/x-www-form-urlencoded", MANY),
]
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
STRANGER = "stranger.example"
# Each as broken programs and scanners send it; several at once, since none may have an effect.
HEADERS = [
    {
        "accept-language": "ko;q=1e400,\x00,*;q=-1," + "a-" * 2000,
        "accept": "text/" + STRANGER + ";q=x,*/*;q=0",
        "accept-encoding": "gzip;q=0,identity;q=0,*;q=x",
        "if-none-match": '"", W/"' + "x" * 5000 + '", *, "\x00',
        "if-modified-since": "Thu, 99 Xyz 99999 99:99:99 GMT",
        "range": "bytes=-9223372036854775808,5-2,x-",
        "hx-request": "true",
        "hx-target": STRANGER,
        "hx-current-url": f"https://{STRANGER}/",
    },
    {
        "x-forwarded-for": f"{STRANGER}, \x00, ::ffff:999.1.1.1%eth0, " + "1.1.1.1," * 500,
        "x-forwarded-host": STRANGER,
        "x-forwarded-proto": "https, javascript",
        "x-forwarded-port": "x",
        "forwarded": f"for=_x;host={STRANGER};proto=gopher",
        "x-original-url": f"/{STRANGER}/",
        "x-http-method-override": "DELETE",
        "referer": f"https://{STRANGER}/\x00",
        "origin": f"https://{STRANGER}",
        "user-agent": "\xff\xfe" * 2000,
        "if-none-match": ",,,",
        "if-modified-since": "Thu, 01 Jan 0001 00:00:00 GMT",
        "if-unmodified-since": "Sat, 31 Dec 9999 23:59:60 GMT",
        "if-range": '"x"',
        "range": "bytes=0-0," * 500,
    },
    {"host": STRANGER},
]
# Headers of an answer that the next one to the same question may have otherwise.
OF_EACH_ANSWER = {"Set-Cookie", "Content-Length", "Date", "Expires", "Last-Modified", "Content-Security-Policy"}
METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONE")
COOKIES = [
    r'sessionid="abcdefgh\000"; csrftoken="\000"; django_language="\000"; messages="\000"',
    "sessionid=" + "x" * 5000,
    r'sessionid="\377\376\377\376\377\376"',
]
# Pages of Django's that are the same for every kind of row; those of one kind of ours stand for them.
ALIKE = re.compile(r"admin::(?!schedule_session_)\w+_(history|delete)$")


def routes(patterns: Any, before: str = "/", name: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of every view, the address with its parameters in angle brackets."""
    for one in patterns:
        part = GROUP.sub(r"<\1>", str(one.pattern)).lstrip("^").removesuffix(r"\Z").rstrip("$").replace("\\", "")
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, before + part, f"{name}{one.namespace or ''}:")
        elif not ALIKE.match(f"{name}{one.name}"):
            yield f"{name}{one.name}", before + part


def read_by_a_list(name: str) -> list[str]:
    """What an administration's list of rows reads of its address; nothing for any other page."""
    lists = {
        f"admin::{model._meta.label_lower.replace('.', '_')}_changelist": one for model, one in site._registry.items()
    }
    if not name.endswith("_changelist"):
        return []
    filters = [str(one) for one in lists[name].list_filter]
    return ["q", "p", "o", "all", "e", "_popup", "_to_field", "_facets", "pk", "id__in", "id__gte", *filters]


ROUTES = list(dict.fromkeys(routes(get_resolver().url_patterns)))


class World:
    """The forum with a row of each kind, and a browser in which an administrator and a participant are signed in."""

    def __init__(self) -> None:
        desk = Desk()
        Conference.objects.filter(pk=desk.conference.pk).update(is_public=True)
        person = make_registration(desk.conference)
        signup = sign_up(person, desk.talk, actor=SYSTEM)
        about = {"conference": desk.conference, "participant": person.participant, "registration": person}
        message = Message.objects.create(kind="digest", dedup_key="x", **about)
        made = delivery(desk)
        self.uids: list[Any] = [person, signup, message, announcement(desk), announcement(desk, state="sending"), made]
        self.uids.append(made.subscription)
        self.values = {
            "slug": "forum",
            "uid": str(person.uid),
            "draft": str(desk.draft.pk),
            "run": str(search(desk).pk),
            "repair": str(emergency(desk).pk),
            "happened": "room",
            "pk": str(suppression(person.participant.email).pk),
            "number": "1",
            "code": "TALK",
            "session": "TALK",
            "room": "HALL",
            "kind": "place_confirmed",
            "language": "en",
            "step": "needs",
            "extension": "json",
            "file": "site.zip",
            "day": desk.conference.starts_on.isoformat(),
            "speaker": str(signup.uid),
            "object_id": str(desk.talk.pk),
            "app_label": "schedule",
        }
        self.client = signed_in(User.objects.create(email="root@example.org", is_staff=True, is_superuser=True))
        self.client.raise_request_exception = False
        session = self.client.session
        session[SESSION_KEY] = str(person.participant.uid)
        session.save()
        self.cookie = f"sessionid={session.session_key}"

    def address(self, route: str, **instead: str) -> str:
        known = self.values | instead
        return PARAMETER.sub(lambda found: known.get(found[2], "x"), route)

    def ask(self, method: str, path: str, cookie: str = "", body: str = "", kind: str = "text/plain") -> int:
        """The status of an answer. What the request changed is undone."""
        with transaction.atomic():
            headers = {"cookie": cookie or self.cookie}
            response = self.client.generic(method, path, body, kind, headers=headers)
            transaction.set_rollback(True)
        return response.status_code

    def looked(self, method: str, path: str) -> tuple[dict[str, str], list[str]]:
        """Status and headers of an answer, but those made anew for each, and what was written on its way."""
        with transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                response = self.client.generic(method, path, headers={"cookie": self.cookie})
            transaction.set_rollback(True)
        told = {name: value for name, value in response.headers.items() if name not in OF_EACH_ANSWER}
        written = [one["sql"][:200] for one in queries.captured_queries if WRITES.match(one["sql"])]
        return {"status": str(response.status_code)} | told, written


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture(autouse=True)
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What any scanner can cause is no error in the log: those are for what somebody here has to mend."""
    yield
    kept = [record for record in caplog.get_records("call") if ScannersAreNoErrors().filter(record)]
    assert [record.getMessage() for record in kept if record.levelno >= logging.ERROR] == []


def faults(answers: Iterator[tuple[str, int]]) -> list[str]:
    """What was answered with a 5xx; that there were answers at all is asked as well."""
    found = list(answers)
    assert len(found) > 100
    return [what for what, status in found if status >= HTTPStatus.INTERNAL_SERVER_ERROR]


def test_hostile_addresses_find_nothing(world: World) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for name, route in ROUTES:
            for kind, parameter in PARAMETER.findall(route):
                uids = [str(one.uid) for one in world.uids] if parameter == "uid" else []
                for value in [*uids, *HOSTILE.get(kind or "str", [])]:
                    yield f"{name} {value[:20]}", world.ask("GET", world.address(route, **{parameter: value}))

    assert faults(answers()) == []


def test_hostile_queries_are_answered(world: World) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for name, route in ROUTES:
            for query in QUERIES if name.startswith("admin:") else [*QUERIES, MANY]:
                yield f"{name}?{query[:20]}", world.ask("GET", f"{world.address(route)}?{query}")
            # The first that is wrong is all that these tell of: each is asked alone.
            for parameter in READ.split() if name.startswith("api:") else read_by_a_list(name):
                path = f"{world.address(route)}?{parameter}={TOO_MUCH}"
                yield f"{name} {parameter}", world.ask("GET", path)

    assert faults(answers()) == []


def test_hostile_bodies_are_answered(world: World) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for name, route in ROUTES:
            for kind, body in BODIES if not name.startswith("admin:") else BODIES[:2]:
                status = world.ask("POST", world.address(route), body=body, kind=kind)
                yield f"{name} {kind} {body[:20]}", status

    assert faults(answers()) == []


def test_methods_nobody_expects_are_answered(world: World) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for name, route in ROUTES:
            for method in METHODS if not name.startswith("admin:") else METHODS[:1]:
                yield f"{method} {name}", world.ask(method, world.address(route))

    assert faults(answers()) == []


def test_hostile_headers_are_answered_and_not_repeated(world: World) -> None:
    """What stands in a header decides nothing it must not, and comes back in no answer."""

    def answers() -> Iterator[tuple[str, int]]:
        for name, route in ROUTES:
            for headers in HEADERS if not name.startswith("admin:") else HEADERS[:1]:
                with transaction.atomic():
                    response = world.client.get(world.address(route), headers={"cookie": world.cookie, **headers})
                    transaction.set_rollback(True)
                said = response.getvalue()
                repeated = STRANGER.encode() in said or any(STRANGER in value for value in response.headers.values())
                yield f"{name} {sorted(headers)[0]}", 500 if repeated else response.status_code

    assert faults(answers()) == []


def test_hostile_cookies_are_no_cookies(world: World) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for name, route in ROUTES:
            for cookie in COOKIES if not name.startswith("admin:") else COOKIES[:1]:
                yield f"{name} {cookie[:30]}", world.ask("GET", world.address(route), cookie=cookie)

    assert faults(answers()) == []


def test_whatever_is_read_is_read_by_head_too(world: World) -> None:
    """Mail programs and scanners ask so whether a link leads anywhere; it answers as GET does (RFC 9110 9.3.2)."""
    read = {name: world.address(route) for name, route in ROUTES if not name.startswith(("admin:", "mfa_", "account_"))}
    answers = {name: (world.looked("GET", path)[0], *world.looked("HEAD", path)) for name, path in read.items()}
    assert {name: both for name, both in answers.items() if both[0] != both[1]} == {}
    # A release, or a repair, is tried and undone, to say what it would do.
    tried = {
        "organize:rehearsal",
        "organize:publish_samples",
        "organize:emergency_people",
        "organize:emergency_samples",
    }
    assert {name for name, (_, _, written) in answers.items() if written} == tried


def test_lines_that_strangers_cause_are_warnings() -> None:
    kept = []
    for name in ("django.security.TooManyFieldsSent", "django.security.DisallowedHost", "django.request"):
        record = logging.LogRecord(name, logging.ERROR, "", 0, "said", (), None)
        assert ScannersAreNoErrors().filter(record)
        kept.append((record.levelno, record.levelname))
    come_back = logging.makeLogRecord({"name": "django.request", "levelno": logging.ERROR, "status_code": 503})
    assert ScannersAreNoErrors().filter(come_back)
    assert [*kept, come_back.levelno] == [(logging.WARNING, "WARNING")] * 2 + [
        (logging.ERROR, "ERROR"),
        logging.WARNING,
    ]
