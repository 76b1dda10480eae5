"""Addresses of registering and of the participant's own pages."""

from __future__ import annotations

from django.urls import path

from website.my import places
from website.my import views as my
from website.registering import views as registering
from website.signing_in import views as signing_in

app_name = "registration"

urlpatterns = [
    path("my/", my.index, name="my"),
    path("my/sign-in/", signing_in.sign_in, name="sign_in"),
    path("my/sign-in/sent/", signing_in.link_sent, name="link_sent"),
    path("my/sign-out/", signing_in.sign_out, name="sign_out"),
    path("my/link/<str:token>/", signing_in.link, name="link"),
    path("my/<slug:slug>/", my.conference, name="my_conference"),
    path("my/<slug:slug>/wishes/", my.wishes, name="wishes"),
    path("my/<slug:slug>/wishes/sign-up/", my.place_wishes, name="place_wishes"),
    path("my/<slug:slug>/details/", my.details, name="details"),
    path("my/<slug:slug>/mails/", my.mails, name="mails"),
    path("my/<slug:slug>/take-part/", my.take_part, name="take_part"),
    path("my/<slug:slug>/cancel/", my.cancel, name="cancel"),
    path("my/<slug:slug>/sessions/<slug:code>/sign-up/", places.sign_up, name="sign_up"),
    path("my/<slug:slug>/sessions/<slug:code>/swap/", places.swap, name="swap"),
    path("my/<slug:slug>/sessions/<slug:code>/leave/", places.leave, name="leave"),
    path("my/<slug:slug>/sessions/<slug:code>/take-offer/", places.take_offer, name="take_offer"),
    path("<slug:slug>/register/", registering.start, name="start"),
    path("<slug:slug>/register/sent/", registering.sent, name="sent"),
    path("<slug:slug>/register/<slug:step>/", registering.step, name="step"),
]
