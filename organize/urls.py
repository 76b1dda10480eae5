"""Addresses of the organizers' pages."""

from django.urls import path

from organize.drafts.samples import views as samples
from organize.drafts.urls import urlpatterns as drafts
from organize.emergencies import views as emergencies
from organize.exports.urls import urlpatterns as exports
from organize.history import views as journal
from organize.imports.urls import urlpatterns as imports
from organize.mail import announcements, my_mails, outbox, suppressions
from organize.mail import wordings as templates
from organize.overview import views as home
from organize.people import mailboxes, opening, registrations, retention, signups, texts
from organize.programme import conflicts, from_release, publishing
from organize.programme import views as programme
from organize.programme.attendance import views as attendance
from organize.programme.places import views as places
from organize.searches import goals, repeating
from organize.searches import views as searches
from organize.sessions import taking_down
from organize.sessions import views as sessions
from organize.setup.urls import urlpatterns as setup
from organize.teams import inviting
from organize.teams import views as teams
from organize.webhooks.urls import urlpatterns as webhooks

app_name = "organize"

urlpatterns = [
    path("organize/", home.index, name="index"),
    path("organize/<slug:slug>/", home.home, name="home"),
    path("organize/<slug:slug>/look/<slug:what>/", home.look, name="look"),
    path("organize/<slug:slug>/my-mails/", my_mails.my_mails, name="my_mails"),
    path("organize/<slug:slug>/programme/", programme.programme, name="programme"),
    path("organize/<slug:slug>/programme/close-room/", programme.close, name="close_room"),
    path("organize/<slug:slug>/programme/compare/people/", attendance.people, name="compare_people"),
    path("organize/<slug:slug>/programme/compare/people.json", attendance.people_json, name="compare_people_json"),
    path("organize/<slug:slug>/drafts/<int:draft>/", programme.draft, name="draft"),
    path("organize/<slug:slug>/drafts/<int:draft>/repair/", searches.repair, name="repair"),
    path("organize/<slug:slug>/drafts/<int:draft>/publish/", publishing.publish, name="publish"),
    path("organize/<slug:slug>/drafts/<int:draft>/publish/people/", publishing.rehearsal, name="rehearsal"),
    path("organize/<slug:slug>/drafts/<int:draft>/publish/samples/", samples.of_draft, name="publish_samples"),
    path("organize/<slug:slug>/drafts/<int:draft>/sessions/<slug:code>/", programme.move, name="move"),
    path("organize/<slug:slug>/drafts/<int:draft>/sessions/<slug:code>/places/", places.places, name="places"),
    path(
        "organize/<slug:slug>/drafts/<int:draft>/sessions/<slug:code>/places.json",
        places.places_json,
        name="places_json",
    ),
    path("organize/<slug:slug>/releases/<int:number>/", publishing.release, name="release"),
    path("organize/<slug:slug>/releases/<int:number>/draft/", from_release.draft_from, name="draft_from_release"),
    path(
        "organize/<slug:slug>/releases/<int:number>/sessions/<slug:code>/",
        from_release.move_released,
        name="move_released",
    ),
    path("organize/<slug:slug>/emergency/", emergencies.emergency, name="emergency"),
    path("organize/<slug:slug>/emergency/<slug:happened>/", emergencies.choose, name="emergency_kind"),
    path("organize/<slug:slug>/emergency/repairs/<int:repair>/", emergencies.proposed, name="emergency_repair"),
    path("organize/<slug:slug>/emergency/repairs/<int:repair>/part/", emergencies.part, name="emergency_part"),
    path("organize/<slug:slug>/emergency/repairs/<int:repair>/people/", emergencies.people, name="emergency_people"),
    path("organize/<slug:slug>/emergency/repairs/<int:repair>/samples/", emergencies.samples, name="emergency_samples"),
    path("organize/<slug:slug>/emergency/repairs/<int:repair>/another/", emergencies.another, name="emergency_another"),
    path("organize/<slug:slug>/emergency/repairs/<int:repair>/keep/", emergencies.keep, name="emergency_keep"),
    path("organize/<slug:slug>/searches/", searches.searches, name="searches"),
    path("organize/<slug:slug>/searches/weights/", searches.weights, name="weights"),
    path("organize/<slug:slug>/searches/<int:run>/", searches.search, name="search"),
    path("organize/<slug:slug>/searches/<int:run>.json", repeating.search_json, name="search_json"),
    path("organize/<slug:slug>/searches/<int:run>/goals/<int:number>/", goals.make_draft, name="draft_of_goal"),
    path("organize/<slug:slug>/searches/<int:run>/progress/", searches.progress, name="search_progress"),
    path("organize/<slug:slug>/searches/<int:run>/stop/", searches.stop, name="stop_search"),
    path("organize/<slug:slug>/searches/<int:run>/again/", searches.again, name="search_again"),
    path("organize/<slug:slug>/searches/<int:run>/help/", searches.find_help, name="find_help"),
    path("organize/<slug:slug>/conflicts/", conflicts.conflicts, name="conflicts"),
    path("organize/<slug:slug>/sessions/", sessions.sessions, name="sessions"),
    path("organize/<slug:slug>/sessions/<slug:code>/", sessions.session, name="session"),
    path("organize/<slug:slug>/people/<slug:code>/in-public/", taking_down.in_public, name="in_public"),
    path("organize/<slug:slug>/sessions/<slug:code>/invite/", sessions.invite, name="invite"),
    path("organize/<slug:slug>/registrations/", registrations.registrations, name="registrations"),
    path("organize/<slug:slug>/retention/", retention.retention, name="retention"),
    path("organize/<slug:slug>/texts/", texts.texts, name="texts"),
    path("organize/<slug:slug>/texts/<slug:kind>/", texts.text, name="text"),
    path("organize/<slug:slug>/registrations/decide/", registrations.deciding, name="decide"),
    path("organize/<slug:slug>/registrations/rule/", registrations.rule, name="registration_rule"),
    path("organize/<slug:slug>/registrations/times/", opening.times, name="registration_times"),
    path("organize/<slug:slug>/registrations/<uuid:uid>/", registrations.registration, name="registration"),
    path("organize/<slug:slug>/registrations/<uuid:uid>/mailbox/", mailboxes.same_mailbox, name="same_mailbox"),
    path("organize/<slug:slug>/sign-ups/", signups.signups, name="signups"),
    path("organize/<slug:slug>/sign-ups/<slug:code>/", signups.session, name="session_signups"),
    path("organize/<slug:slug>/sign-ups/<slug:code>/closing/", opening.closing, name="signup_closing"),
    path("organize/<slug:slug>/sign-ups/<slug:code>/enter/", opening.enter, name="enter_by_hand"),
    path("organize/<slug:slug>/sign-ups/<slug:code>/names.csv", signups.names, name="session_names"),
    path("organize/<slug:slug>/outbox/", outbox.outbox, name="outbox"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/", outbox.message, name="message"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/html/", outbox.message_html, name="message_html"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/retry/", outbox.send_again, name="retry"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/withhold/", outbox.keep_back, name="withhold"),
    path("organize/<slug:slug>/outbox/<uuid:uid>/release/", outbox.let_go, name="release_message"),
    path("organize/<slug:slug>/announcements/", announcements.announcements, name="announcements"),
    path("organize/<slug:slug>/announcements/new/", announcements.write, name="write_announcement"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/", announcements.announcement, name="announcement"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/edit/", announcements.edit, name="edit_announcement"),
    path(
        "organize/<slug:slug>/announcements/<uuid:uid>/html/<slug:language>/",
        announcements.announcement_html,
        name="announcement_html",
    ),
    path("organize/<slug:slug>/announcements/<uuid:uid>/progress/", announcements.progress, name="progress"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/test/", announcements.mail_to_me, name="test_announcement"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/send/", announcements.send, name="send_announcement"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/unschedule/", announcements.unschedule, name="unschedule"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/stop/", announcements.stop, name="stop_announcement"),
    path("organize/<slug:slug>/announcements/<uuid:uid>/discard/", announcements.discard, name="discard_announcement"),
    path("organize/<slug:slug>/wordings/", templates.templates, name="templates"),
    path("organize/<slug:slug>/wordings/<slug:kind>/<slug:language>/", templates.template, name="template"),
    path(
        "organize/<slug:slug>/wordings/<slug:kind>/<slug:language>/preview/",
        templates.template_preview,
        name="template_preview",
    ),
    path(
        "organize/<slug:slug>/wordings/<slug:kind>/<slug:language>/html/", templates.template_html, name="template_html"
    ),
    path(
        "organize/<slug:slug>/wordings/<slug:kind>/<slug:language>/reset/",
        templates.template_reset,
        name="template_reset",
    ),
    path("organize/<slug:slug>/suppressions/", suppressions.suppressions, name="suppressions"),
    path("organize/<slug:slug>/suppressions/<int:pk>/lift/", suppressions.lift_suppression, name="lift"),
    path("organize/<slug:slug>/team/", teams.team, name="team"),
    path("organize/<slug:slug>/team/invite/", inviting.invite, name="team_invite"),
    path("organize/<slug:slug>/team/invited/<int:pk>/again/", inviting.again, name="invited_again"),
    path("organize/<slug:slug>/team/invited/<int:pk>/withdraw/", inviting.withdraw, name="uninvited"),
    path("organize/<slug:slug>/team/<int:pk>/role/", teams.role, name="team_role"),
    path("organize/<slug:slug>/team/<int:pk>/leave/", teams.leave, name="team_leave"),
    path("organize/<slug:slug>/journal/", journal.journal, name="journal"),
    *imports,
    *drafts,
    *exports,
    *setup,
    *webhooks,
]
