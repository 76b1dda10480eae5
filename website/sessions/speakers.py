"""Who appears in the programme, and in which sessions. Nobody is on these pages whom no session's page names."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from schedule.domain.access import conference_for
from schedule.domain.programme.texts import text_of
from schedule.domain.published.speakers_and_themes import sessions_of_speaker, speaker_of, speakers_of
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.revision import revision_of
from schedule.vocabulary.languages import sort_key
from website.cached_pages import answer, begun_minute
from website.pages import page
from website.sharing import share


@require_safe
def speakers(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody whom the newest release names, in the order of their names."""
    conference = conference_for(request, slug)
    now, revision = begun_minute(), revision_of(conference)

    def write() -> HttpResponse:
        named = [
            {"guid": one.person.guid, "name": text_of(one.name.source), "affiliation": one.person.affiliation}
            for one in speakers_of(conference)
            if one.is_named
        ]
        named.sort(key=lambda one: (sort_key(str(one["name"])), str(one["guid"])))
        path = reverse("website:speakers", args=[conference.slug])
        title = gettext("Speakers")
        told = share(conference, path, title, f"{conference.name}: {title}")
        context = {"section": "programme", "speakers": named, "share": told}
        return page(request, "website/sessions/speakers.html", context, conference=conference)

    return answer(request, conference, revision, write, now=now)


@require_safe
def speaker(request: HttpRequest, slug: str, speaker: UUID) -> HttpResponse:
    """Somebody whom the newest release names, with their sessions; everybody else answers 404."""
    conference = conference_for(request, slug)
    now, revision = begun_minute(), revision_of(conference)
    found, release = speaker_of(conference, speaker), newest_release(conference)
    if found is None or not found.is_named or release is None:
        raise Http404

    def write() -> HttpResponse:
        name = text_of(found.name.source)
        found_in = sessions_of_speaker(conference, release, speaker)
        sessions = [
            {
                "code": one.code,
                "title": text_of(one.title.source),
                "kind": text_of(one.kind.name.source),
                "room": text_of(one.room.name.source),
                "start": one.start,
                "end": one.end,
            }
            for one in found_in
        ]
        path = reverse("website:speaker", args=[conference.slug, speaker])
        picture = reverse("website:speaker_picture", args=[conference.slug, speaker])
        titles = " · ".join(str(one["title"]) for one in sessions)
        context = {
            "section": "programme",
            "speaker": {"guid": speaker, "name": name, "affiliation": found.person.affiliation},
            "sessions": sessions,
            "is_over": all(one.end <= now for one in found_in),
            "share": share(conference, path, str(name), titles, "profile", picture=picture),
            "crumbs": [
                {"label": conference.name, "url": reverse("website:programme", args=[conference.slug])},
                {"label": gettext("Speakers"), "url": reverse("website:speakers", args=[conference.slug])},
                {"label": name},
            ],
        }
        return page(request, "website/sessions/speaker.html", context, conference=conference)

    return answer(request, conference, revision, write, now=now)
