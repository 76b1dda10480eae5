"""Addresses of the pages about drafts as a whole."""

from __future__ import annotations

from django.urls import path

from organize.drafts import comparing, undoing, views

_ONE = "organize/<slug:slug>/drafts/<int:draft>/"

urlpatterns = [
    path("organize/<slug:slug>/programme/compare/", comparing.compare, name="compare"),
    path("organize/<slug:slug>/drafts/new/", views.new_draft, name="new_draft"),
    path(f"{_ONE}rename/", views.rename, name="rename_draft"),
    path(f"{_ONE}archive/", views.archive, name="archive_draft"),
    path(f"{_ONE}take-up/", views.take_up, name="take_up_draft"),
    path(f"{_ONE}delete/", views.delete, name="delete_draft"),
    path(f"{_ONE}history/", undoing.draft_history, name="draft_history"),
]
