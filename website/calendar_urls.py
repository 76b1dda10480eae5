"""Addresses of calendars. The secret ones stand apart; the public ones lie below their conference."""

from django.urls import path

from website.calendars import feeds as views
from website.calendars import pages as calendar_pages
from website.links import announcements as my_announcements
from website.links import declined as replies
from website.links import invitations
from website.my import calendar as my_calendar

app_name = "notifications"

urlpatterns = [
    path("link/announcements/<uuid:uid>/<str:token>/", my_announcements.unsubscribe, name="unsubscribe"),
    path("link/invitations/<uuid:uid>/<str:token>/", invitations.invitation, name="invitation"),
    path("my/<slug:slug>/calendar/", my_calendar.my_calendar, name="my_calendar"),
    path("my/<slug:slug>/calendar/addresses/", my_calendar.make, name="my_address_make"),
    path("my/<slug:slug>/calendar/addresses/<uuid:uid>/", my_calendar.change, name="my_address_change"),
    path("my/<slug:slug>/calendar/addresses/<uuid:uid>/revoke/", my_calendar.revoke, name="my_address_revoke"),
    path("my/<slug:slug>/calendar/invitations/", my_calendar.invitations, name="my_invitations"),
    path("my/<slug:slug>/calendar/my-sessions.ics", my_calendar.download, name="my_download"),
    path("my/link/declined/<str:token>/", replies.declined_place, name="declined_place"),
    path("calendar/<str:token>.ics", views.personal, name="feed"),
    path("<slug:slug>/schedule.ics", views.programme, name="public_feed"),
    path("<slug:slug>/schedule/day/<str:day>.ics", views.programme, name="public_feed_day"),
    path("<slug:slug>/schedule/room/<str:room>.ics", views.programme, name="public_feed_room"),
    path("<slug:slug>/schedule/kind/<str:kind>.ics", views.programme, name="public_feed_kind"),
    path("<slug:slug>/schedule/theme/<str:theme>.ics", views.programme, name="public_feed_theme"),
    path("<slug:slug>/schedule/speaker/<uuid:speaker>.ics", views.programme, name="public_feed_speaker"),
    path("<slug:slug>/conference.ics", views.conference_days, name="conference_days"),
    path("<slug:slug>/calendars/", calendar_pages.calendars, name="calendars"),
    path("<slug:slug>/sessions/<slug:session>/calendar/", calendar_pages.session_calendar, name="session_calendar"),
    path("<slug:slug>/sessions/<str:session>.ics", views.programme, name="public_feed_session"),
]
