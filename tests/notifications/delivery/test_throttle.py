"""How many mails a provider gets: shared through Redis, and with care while Redis is away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from django.utils import timezone
from pytest_django import Settings

from notifications.delivery import throttle
from notifications.delivery.delivering import deliver
from notifications.delivery.throttle import Admission, admit, provider_of
from notifications.models import Message
from notifications.rules.intake import take_in
from tests.factories import make_participant
from tests.notifications.places import Stage, make_link
from tests.notifications.sending import send
from tests.smtp_sink import SmtpSink


@pytest.fixture(autouse=True)
def rates(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rates, and buckets that are full and that no other worker of the suite takes from."""
    settings.MAIL_RATES = {"google": 5.0, "slow.example.org": 0.5}
    settings.REDIS_URL = settings.CACHES["default"]["LOCATION"]
    monkeypatch.setattr(throttle, "_alone", {})
    throttle._script.cache_clear()
    _, client = throttle._script()
    client.delete("plenary:mails-to:google", "plenary:mails-to:slow.example.org")
    yield
    throttle._script.cache_clear()
    client.close()


@pytest.fixture
def redis_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise redis.ConnectionError("away")

    monkeypatch.setattr(redis.client.Pipeline, "execute", away)


@pytest.mark.parametrize(
    ("address", "provider"),
    [("a@gmail.com", "google"), ("a@GoogleMail.com", "google"), ("a@gmail.com.example.org", "gmail.com.example.org"),
     ("a@한국.example", "한국.example"), ("", "")],
)  # fmt: skip
def test_provider_is_whose_servers_take_the_mail(address: str, provider: str) -> None:
    assert provider_of(address) == provider


def test_a_second_of_mails_goes_and_the_others_each_get_a_turn() -> None:
    first = admit({"google": 7, "example.org": 400})
    assert first["example.org"] == Admission(400)
    assert first["google"].granted == 5
    assert first["google"].step == 0.2
    assert first["google"].wait == pytest.approx(0.2, abs=0.1)
    second = admit({"google": 4})["google"]
    # Two stand in line already; whoever comes now comes after them.
    assert second.granted == 0
    assert second.wait == pytest.approx(0.6, abs=0.2)


def test_slow_rate_lets_one_go_at_a_time() -> None:
    assert [admit({"slow.example.org": 1})["slow.example.org"].granted for _ in range(2)] == [1, 0]


def test_somebody_who_waits_for_a_mail_does_not_stand_in_line() -> None:
    admit({"google": 100})
    assert admit({"google": 1})["google"].granted == 0
    urgent = admit({"google": 7}, urgent=True)["google"]
    assert (urgent.granted, urgent.wait) == (5, 0.2)
    assert admit({"google": 1})["google"].granted == 0


def test_star_is_every_other_domain(settings: Settings) -> None:
    settings.MAIL_RATES = {"*": 3.0}
    names = {"one.example.org": 9, "two.example.org": 9}
    _, client = throttle._script()
    client.delete(*(f"plenary:mails-to:{name}" for name in names))
    assert {name: found.granted for name, found in admit(names).items()} == dict.fromkeys(names, 3)


@pytest.mark.usefixtures("redis_away")
def test_without_redis_a_process_sends_on_at_a_quarter(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING")
    first = admit({"google": 7, "example.org": 7})
    assert first["example.org"].granted == 7
    assert (first["google"].granted, first["google"].step) == (1, 0.8)
    assert admit({"google": 7})["google"].granted == 0
    assert admit({"google": 7}, urgent=True)["google"].granted == 1
    assert caplog.messages[0].startswith("Redis is away (away)")


def test_bucket_outlives_a_clock_that_is_set_back() -> None:
    admit({"google": 7})
    _, client = throttle._script()
    client.hset("plenary:mails-to:google", mapping={"at": "99999999999.0", "line": "99999999999.0"})
    assert admit({"google": 1})["google"].wait <= throttle.LONGEST_LINE + 1


@pytest.mark.django_db
def test_mails_over_the_rate_wait_their_turn_without_a_try(
    sink: SmtpSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_RATES = {"google": 0.01}
    monkeypatch.setattr(throttle, "BURST_SECONDS", 500)
    stage = Stage()
    stage.move("10:00", stage.other_room)
    for number in range(7):
        stage.place(participant=make_participant(email=f"person-{number}@gmail.com"))
    stage.place(participant=make_participant(email="person@example.org"))
    before = timezone.now()
    done = send()
    assert (done.sent, done.postponed, done.deferred, done.more) == (6, 2, 0, False)
    assert done.wait == pytest.approx(100, abs=1)
    waits = [(row.due_at - before).total_seconds() for row in Message.objects.filter(state="queued").order_by("due_at")]
    assert waits[1] - waits[0] == pytest.approx(100, abs=0.001)
    assert set(Message.objects.filter(state="queued").values_list("attempts", "claimed_until")) == {(0, None)}


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_away")
def test_sending_goes_on_while_redis_is_away(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place(participant=make_participant(email="ana@gmail.com"))
    stage.place(participant=make_participant(email="ana@example.org"))
    take_in()
    assert deliver("bulk").sent == 2


@pytest.mark.django_db
def test_link_to_sign_in_does_not_stand_in_line_behind_what_was_sent_to_its_provider(sink: SmtpSink) -> None:
    admit({"google": 100})
    person = make_participant(email="ana@gmail.com")
    for queue, kind in (("bulk", "registration_confirmed"), ("urgent", "sign_in")):
        link = make_link(person) if queue == "urgent" else None
        Message.objects.create(participant=person, magic_link=link, kind=kind, queue=queue, dedup_key=kind)
    assert [(done.sent, done.postponed) for done in map(deliver, ("bulk", "urgent"))] == [(0, 1), (1, 0)]
