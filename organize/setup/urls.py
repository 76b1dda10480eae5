"""Addresses of the pages on which a conference is set up."""

from __future__ import annotations

from django.urls import URLPattern, path

from organize.setup.absences import away_of, end_absence
from organize.setup.cancelling import cancel
from organize.setup.conference import CONFERENCE
from organize.setup.founding import copied_conference, new_conference
from organize.setup.people import BODIES, PEOPLE
from organize.setup.removing import remove_conference
from organize.setup.rooms import ROOMS
from organize.setup.rows.pages import delete_of, edit_of, history_of, list_of, new_of
from organize.setup.rows.section import Section
from organize.setup.sessions import SESSIONS
from organize.setup.words import GROUPS, KINDS, THEMES

START = "organize/<slug:slug>/setup/"
SECTIONS = (ROOMS, KINDS, THEMES, BODIES, PEOPLE, SESSIONS, GROUPS)


def _routes(section: Section) -> list[URLPattern]:
    many = f"{START}{section.many.removeprefix('setup_')}/"
    one = f"{many}<int:pk>/"
    routes = [
        path(many, list_of(section), name=section.many),
        path(f"{many}new/", new_of(section), name=f"{section.one}_new"),
        path(one, edit_of(section), name=f"{section.one}_edit"),
        path(f"{one}delete/", delete_of(section), name=f"{section.one}_delete"),
        path(f"{one}history/", history_of(section), name=f"{section.one}_history"),
    ]
    if section.absences:
        routes.append(path(f"{one}away/", away_of(section), name=f"{section.one}_away"))
    return routes


urlpatterns = [
    path("organize/conferences/new/", new_conference, name="new_conference"),
    path("organize/conferences/copy/", copied_conference, name="copied_conference"),
    path(f"{START}conference/", edit_of(CONFERENCE), name="conference_edit"),
    path(f"{START}conference/delete/", remove_conference, name="conference_delete"),
    path(f"{START}conference/history/", history_of(CONFERENCE), name="conference_history"),
    *(route for section in SECTIONS for route in _routes(section)),
    path(f"{START}sessions/<int:pk>/cancel/", cancel, name="session_cancel"),
    path(f"{START}absences/<int:pk>/end/", end_absence, name="absence_end"),
]
