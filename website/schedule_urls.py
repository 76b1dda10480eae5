"""Addresses of the public programme. Include them last: conferences' names come after all fixed words."""

from django.urls import include, path

from website import site
from website.programme import views as programme
from website.sessions import views as session

app_name = "schedule"

urlpatterns = [
    path("", site.home, name="home"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("", include("website.files.urls")),
    path("<slug:slug>/", programme.programme, name="programme"),
    path("<slug:slug>/changes/", programme.changes, name="changes"),
    path("<slug:slug>/sessions/<slug:code>/", session.session, name="session"),
]
