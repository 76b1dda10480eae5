"""What the page of one session shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from schedule.domain.programme.names import (
    captions_name,
    feature_name,
    interpretation_name,
    role_name,
    sign_language_name,
)
from schedule.domain.programme.rich_text import as_text, on_page
from schedule.domain.programme.texts import Text, text_of
from schedule.domain.published.entries import session_state
from schedule.domain.published.one_session import Neighbour, neighbours_of, view_of_session
from schedule.domain.published.values import PublishedRole, PublishedRoom, PublishedSession
from schedule.models import Conference
from schedule.vocabulary.features import ACCESS_FEATURES
from schedule.vocabulary.languages import language_name
from website.sharing import Share, has_picture, share


@dataclass(frozen=True, slots=True)
class When:
    """A time and a room, now or in an earlier release."""

    start: datetime
    end: datetime
    room: Text
    room_access: tuple[str, ...]
    is_now: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    guid: UUID
    name: Text
    role: str
    affiliation: str
    # "recorded" or "remote" where they are not in the room.
    mode: str


def session_context(
    conference: Conference, code: str, *, release_id: int | None, now: datetime, is_insider: Callable[[int], bool]
) -> dict[str, Any]:
    """The context of templates/website/sessions/session.html. Four queries; `around` has the rest.

    Raises Http404 for a session no release has ever had, so drafts stay unknown. `is_insider` as `view_of_session` has
    it.
    """
    view = view_of_session(conference, code, release_id=release_id, is_insider=is_insider)
    if view is None:
        raise Http404
    session, former = view.session, view.moved_from
    title = text_of(session.title.source)
    entry = _when(session.start, session.end, session.room, now) if view.is_placed else None
    return {
        "session": session,
        "share": _share(conference, session, title, is_placed=view.is_placed),
        "title": title,
        "abstract": _abstract(session),
        "kind": text_of(session.kind.name.source),
        "theme": text_of(session.theme.name.source) if session.theme else None,
        "entry": entry,
        "earlier": _when(former.start, former.end, former.room, now) if former else None,
        "state": session_state(session),
        "signup_rule": "none" if session.kind.is_break else session.signup,
        "hosts": [text_of(host.source) for host in session.hosts],
        # Of others there is no page.
        "named": session.shows_details,
        "people": [_speaker(role) for role in session.roles],
        "languages": [language_name(one) for one in session.languages],
        "interpretation": [interpretation_name(one) for one in session.interpretation_pairs],
        "accessibility": _accessibility(session, entry),
        "crumbs": [
            {"label": conference.name, "url": reverse("website:programme", args=[conference.slug])},
            {"label": title},
        ],
    }


def _share(conference: Conference, session: PublishedSession, title: Text, *, is_placed: bool) -> Share | None:
    """What it is about, as far as the page says so; else when and where it is."""
    day = date_format(session.start, gettext("j F Y"))
    when = f"{day}, {session.start:%H:%M}–{session.end:%H:%M}"
    place = " · ".join([str(text_of(session.kind.name.source)), when, str(text_of(session.room.name.source))])
    about = as_text(text_of(session.abstract.source).text) if session.abstract else ""
    path = reverse("website:session", args=[conference.slug, session.code])
    drawn = reverse("website:session_picture", args=[conference.slug, session.code])
    picture = drawn if has_picture(session, is_placed=is_placed) else ""
    return share(conference, path, str(title), about or place, "article", picture=picture)


def around(conference: Conference, session: PublishedSession, *, release_id: int | None) -> dict[str, Any]:
    """The rest of the context: the sessions before and after. Two queries, which only a page that is written needs."""
    before, after = neighbours_of(conference, session, release_id=release_id)
    return {"before": _way_to(before), "after": _way_to(after)}


def _way_to(neighbour: Neighbour | None) -> dict[str, Any] | None:
    return {"code": neighbour.code, "title": text_of(neighbour.title.source)} if neighbour else None


def _abstract(session: PublishedSession) -> Text | None:
    """The abstract as safe HTML, with the language it is in."""
    if not session.abstract:
        return None
    written = text_of(session.abstract.source)
    return Text(on_page(written.text), written.lang)


def _when(start: datetime, end: datetime, room: PublishedRoom, now: datetime) -> When:
    features = tuple(feature for feature in room.features if feature in ACCESS_FEATURES)
    return When(start, end, text_of(room.name.source), features, is_now=start <= now < end, is_over=end <= now)


def _speaker(role: PublishedRole) -> Speaker:
    mode = "" if role.is_in_person else role.mode
    person = role.person
    return Speaker(person.guid, text_of(person.name.source), role_name(role.role), person.affiliation, mode)


def _accessibility(session: PublishedSession, entry: When | None) -> list[str]:
    return [
        *(sign_language_name(one) for one in session.sign_languages),
        *(captions_name(one) for one in session.caption_languages),
        *(feature_name(one) for one in (entry.room_access if entry and not session.is_off else ())),
    ]
