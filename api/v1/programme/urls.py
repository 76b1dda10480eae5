"""Addresses of the programme in the API; included under /api/v1/ by `api.v1.urls`."""

from __future__ import annotations

from django.urls import path

from api.v1.programme.views import Conferences, OneConference, Sessions

urlpatterns = [
    path("conferences/", Conferences.as_view(), name="conferences"),
    path("conferences/<slug:slug>/", OneConference.as_view(), name="conference"),
    path("conferences/<slug:slug>/sessions/", Sessions.as_view(), name="sessions"),
]
