"""Addresses of the public programme. Include them last: conferences' names come after all fixed words."""

from django.urls import include, path

from schedule.views import programme, session, site

app_name = "schedule"

urlpatterns = [
    path("", site.home, name="home"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("", include("schedule.exchange.urls")),
    path("<slug:slug>/", programme.programme, name="programme"),
    path("<slug:slug>/changes/", programme.changes, name="changes"),
    path("<slug:slug>/sessions/<slug:code>/", session.session, name="session"),
]
