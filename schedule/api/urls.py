"""Addresses of the programme in the API; included under /api/v1/ by `registration.api.urls`."""

from __future__ import annotations

from django.urls import path

from schedule.api.views import Conferences, OneConference, Sessions

urlpatterns = [
    path("conferences/", Conferences.as_view(), name="conferences"),
    path("conferences/<slug:slug>/", OneConference.as_view(), name="conference"),
    path("conferences/<slug:slug>/sessions/", Sessions.as_view(), name="sessions"),
]
