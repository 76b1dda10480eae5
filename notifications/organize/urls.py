"""Addresses of the organizers' pages."""

from django.urls import path

from notifications.organize.views import conflicts, home, journal, outbox, programme, publishing, signups

app_name = "organize"

urlpatterns = [
    path("organize/", home.index, name="index"),
    path("organize/<slug:slug>/", home.home, name="home"),
    path("organize/<slug:slug>/programme/", programme.programme, name="programme"),
    path("organize/<slug:slug>/programme/close-room/", programme.close, name="close_room"),
    path("organize/<slug:slug>/drafts/<int:draft>/", programme.draft, name="draft"),
    path("organize/<slug:slug>/drafts/<int:draft>/publish/", publishing.publish, name="publish"),
    path("organize/<slug:slug>/drafts/<int:draft>/sessions/<slug:code>/", programme.move, name="move"),
    path("organize/<slug:slug>/releases/<int:number>/", publishing.release, name="release"),
    path("organize/<slug:slug>/conflicts/", conflicts.conflicts, name="conflicts"),
    path("organize/<slug:slug>/sign-ups/", signups.signups, name="signups"),
    path("organize/<slug:slug>/sign-ups/<slug:code>/", signups.session, name="session_signups"),
    path("organize/<slug:slug>/sign-ups/<slug:code>/names.csv", signups.names, name="session_names"),
    path("organize/<slug:slug>/outbox/", outbox.outbox, name="outbox"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/", outbox.message, name="message"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/retry/", outbox.send_again, name="retry"),
    path("organize/<slug:slug>/journal/", journal.journal, name="journal"),
]
