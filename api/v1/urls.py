"""All addresses of the API, version 1: the programme, and the participant's own sign-ups."""

from __future__ import annotations

from django.urls import path

from api.reference import reference
from api.schema import SchemaView
from api.v1.programme.views import Conferences, OneConference, Sessions
from api.v1.signups.views import OneSignUp, SignUps

app_name = "api"

urlpatterns = [
    path("", reference, name="reference"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("conferences/", Conferences.as_view(), name="conferences"),
    path("conferences/<slug:slug>/", OneConference.as_view(), name="conference"),
    path("conferences/<slug:slug>/sessions/", Sessions.as_view(), name="sessions"),
    path("conferences/<slug:slug>/signups/", SignUps.as_view(), name="signups"),
    path("conferences/<slug:slug>/signups/<uuid:uid>/", OneSignUp.as_view(), name="signup"),
]
