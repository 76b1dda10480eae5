"""The names components refer to, without the views behind them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


website = [path("", nothing, name="programme"), path("sessions/<str:code>/", nothing, name="session")]
urlpatterns = [path("<slug:conference>/", include((website, "website")))]
