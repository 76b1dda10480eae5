"""Several registrations of one mailbox: who is found, and that one is kept while what the others hold goes on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.actors import Actor
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.mailboxes import (
    KeepingRefused,
    keep_one,
    key_of,
    numbers_sharing,
    of_the_mailbox,
    share_a_mailbox,
)
from registration.domain.registrations.registering import cancel
from registration.domain.signups.signing_up import sign_up
from registration.models import Participant, Registration, SignUp
from schedule.models import Conference
from tests.factories import at, make_conference, make_participant, make_registration, make_room, make_session, publish
from values.hosts import mailbox_key

pytestmark = pytest.mark.django_db
ACTOR = Actor.organizer(1)
ADDRESSES = [
    "ann@example.org", "Ann+1@Example.ORG", "ann+a+b@example.org", "+ann@example.org", "a.n.n@example.org",
    "a.n.n@gmail.com", "Ann+x.y@GoogleMail.com", "ann@notgmail.com", "a.n.n@mail.gmail.com", "a.n-n_@pm.me",
    "ann@proton.me", "a.nn@me.com", "a.nn+1@icloud.com", "ann-1@naver.com", "ann+1@straße.example",
    "ANN@STRASSE.example", "Änne+1@example.org", "Анна+1@example.org", "ann@.gmail.com+x@example.org",
    "ann+2@ya.ru", "Ann@Yandex.com",
]  # fmt: skip


def person(conference: Conference, email: str, **fields: str) -> Registration:
    name = email.partition("@")[0]
    return make_registration(conference, participant=make_participant(email=email), **({"display_name": name} | fields))


def test_the_key_in_sql_is_the_key_in_python() -> None:
    for email in ADDRESSES:
        make_participant(email=email)
    rows = Participant.objects.annotate(key=key_of("email")).values_list("email", "key")
    assert dict(rows) == {email: mailbox_key(email) for email in Participant.objects.values_list("email", flat=True)}


class Shared:
    """Ann has four live registrations of one mailbox and a cancelled one; she is also registered elsewhere."""

    def __init__(self) -> None:
        self.conference, elsewhere = make_conference(), make_conference()
        self.ann = person(self.conference, "a.n.n@gmail.com")
        self.tagged = person(self.conference, "ann+1@gmail.com")
        self.other_host = person(self.conference, "Ann@googlemail.com")
        self.asked = person(self.conference, "an.n@gmail.com", state="submitted")
        self.over = person(self.conference, "ann+over@gmail.com", state="cancelled")
        self.ben = person(self.conference, "ben@gmail.com")
        self.elsewhere = person(elsewhere, "ben+1@gmail.com")
        self.together = [self.ann, self.tagged, self.other_host, self.asked]


@pytest.fixture
def shared() -> Shared:
    return Shared()


def states() -> dict[str, str]:
    return dict(Registration.objects.values_list("participant__email", "state"))


def test_those_of_one_mailbox_are_found_in_their_conference_alone(shared: Shared) -> None:
    assert set(share_a_mailbox(shared.conference)) == set(shared.together)
    assert list(of_the_mailbox(shared.tagged)) == shared.together
    everybody = list(Registration.objects.select_related("participant"))
    with CaptureQueriesContext(connection) as queries:
        assert numbers_sharing(shared.conference, everybody) == {one.pk: 4 for one in shared.together}
    assert len(queries) == 1


def test_one_is_kept_and_what_the_others_hold_goes_on_to_none_of_them(shared: Shared) -> None:
    session = make_session(shared.conference)
    publish(shared.conference, [(session, make_room(shared.conference, capacity=1), at(shared.conference, "09:00"))])
    for one in (shared.tagged, shared.other_host, shared.ben):
        sign_up(one, session, actor=one.actor)
    Entry.objects.update(handled_at="2026-01-01T00:00Z")
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    gone = [shared.tagged, shared.other_host, shared.asked]
    assert keep_one(shared.ann, [*shared.together, shared.over, shared.ben, shared.elsewhere], actor=ACTOR) == gone
    assert states() == {
        "a.n.n@gmail.com": "accepted", "ann+1@gmail.com": "cancelled", "Ann@googlemail.com": "cancelled",
        "an.n@gmail.com": "cancelled", "ann+over@gmail.com": "cancelled", "ben@gmail.com": "accepted",
        "ben+1@gmail.com": "accepted",
    }  # fmt: skip
    assert list(SignUp.objects.order_by("pk").values_list("state", flat=True)) == ["left", "left", "confirmed"]
    new = Entry.objects.filter(pk__gt=before).order_by("pk").values_list("verb", "actor")
    assert sorted(new) == [
        *[("registration.cancelled", str(ACTOR))] * 3,
        ("signup.confirmed", str(ACTOR)),
        *[("signup.left", str(ACTOR))] * 2,
    ]
    take_in()
    told = Message.objects.filter(kind="registration_cancelled").values_list("registration_id", flat=True)
    assert sorted(told) == sorted(one.pk for one in gone)
    assert keep_one(shared.ann, shared.together, actor=ACTOR) == []


def test_where_the_kept_one_is_over_nothing_is_cancelled(shared: Shared) -> None:
    cancel(shared.ann, actor=ACTOR)
    before = states()
    with pytest.raises(KeepingRefused, match="Nothing was cancelled"):
        keep_one(shared.ann, shared.together, actor=ACTOR)
    assert states() == before
