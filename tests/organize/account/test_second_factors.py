"""Second factors: proved before they change, told when they do, sealed where they are kept, free of the cache."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.domain.sealing import SealBroken, seal, unseal
from accounts.models import User
from journal.models import Entry
from tests.organize.account.people import attempt, code_for, make_alice, prove, told
from tests.organize.conftest import signed_in

pytestmark = pytest.mark.django_db
CODE = "/accounts/2fa/authenticate/"
LIST = "/accounts/2fa/recovery-codes/"


@pytest.fixture
def alice() -> User:
    return make_alice()


def enrol(client: Client) -> str:
    """Set up an authenticator app; returns its secret."""
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    return secret


def in_with(code: str, *, ip: str = "192.0.2.1") -> tuple[Client, int]:
    client = Client()
    assert attempt(client, ip=ip) == 302
    assert client.get("/organize/").status_code == 302
    return client, client.post(CODE, {"code": code}, REMOTE_ADDR=ip).status_code


def events() -> list[str]:
    return list(Entry.objects.exclude(verb="account.signed_in").order_by("pk").values_list("verb", flat=True))


CHANGING = (
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/generate/",
    "2fa/recovery-codes/download/",
    "2fa/webauthn/add/",
    "sessions/",
    "email/",
)


def test_borrowed_session_changes_and_sees_nothing(alice: User) -> None:
    owner = Client()
    attempt(owner)
    enrol(owner)
    borrowed = Client()
    borrowed.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    asked = {
        (path, method): getattr(borrowed, method)(f"/accounts/{path}")
        for path in CHANGING
        for method in ("get", "post")
    }
    asked["2fa/recovery-codes/", "get"] = borrowed.get(LIST)
    Authenticator.objects.all().delete()
    for method in ("get", "post"):
        asked["2fa/totp/activate/", method] = getattr(borrowed, method)("/accounts/2fa/totp/activate/")
    answers = {key: (one.status_code, one.headers.get("Location", "").partition("?")[0]) for key, one in asked.items()}
    assert answers == dict.fromkeys(asked, (302, "/accounts/reauthenticate/"))


def test_secrets_are_sealed_wherever_the_database_keeps_them(alice: User) -> None:
    client = Client()
    attempt(client)
    prove(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    waiting = client.session["mfa.totp.secret"]
    assert (secret in waiting, unseal(waiting)) == (False, secret)
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert "mfa.totp.secret" not in client.session
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in json.dumps(kept)
    assert unseal(kept["totp"]["secret"]) == secret
    assert len(unseal(kept["recovery_codes"]["seed"])) == 80


def test_code_is_accepted_once_and_needs_no_cache(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    attempt(client)
    secret = enrol(client)

    def away(*_args: object, **_options: object) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr("redis.connection.ConnectionPool.get_connection", away)
    code = code_for(secret)
    owner, status = in_with(code)
    assert (status, owner.get("/organize/").status_code) == (302, 200)
    assert in_with(code)[1] == 200
    assert in_with(code_for(secret, 1))[1] == 302
    assert in_with(code)[1] == 200, "an older step than the last one used"
    [recovery, *_] = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert [in_with(recovery)[1] for _ in range(2)] == [302, 200]
    assert events() == ["second_factor.added", "second_factor.code_used"]
    assert "One of your recovery codes was used" in told()[-2][2]


def test_wrong_codes_wait_and_the_owner_elsewhere_does_not(alice: User) -> None:
    client = Client()
    attempt(client)
    secret = enrol(client)
    thief = Client()
    attempt(thief, ip="203.0.113.5")
    answers = [thief.post(CODE, {"code": "000000"}, REMOTE_ADDR="203.0.113.5").status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert in_with(code_for(secret))[1] == 302


def test_every_change_is_a_fact_and_a_mail(alice: User) -> None:
    client = Client()
    attempt(client)
    enrol(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    facts = [(entry.verb, entry.actor, entry.subject_id, entry.data) for entry in Entry.objects.order_by("pk")]
    me: Any = (f"organizer:{alice.pk}", alice.pk)
    assert facts == [
        ("second_factor.added", *me, {"factor": "totp"}),
        ("second_factor.codes", *me, {}),
        ("second_factor.removed", *me, {"factor": "totp"}),
    ]
    assert [text.splitlines()[2] for _, _, text in told()] == [
        "A second factor was set up.",
        "Your recovery codes were replaced by new ones.",
        "A second factor was removed.",
    ]
    assert Authenticator.objects.count() == 0


def test_owner_is_told_when_somebody_signs_in_with_another_browser(alice: User) -> None:
    mine = Client()
    attempt(mine)
    mine.post("/accounts/logout/")
    attempt(mine)
    assert told() == []
    attempt(Client())
    [(to, _, text)] = told()
    assert (to, "Somebody signed in with a browser that had not been used before." in text) == (
        "alice@example.org",
        True,
    )


def test_old_keys_are_read_until_everything_is_sealed_anew(alice: User, settings: Settings) -> None:
    settings.SECRET_KEY = "the first key " * 5
    sealed = seal("seed")
    row = Authenticator.objects.create(user=alice, type="totp", data={"secret": sealed, "last_step": 7})
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second key " * 5, [settings.SECRET_KEY]
    assert unseal(sealed) == "seed"
    call_command("reseal_secrets")
    row.refresh_from_db()
    settings.SECRET_KEY_FALLBACKS = []
    assert (unseal(row.data["secret"]), row.data["last_step"]) == ("seed", 7)
    with pytest.raises(SealBroken):
        unseal(sealed)
    row.data["secret"] = sealed
    row.save()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reseal_secrets")


def test_a_factor_that_cannot_be_read_lets_nobody_in(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "not sealed at all"})
    assert in_with("123456")[1] == 200
    assert [record.message for record in caplog.records if "sealed" in record.message] == [
        f"A second factor of account {alice.pk} cannot be read: it was sealed with another key."
    ]


def test_pressed_twice_it_is_one_change_and_one_mail(alice: User) -> None:
    browser = signed_in(alice)
    enrol(browser)
    for path in ("2fa/recovery-codes/generate/", "2fa/totp/deactivate/"):
        before = len(events())
        pressed = [browser.post(f"/accounts/{path}", {"csrfmiddlewaretoken": "of one page"}) for _number in range(2)]
        assert ({one["Location"] for one in pressed}, len(events())) == ({pressed[0]["Location"]}, before + 1)
