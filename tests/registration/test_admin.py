from __future__ import annotations

import pytest
from django.test import Client

from journal.actors import SYSTEM
from registration.domain.registrations.links import request_link
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from tests.factories import make_user
from tests.fixtures.conferences import Agenda


@pytest.mark.parametrize("model", ["participant", "registration", "signup", "seats", "magiclink"])
def test_administrators_look_and_change_nothing(
    agenda: Agenda, alice: Registration, client: Client, model: str
) -> None:
    signup = sign_up(alice, agenda.a, actor=SYSTEM)
    link = request_link("alice@example.org", now=alice.created_at)
    assert link is not None
    keys = {
        "participant": alice.participant_id,
        "registration": alice.pk,
        "signup": signup.pk,
        "seats": agenda.a.pk,
        "magiclink": link.pk,
    }
    client.force_login(
        make_user(is_staff=True, is_superuser=True), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    base = f"/admin/registration/{model}/"
    assert client.get(base).status_code == 200
    page = client.get(f"{base}{keys[model]}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert link.token_hash not in page.content.decode()
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{keys[model]}/delete/", {"post": "yes"}).status_code == 403
