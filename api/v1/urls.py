"""All addresses of the API, version 1: the programme, and the participant's own sign-ups."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from api.reference import reference
from api.v1.signups.views import OneSignUp, SignUps

app_name = "api"

urlpatterns = [
    path("", reference, name="reference"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("api.v1.programme.urls")),
    path("conferences/<slug:slug>/signups/", SignUps.as_view(), name="signups"),
    path("conferences/<slug:slug>/signups/<uuid:uid>/", OneSignUp.as_view(), name="signup"),
]
