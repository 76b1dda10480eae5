"""`manage.py createsuperuser`, as whoever runs the server types addresses."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def made(address: str) -> str:
    call_command("createsuperuser", interactive=False, email=address, stdout=StringIO())
    return User.objects.get(is_superuser=True).email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Root@Example.ORG", "root@example.org"), ("root@XN--BCHER-KVA.example", "root@bücher.example")],
)
def test_an_address_is_kept_as_everywhere(typed: str, kept: str) -> None:
    assert made(typed) == kept


@pytest.mark.parametrize("typed", ["ANNA@example.org", "anna@EXAMPLE.org", "nobody", "", "a\u200bb@example.org\n"])
def test_what_is_taken_or_no_address_is_refused_in_words(typed: str) -> None:
    make_user(email="anna@example.org", password=None)
    with pytest.raises(CommandError):
        made(typed)
    assert User.objects.count() == 1
