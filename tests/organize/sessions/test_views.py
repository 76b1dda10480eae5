"""Sessions, and inviting their people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actors import Actor
from journal.models import Entry
from schedule.domain.programme.invitations import answer_invitation
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Invitation, Role, SessionHost
from tests.factories import make_body, make_person, make_session
from tests.organize.conftest import Desk
from values.presses import SAME_PRESS

PATH = "/organize/forum/sessions/TALK/"


class Cast:
    """In the Talk: Ann and Ben with addresses, Cleo without one, a chair nobody is named for, and two hosts."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ann, self.ben = (self.role(name, email=f"{name.lower()}@example.org") for name in ("Ann", "Ben"))
        self.cleo = self.role("Cleo")
        self.chair = Role.objects.create(session=desk.talk, role="chair")
        contact = make_person(desk.conference, name="Dora", email="dora@example.org")
        self.hall, self.silent = (
            SessionHost.objects.create(
                session=desk.talk, body=make_body(desk.conference, name=name, contact=who), position=n
            )
            for n, (name, who) in enumerate([("City Hall", contact), ("Silent", None)])
        )
        self.zoe = Role.objects.create(
            session=make_session(desk.elsewhere, code="TALK"),
            role="speaker",
            person=make_person(desk.elsewhere, name="Zoe", email="zoe@example.org"),
        )

    def role(self, name: str, **fields: str) -> Role:
        person = make_person(self.desk.conference, name=name, **fields)
        return Role.objects.create(session=self.desk.talk, person=person, role="speaker", position=person.pk)


@pytest.fixture
def cast(desk: Desk) -> Cast:
    return Cast(desk)


def shown(client: Client) -> list[tuple[str, str]]:
    groups = client.get(PATH).context["groups"]
    return [
        (str(row.person.name) if row.person else "", row.state.value) for _title, rows, _none in groups for row in rows
    ]


def invite(client: Client, whom: str, **data: str) -> list[str]:
    response = client.post(f"{PATH}invite/", {"whom": whom} | data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_the_page_says_how_far_each_has_come(cast: Cast, alice: Client) -> None:
    assert sorted(shown(alice)) == [
        ("", "unnamed"),
        ("", "unnamed"),
        ("Ann", "not-asked"),
        ("Ben", "not-asked"),
        ("Cleo", "unreachable"),
        ("Dora", "not-asked"),
    ]
    invite(alice, f"role-{cast.ann.pk}")
    invite(alice, f"role-{cast.ben.pk}")
    answer_invitation(Invitation.objects.get(role=cast.ben), "no", now=timezone.now())
    assert dict(shown(alice)) == {
        "": "unnamed",
        "Ann": "asked",
        "Ben": "no",
        "Cleo": "unreachable",
        "Dora": "not-asked",
    }


def test_all_who_were_not_invited_are_invited_once(cast: Cast, alice: Client) -> None:
    invite(alice, f"role-{cast.ann.pk}")
    assert invite(alice, "all") == ["2 invitations are on their way."]
    assert invite(alice, "all") == ["Everybody who can be written to was invited already."]
    invited = Entry.objects.filter(verb__endswith=".invited").order_by("pk")
    actor = f"organizer:{cast.desk.alice.pk}"
    assert list(invited.values_list("verb", "subject_id", "actor")) == [
        ("role.invited", cast.ann.pk, actor),
        ("role.invited", cast.ben.pk, actor),
        ("host.invited", cast.hall.pk, actor),
    ]


def test_refusals_are_explained(cast: Cast, alice: Client) -> None:
    ann = f"role-{cast.ann.pk}"
    said = [invite(alice, f"role-{cast.chair.pk}"), invite(alice, f"role-{cast.cleo.pk}")]
    said += [invite(alice, f"host-{cast.silent.pk}"), invite(alice, ann), invite(alice, ann)]
    said += [invite(alice, ann, again="1")]
    Invitation.objects.update(invited_at=timezone.now() - SAME_PRESS)
    said += [invite(alice, ann, again="1")]
    cancel_session(cast.desk.talk, actor=Actor.organizer(1))
    said += [invite(alice, ann, again="1")]
    assert said == [
        ["Nobody is named for this role yet."],
        ["Cleo has no e-mail address yet."],
        ["Silent has no contact with an e-mail address yet."],
        ["1 invitation is on its way."],
        ["Ann was invited already."],
        ["The invitation of Ann is on its way; another can follow in a minute."],
        ["1 invitation is on its way."],
        ["This session is cancelled."],
    ]


def test_whoever_follows_in_a_role_has_not_been_asked(cast: Cast, alice: Client) -> None:
    invite(alice, f"role-{cast.ann.pk}")
    Role.objects.filter(pk=cast.ann.pk).update(
        person=make_person(cast.desk.conference, name="Eve", email="eve@example.org")
    )
    assert dict(shown(alice))["Eve"] == "not-asked"


def test_nobody_of_another_session_is_invited(cast: Cast, alice: Client, charlie: Client, bob: Client) -> None:
    whom = [f"role-{cast.zoe.pk}", "role-0", "host-x", ""]
    assert [alice.post(f"{PATH}invite/", {"whom": one}).status_code for one in whom] == [404] * 4
    assert [one.post(f"{PATH}invite/", {"whom": "all"}).status_code for one in (charlie, bob)] == [404] * 2
    assert charlie.post("/organize/elsewhere/sessions/TALK/invite/", {"whom": f"role-{cast.ann.pk}"}).status_code == 404
    assert not Invitation.objects.exists()
    page = charlie.get("/organize/elsewhere/sessions/TALK/").content.decode()
    assert [name in page for name in ("Zoe", "Ann", "City Hall")] == [True, False, False]


def test_those_who_may_only_look_are_offered_nothing(cast: Cast, alice: Client, bob: Client) -> None:
    assert ["/invite/" in one.get(PATH).content.decode() for one in (alice, bob)] == [True, False]


def test_the_list_counts_the_answers(cast: Cast, alice: Client) -> None:
    invite(alice, "all")
    answer_invitation(Invitation.objects.get(role=cast.ann), "yes", now=timezone.now())
    [row] = alice.get("/organize/forum/sessions/").context["rows"]
    assert row == {
        "session": cast.desk.talk,
        "people": 4,
        "hosts": 2,
        "yes": 1,
        "no": 0,
        "waiting": 2,
        "not_asked": 0,
    }


@pytest.mark.parametrize("path", ["/organize/forum/sessions/", PATH])
@pytest.mark.parametrize("more", [0, 2])
def test_pages_cost_the_same_for_one_and_three_of_everything(cast: Cast, alice: Client, path: str, more: int) -> None:
    invite(alice, "all")
    for n in range(more):
        session = make_session(cast.desk.conference)
        for one in (cast.desk.talk, session):
            person = make_person(cast.desk.conference, email=f"more{n}@example.org")
            Role.objects.create(session=one, person=person, role="speaker")
            SessionHost.objects.create(session=one, body=make_body(cast.desk.conference, contact=person))
    invite(alice, "all")
    with CaptureQueriesContext(connection) as queries:
        assert alice.get(path).status_code == 200
    assert len(queries) == 9
