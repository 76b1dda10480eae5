"""The addresses these tests need, whatever else the site has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from schedule.exchange.urls import urlpatterns as exports


def page(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


schedule = [
    *exports,
    path("<slug:slug>/", page, name="programme"),
    path("<slug:slug>/sessions/<slug:code>/", page, name="session"),
]
urlpatterns = [path("", include((schedule, "schedule")))]
