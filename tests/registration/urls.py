from django.http import HttpResponse
from django.urls import include, path

schedule = ([path("<slug:slug>/", lambda r, slug: HttpResponse(), name="programme"), path("<slug:slug>/sessions/<slug:code>/", lambda r, slug, code: HttpResponse(), name="session")], "schedule")
urlpatterns = [path("api/v1/", include("registration.api.urls")), path("", include("registration.urls")), path("", include(schedule))]
