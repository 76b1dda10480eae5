"""Addresses of what everybody sees. Fixed words come first: the last ones begin with the name of a conference."""

from __future__ import annotations

import re

from django.urls import path, register_converter

from schedule.exchange.files.formats import FILES, FORMATS
from schedule.models import ConferenceText
from website import site, texts
from website.calendars import feeds
from website.calendars import pages as calendars
from website.files import pictures
from website.files import views as files
from website.links import announcements, declined, entries, invitations
from website.my import calendar, data, details, favourites, places
from website.my import views as my
from website.programme import views as programme
from website.registering import links
from website.registering import views as registering
from website.sessions import speakers
from website.sessions import views as sessions
from website.signing_in import views as signing_in

app_name = "website"


class _TakenAlong:
    """The names of what can be taken along besides."""

    regex = "|".join(map(re.escape, FILES))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class _Extension:
    """The endings of the programme's files."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class _Text:
    """The texts that a conference publishes about itself."""

    regex = "|".join(ConferenceText.Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Extension, "export_extension")
register_converter(_TakenAlong, "export_file")
register_converter(_Text, "text_kind")

urlpatterns = [
    path("link/announcements/<uuid:uid>/<str:token>/", announcements.unsubscribe, name="unsubscribe"),
    path("link/invitations/<uuid:uid>/<str:token>/", invitations.invitation, name="invitation"),
    path("link/entries/<uuid:uid>/<str:token>/", entries.entries, name="entries"),
    path("my/<slug:slug>/calendar/", calendar.my_calendar, name="my_calendar"),
    path("my/<slug:slug>/calendar/addresses/", calendar.make, name="my_address_make"),
    path("my/<slug:slug>/calendar/addresses/<uuid:uid>/", calendar.change, name="my_address_change"),
    path("my/<slug:slug>/calendar/addresses/<uuid:uid>/revoke/", calendar.revoke, name="my_address_revoke"),
    path("my/<slug:slug>/calendar/invitations/", calendar.invitations, name="my_invitations"),
    path("my/<slug:slug>/calendar/my-sessions.ics", calendar.download, name="my_download"),
    path("my/link/declined/<str:token>/", declined.declined_place, name="declined_place"),
    path("calendar/<str:token>.ics", feeds.personal, name="feed"),
    path("<slug:slug>/schedule.ics", feeds.programme, name="public_feed"),
    path("<slug:slug>/schedule/day/<str:day>.ics", feeds.programme, name="public_feed_day"),
    path("<slug:slug>/schedule/room/<slug:room>.ics", feeds.programme, name="public_feed_room"),
    path("<slug:slug>/schedule/kind/<slug:kind>.ics", feeds.programme, name="public_feed_kind"),
    path("<slug:slug>/schedule/theme/<slug:theme>.ics", feeds.programme, name="public_feed_theme"),
    path("<slug:slug>/schedule/speaker/<uuid:speaker>.ics", feeds.programme, name="public_feed_speaker"),
    path("<slug:slug>/conference.ics", feeds.conference_days, name="conference_days"),
    path("<slug:slug>/calendars/", calendars.calendars, name="calendars"),
    path("<slug:slug>/sessions/<slug:session>/calendar/", calendars.session_calendar, name="session_calendar"),
    path("<slug:slug>/sessions/<slug:session>.ics", feeds.programme, name="public_feed_session"),
    path("my/", my.index, name="my"),
    path("my/sign-in/", signing_in.sign_in, name="sign_in"),
    path("my/sign-in/sent/", signing_in.link_sent, name="link_sent"),
    path("my/sign-out/", signing_in.sign_out, name="sign_out"),
    path("my/link/<str:token>/", links.link, name="link"),
    path("my/link/<str:token>/again/", links.again, name="link_again"),
    path("my/<slug:slug>/", my.conference, name="my_conference"),
    path("my/<slug:slug>/favourites/", favourites.take_favourites, name="take_favourites"),
    path("my/<slug:slug>/wishes/", my.wishes, name="wishes"),
    path("my/<slug:slug>/wishes/sign-up/", my.place_wishes, name="place_wishes"),
    path("my/<slug:slug>/details/", details.details, name="details"),
    path("my/<slug:slug>/details/discard/", details.discard_offered, name="discard_offered"),
    path("my/<slug:slug>/data/", data.data, name="my_data"),
    path("my/<slug:slug>/data/my-data.json", data.download, name="my_data_file"),
    path("my/<slug:slug>/data/browsers/", data.end_browser, name="end_browser"),
    path("my/<slug:slug>/data/address/", data.address, name="my_address"),
    path("my/<slug:slug>/data/erase/", data.erase_me, name="erase_me"),
    path("my/<slug:slug>/mails/", my.mails, name="mails"),
    path("my/<slug:slug>/take-part/", my.take_part, name="take_part"),
    path("my/<slug:slug>/cancel/", my.cancel, name="cancel"),
    path("my/<slug:slug>/sessions/<slug:code>/sign-up/", places.sign_up, name="sign_up"),
    path("my/<slug:slug>/sessions/<slug:code>/swap/", places.swap, name="swap"),
    path("my/<slug:slug>/sessions/<slug:code>/exchange/", places.choose_exchange, name="choose_exchange"),
    path("my/<slug:slug>/sessions/<slug:code>/leave/", places.leave, name="leave"),
    path("my/<slug:slug>/sessions/<slug:code>/take-offer/", places.take_offer, name="take_offer"),
    path("<slug:slug>/register/", registering.start, name="start"),
    path("<slug:slug>/register/sent/", registering.sent, name="sent"),
    path("<slug:slug>/register/<slug:step>/", registering.step, name="step"),
    path("", site.home, name="home"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("<slug:slug>/schedule.<export_extension:extension>", files.export, name="export"),
    path("<slug:slug>/files/<export_file:file>", files.more_files, name="file"),
    path("<slug:slug>/", programme.programme, name="programme"),
    path("<slug:slug>/<text_kind:kind>/", texts.text, name="text"),
    path("<slug:slug>/<text_kind:kind>/<int:version>/", texts.text, name="text_version"),
    path("<slug:slug>/changes/", programme.changes, name="changes"),
    path("<slug:slug>/sessions/<slug:code>/", sessions.session, name="session"),
    path("<slug:slug>/speakers/", speakers.speakers, name="speakers"),
    path("<slug:slug>/picture.png", pictures.of_conference, name="picture"),
    path("<slug:slug>/sessions/<slug:code>/picture.png", pictures.of_session, name="session_picture"),
    path("<slug:slug>/speakers/<uuid:speaker>/picture.png", pictures.of_speaker, name="speaker_picture"),
    path("<slug:slug>/speakers/<uuid:speaker>/", speakers.speaker, name="speaker"),
]
