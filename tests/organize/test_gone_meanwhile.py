"""What somebody deletes at the very moment when somebody else changes it: told in words, whichever page it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model

from accounts.models import Membership, TeamInvitation
from notifications.models import Announcement, Message, Suppression, WebhookDelivery, WebhookSubscription
from schedule.models import Draft, Person, ProgrammeUpload, SolverRun, Unavailability, WholeArchive
from tests.config.test_refused_values import Forms
from tests.organize.conftest import Desk, signed_in
from tests.organize.test_access import CHANGING, PAGES, message, paths_of

__all__ = ["message"]  # a fixture

# What the part of an address names.
ROWS: dict[str, type[Model]] = {
    "draft": Draft,
    "search": SolverRun,
    "emergency": SolverRun,
    "upload": ProgrammeUpload,
    "importing": ProgrammeUpload,
    "archive": WholeArchive,
    "announcement": Announcement,
    "sent": Announcement,
    "webhook": WebhookSubscription,
    "delivery": WebhookDelivery,
    "suppression": Suppression,
    "invited": TeamInvitation,
    "member": Membership,
    "absence": Unavailability,
    "person": Person,
    "somebody": Person,
}
GONE = "was deleted meanwhile. Nothing was changed."
PART = re.compile(r"{(\w+)}")
LOCKS = re.compile(r"SAVEPOINT|INSERT|UPDATE|DELETE|.* FOR (NO KEY )?UPDATE", re.DOTALL)
# What forms ask for beside what they show.
SAID = {"version": "1", "name": "Work 2", "email": "b@example.org", "role": "editor", "sure": "yes", "which": "all"}


class DeletedMeanwhile:
    """Deletes all rows of a kind once they were looked at and something is about to be locked or written."""

    def __init__(self, model: type[Model]) -> None:
        self.model, self.is_seen, self.is_done = model, False, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.is_done and self.is_seen and LOCKS.match(sql):
            self.is_done = True
            self.model._default_manager.all().delete()
        self.is_seen = self.is_seen or f'FROM "{self.model._meta.db_table}"' in sql
        return execute(sql, params, many, context)


@pytest.mark.usefixtures("asleep")
def test_what_was_deleted_meanwhile_is_told_in_words(desk: Desk, message: Message) -> None:
    alice = signed_in(desk.alice)
    told: dict[str, tuple[int, bool]] = {}
    for name, path in paths_of(desk, message).items():
        rows = [ROWS[part] for part in PART.findall(PAGES[name][0]) if part in ROWS]
        if name not in CHANGING or not rows:
            continue
        opened = alice.get(path)
        forms = Forms(opened.content.decode()).found if opened.status_code == HTTPStatus.OK else []
        values = SAID | next((one.values for one in forms if one.action in ("", path)), {})
        meanwhile = DeletedMeanwhile(rows[0])
        with transaction.atomic(), connection.execute_wrapper(meanwhile):
            answer = alice.post(path, values)
            transaction.set_rollback(True)
        if meanwhile.is_done:
            told[name] = (answer.status_code, GONE in answer.content.decode())
    assert len(told) > 30
    others = {
        one: status for one, (status, _said) in told.items() if status not in (HTTPStatus.FOUND, HTTPStatus.CONFLICT)
    }
    # Whoever belongs to the team no more finds no page of it.
    assert others == {"team_leave": HTTPStatus.NOT_FOUND}
    assert [told[name] for name in ("publish", "move", "team_role")] == [(HTTPStatus.CONFLICT, True)] * 3
