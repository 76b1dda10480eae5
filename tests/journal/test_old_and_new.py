"""Every fact about a change of something says what it was and what it is; or here is why it does not."""

from __future__ import annotations

import re

import pytest

from journal.encoding import hints_of
from journal.facts import Fact, facts
from schedule.facts.edits import Edited

# What a verb ends with that says of a row that something about it is otherwise than before.
_CHANGES = re.compile(r"[._](changed|edited|renamed|resized|weighed|held|placed|moved|answered|chosen|factor|decided)$")
# Names of the fields for what was, and of those for what is.
_OLD = {"old", "were", "was", "old_start"}
_NEW = {"new", "capacity", "weights", "start"}
# One field of two values: the one that it was not is the one that it was.
_TURNED = {"wanted"}
# The verb says what it is now, the data what it was.
_STATES = {"registration.approved", "registration.waitlisted", "registration.declined", "registration.cancelled"}
UNTOLD = {
    "session.online_changed": "the address lets whoever has it in",
    "registration.answered": "what people answer is theirs",
    "registration.consents_changed": "it tells what was given and what was withdrawn, with the versions",
    "interests.changed": "what people wish for is theirs, and the wishes before have an entry of their own",
    "signup.exchange_chosen": "one of two",
    "signup.changed": "`old` tells what it was; what it is the place tells",
    "participant.address_changed": "addresses are people's",
    "address.changed": "addresses are people's",
    "password.changed": "a secret",
    "feed.changed": "what somebody's own calendar has is theirs",
}


def _told(kind: type[Fact]) -> bool:
    names = hints_of(kind).keys()
    if issubclass(kind, Edited) or names & _TURNED:
        return True
    return bool(names & _OLD and (names & _NEW or kind.verb in _STATES))


def test_every_change_tells_what_was_and_what_is() -> None:
    changing = [kind for kind in facts() if _CHANGES.search(kind.verb) or kind.verb in _STATES]
    assert {kind.verb for kind in changing if not _told(kind)} == UNTOLD.keys()


@pytest.mark.parametrize("kind", [kind for kind in facts() if issubclass(kind, Edited)], ids=lambda kind: kind.verb)
def test_what_is_edited_names_its_fields(kind: type[Fact]) -> None:
    """A field that the journal does not quote is named all the same."""
    assert "changes" in hints_of(kind)
