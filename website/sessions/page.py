"""What the page of one session shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import Http404
from django.urls import reverse

from schedule.domain.programme.names import (
    captions_name,
    feature_name,
    interpretation_name,
    role_name,
    sign_language_name,
)
from schedule.domain.programme.published_sessions import session_state
from schedule.domain.programme.rich_text import on_page
from schedule.domain.programme.texts import Text, text_of
from schedule.models import Conference, Person, ReleasedPlacement, Role, Session
from schedule.vocabulary.features import ACCESS_FEATURES
from schedule.vocabulary.languages import language_name


@dataclass(frozen=True, slots=True)
class When:
    """A time and a room, now or in an earlier release."""

    start: datetime
    end: datetime
    room: Text
    room_access: tuple[str, ...]
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    name: Text
    role: str
    affiliation: str
    # "recorded" or "remote" where they are not in the room.
    mode: str


def session_context(conference: Conference, code: str, *, release_id: int | None, now: datetime) -> dict[str, Any]:
    """The context of templates/website/sessions/session.html. Four queries.

    Raises Http404 for a session no release has ever had, so drafts stay unknown.
    """
    session = _released_session(conference, code)
    placed = list(_placements(conference, session))
    current = placed[0] if placed[0].release_id == release_id else None
    entry = _when(conference, current, now) if current else None
    policy = "none" if session.kind.is_break else session.signup
    return {
        "session": session,
        "title": text_of(session.title),
        "abstract": _abstract(session),
        "kind": text_of(session.kind.name),
        "entry": entry,
        "earlier": _earlier(conference, placed, now),
        "state": session_state(session),
        "signup_rule": policy,
        "hosts": [text_of(link.body.name) for link in session.host_links.filter(is_shown=True).select_related("body")],
        "people": [_speaker(role) for role in session.roles.filter(person__isnull=False).select_related("person")],
        "languages": [language_name(one) for one in session.languages],
        "interpretation": [interpretation_name(one) for one in session.interpretation_pairs],
        "accessibility": _accessibility(session, entry),
        "crumbs": [
            {"label": conference.name, "url": reverse("website:programme", args=[conference.slug])},
            {"label": text_of(session.title)},
        ],
    }


def _abstract(session: Session) -> Text | None:
    """The abstract as safe HTML, with the language it is in."""
    if not session.abstract:
        return None
    written = text_of(session.abstract)
    return Text(on_page(written.text), written.lang)


def _released_session(conference: Conference, code: str) -> Session:
    released = ReleasedPlacement.objects.filter(release__conference=conference).values("session_id")
    found = Session.objects.for_conference(conference).filter(code=code, pk__in=released).select_related("kind").first()
    if found is None:
        raise Http404
    return found


def _placements(conference: Conference, session: Session) -> list[ReleasedPlacement]:
    """Where every release had it, the newest first; never empty for a released session."""
    rows = ReleasedPlacement.objects.filter(release__conference=conference, session=session)
    return list(rows.select_related("room").order_by("-release__number"))


def _when(conference: Conference, row: ReleasedPlacement, now: datetime) -> When:
    return When(
        conference.local(row.start),
        conference.local(row.end),
        text_of(row.room.name),
        tuple(feature for feature in row.room.features if feature in ACCESS_FEATURES),
        is_now=row.start <= now < row.end,
    )


def _earlier(conference: Conference, placed: list[ReleasedPlacement], now: datetime) -> When | None:
    """The last time and room that differed from those it was last published with."""
    newest = placed[0]
    for row in placed[1:]:
        if (row.start, row.end, row.room_id) != (newest.start, newest.end, newest.room_id):
            return _when(conference, row, now)
    return None


def _speaker(role: Role) -> Speaker:
    person = cast("Person", role.person)  # the query leaves roles without a person out
    mode = "" if role.mode == Role.Mode.IN_PERSON else role.mode
    return Speaker(text_of(person.name), role_name(role.role), person.affiliation, mode)


def _accessibility(session: Session, entry: When | None) -> list[str]:
    return [
        *(sign_language_name(one) for one in session.sign_languages),
        *(captions_name(one) for one in session.caption_languages),
        *(feature_name(one) for one in (entry.room_access if entry else ())),
    ]
