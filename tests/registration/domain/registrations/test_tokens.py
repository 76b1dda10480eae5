from __future__ import annotations

import re
import uuid

from django.test import override_settings

from registration.domain.registrations.tokens import TokenPurpose, hash_of, token_for

UID = uuid.UUID("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")


def test_a_token_is_the_same_each_time_it_is_made() -> None:
    assert token_for(TokenPurpose.FEED, UID) == token_for(TokenPurpose.FEED, uuid.UUID(str(UID)))


def test_a_token_is_43_characters_that_are_safe_in_an_address() -> None:
    tokens = {token_for(purpose, uuid.uuid4()) for purpose in TokenPurpose for _ in range(50)}
    assert len(tokens) == 50 * len(TokenPurpose)
    assert [token for token in tokens if not re.fullmatch(r"[A-Za-z0-9_-]{43}", token)] == []


def test_each_purpose_and_each_row_has_its_own_token() -> None:
    others = {
        token_for(TokenPurpose.FEED, UID),
        token_for(TokenPurpose.MAGIC_LINK, UID),
        token_for(TokenPurpose.FEED, uuid.uuid4()),
    }
    assert len(others) == 3


def test_without_the_secret_key_a_token_cannot_be_made() -> None:
    before = token_for(TokenPurpose.FEED, UID)
    with override_settings(SECRET_KEY="another secret key, as long as one should be, of somebody else"):
        assert token_for(TokenPurpose.FEED, UID) != before
    assert token_for(TokenPurpose.FEED, UID) == before


def test_the_database_keeps_a_hash_from_which_no_token_is_read() -> None:
    token = token_for(TokenPurpose.FEED, UID)
    assert re.fullmatch(r"[0-9a-f]{64}", hash_of(token))
    assert hash_of("token") == "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"
    assert token not in hash_of(token)
    assert hash_of(token) != hash_of(token[:-1])
