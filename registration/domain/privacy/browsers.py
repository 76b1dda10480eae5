"""Browsers in which somebody is signed in: noted when they sign in, shown to them, ended by them.

Ending one deletes its session; nothing else lets anybody in. The row goes with the session (`forget_browsers`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from registration.models import Participant, SignedInBrowser
from registration.privacy_facts import BrowserSignedOut

# The first that is named wins: each of them also names those below it.
_BROWSERS = (
    ("Edge", r"Edgi?A?/"), ("Opera", r"OPR/"), ("Samsung Internet", r"SamsungBrowser/"), ("Whale", r"Whale/"),
    ("Firefox", r"Firefox/|FxiOS/"), ("Chrome", r"Chrome/|CriOS/"), ("Safari", r"Safari/"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", r"Android"), ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"), ("Linux", r"Linux|X11"),
)  # fmt: skip


def name_of(user_agent: str) -> str:
    """A browser in a few words, such as "Firefox, Windows"; empty for one that nobody knows."""
    named = (next((name for name, mark in kinds if re.search(mark, user_agent)), "") for kinds in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, named))


def note_browser(participant: Participant, session_key: str, user_agent: str, *, now: datetime) -> None:
    """Remember that somebody has signed in with this session. One query."""
    SignedInBrowser.objects.update_or_create(
        session_key=session_key,
        defaults={"participant": participant, "name": name_of(user_agent), "signed_in_at": now},
    )


def browsers_of(participant: Participant, *, now: datetime) -> list[SignedInBrowser]:
    """Where somebody is signed in now, the newest first. One query."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return list(SignedInBrowser.objects.filter(Exists(alive), participant=participant))


@retried
@transaction.atomic
def end_browsers(participant: Participant, uids: Collection[UUID], *, actor: Actor) -> int:
    """Sign these browsers of somebody out. Returns how many there were; those of others are not among them."""
    rows = SignedInBrowser.objects.filter(participant=participant, uid__in=uids)
    ended = sign_out_everywhere(participant, keys=rows.values_list("session_key", flat=True))
    if ended:
        record(BrowserSignedOut(conference_id=None, subject_id=participant.pk, browsers=ended), actor=actor)
    return ended


def sign_out_everywhere(*participants: Participant, keys: Collection[str] | None = None) -> int:
    """End the sessions of these people: those named, or all of them. Returns how many. Three queries, within the
    caller's transaction.
    """
    rows = SignedInBrowser.objects.filter(participant__in=participants)
    ending = list(keys if keys is not None else rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=ending).delete()
    rows.filter(session_key__in=ending).delete()
    return len(ending)


def forget_browsers() -> int:
    """Delete the rows whose session is over. Returns how many."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    deleted, _ = SignedInBrowser.objects.filter(~Exists(alive)).delete()
    return deleted
