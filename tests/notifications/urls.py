"""The addresses mails point to, by name, and the views of this app."""

from django.http import HttpResponse
from django.urls import include, path


def page(request: object, **kwargs: object) -> HttpResponse:
    return HttpResponse()


registration = (
    [
        path("my/<slug:slug>/", page, name="my_conference"),
        path("my/link/<str:token>/", page, name="link"),
    ],
    "registration",
)
schedule = (
    [path("<slug:slug>/", page, name="programme"), path("<slug:slug>/sessions/<str:code>/", page, name="session")],
    "schedule",
)
urlpatterns = [
    path("", include("notifications.urls")),
    path("", include(registration)),
    path("", include(schedule)),
]
