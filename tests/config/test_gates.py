"""Every address of the installation, and who gets in: the table is checked against the URL configuration.

A route without a row fails. The conference is not public yet; organizers' own pages are tried in tests/organize too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.factories import (
    at,
    make_conference,
    make_registration,
    make_room,
    make_session,
    make_team,
    make_user,
    publish,
)
from tests.fixtures.conferences import signed_in as participant_signed_in
from tests.organize.test_access import PAGES

ORGANIZERS_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UID, TOKEN = UUID(int=7), "t" * 43
Answers = tuple[int, int, int, int, int, int]
WHO = ("stranger", "participant", "outsider", "viewer", "owner", "superuser")
# What each of WHO is answered on GET.
OPEN: Answers = (200, 200, 200, 200, 200, 200)
ELSEWHERE: Answers = (
    302,
    302,
    302,
    302,
    302,
    302,
)  # signing in, proving it again, or where the page has nothing to say
ACCOUNT: Answers = (302, 302, 200, 200, 200, 200)
ACCOUNT_WITHOUT_IT: Answers = (302, 302, 404, 404, 404, 404)  # nothing of the kind is set up
SIGNED_OUT: Answers = (200, 200, 302, 302, 302, 302)
POST_ONLY: Answers = (405, 405, 405, 405, 405, 405)
NOBODY: Answers = (404, 404, 404, 404, 404, 404)  # not public, or no such secret
NO_SUCH_LINK: Answers = (410, 410, 410, 410, 410, 410)
TEAM: Answers = (404, 404, 404, 200, 200, 200)  # what only the team sees before the conference is public
OWN: Answers = (302, 200, 302, 302, 302, 302)
OWN_WITHOUT_IT: Answers = (302, 404, 302, 302, 302, 302)
OWN_BY_API: Answers = (401, 200, 401, 401, 401, 401)
OWN_BY_API_WITHOUT_IT: Answers = (401, 404, 401, 401, 401, 401)
NOT_A_PARTICIPANT: Answers = (200, 302, 200, 200, 200, 200)
ROUTES: dict[str, tuple[str, Answers]] = {
    "healthz": ("/healthz", OPEN),
    "readyz": ("/readyz", OPEN),
    "account_email": ("/accounts/email/", ELSEWHERE),
    "account_address_proof": ("/accounts/email/kkkkkkkkkkkkkkkkkkkk/", ACCOUNT_WITHOUT_IT),
    "team_invitation": ("/accounts/invitation/{token}/", NOBODY),
    "set_up": ("/accounts/first/", NOBODY),  # there are accounts
    "first_account": ("/accounts/first/{token}/", NOBODY),
    "account_factor_needed": ("/accounts/second-factor-needed/", ELSEWHERE),
    "usersessions_list": ("/accounts/sessions/", ELSEWHERE),
    "account_set_password": ("/accounts/password/set/", ELSEWHERE),
    "mfa_activate_totp": ("/accounts/2fa/totp/activate/", ELSEWHERE),
    "mfa_deactivate_totp": ("/accounts/2fa/totp/deactivate/", ACCOUNT_WITHOUT_IT),
    "mfa_generate_recovery_codes": ("/accounts/2fa/recovery-codes/generate/", ELSEWHERE),
    "mfa_add_webauthn": ("/accounts/2fa/webauthn/add/", ELSEWHERE),
    "mfa_remove_webauthn": ("/accounts/2fa/webauthn/keys/7/remove/", ELSEWHERE),
    "account_login": ("/accounts/login/", SIGNED_OUT),
    "account_logout": ("/accounts/logout/", ACCOUNT),
    "account_inactive": ("/accounts/inactive/", OPEN),
    "account_signup": ("/accounts/signup/", SIGNED_OUT),
    "account_reauthenticate": ("/accounts/reauthenticate/", ACCOUNT),
    "account_email_verification_sent": ("/accounts/confirm-email/", OPEN),
    "account_change_password": ("/accounts/password/change/", ACCOUNT),
    "account_reset_password": ("/accounts/password/reset/", OPEN),
    "account_confirm_login_code": ("/accounts/login/code/confirm/", ELSEWHERE),
    "account_confirm_email": ("/accounts/confirm-email/{token}/", OPEN),
    "account_reset_password_from_key_done": ("/accounts/password/reset/key/done/", OPEN),
    "account_reset_password_from_key": ("/accounts/password/reset/key/7-{token}/", OPEN),
    "account_reset_password_done": ("/accounts/password/reset/done/", OPEN),
    "mfa_index": ("/accounts/2fa/", ACCOUNT),
    "mfa_authenticate": ("/accounts/2fa/authenticate/", ELSEWHERE),
    "mfa_reauthenticate": ("/accounts/2fa/reauthenticate/", ELSEWHERE),
    "mfa_view_recovery_codes": ("/accounts/2fa/recovery-codes/", ACCOUNT_WITHOUT_IT),
    "mfa_download_recovery_codes": ("/accounts/2fa/recovery-codes/download/", ACCOUNT_WITHOUT_IT),
    "mfa_list_webauthn": ("/accounts/2fa/webauthn/", ACCOUNT),
    "mfa_reauthenticate_webauthn": ("/accounts/2fa/webauthn/reauthenticate/", ELSEWHERE),
    "mfa_edit_webauthn": ("/accounts/2fa/webauthn/keys/7/edit/", ELSEWHERE),
    "set_language": ("/language/", POST_ONLY),
    "api:reference": ("/api/v1/", OPEN),
    "api:schema": ("/api/v1/schema/", OPEN),
    "api:conferences": ("/api/v1/conferences/", OPEN),
    "api:conference": ("/api/v1/conferences/forum/", NOBODY),
    "api:sessions": ("/api/v1/conferences/forum/sessions/", NOBODY),
    "api:signups": ("/api/v1/conferences/forum/signups/", OWN_BY_API),
    "api:signup": ("/api/v1/conferences/forum/signups/{uid}/", OWN_BY_API_WITHOUT_IT),
    "website:unsubscribe": ("/link/announcements/{uid}/{token}/", NOBODY),
    "website:invitation": ("/link/invitations/{uid}/{token}/", NOBODY),
    "website:entries": ("/link/entries/{uid}/{token}/", NOBODY),
    "website:my_calendar": ("/my/forum/calendar/", OWN),
    "website:my_address_make": ("/my/forum/calendar/addresses/", POST_ONLY),
    "website:my_address_change": ("/my/forum/calendar/addresses/{uid}/", OWN_WITHOUT_IT),
    "website:my_address_revoke": ("/my/forum/calendar/addresses/{uid}/revoke/", OWN_WITHOUT_IT),
    "website:my_invitations": ("/my/forum/calendar/invitations/", POST_ONLY),
    "website:my_download": ("/my/forum/calendar/my-sessions.ics", OWN),
    "website:declined_place": ("/my/link/declined/{token}/", NO_SUCH_LINK),
    "website:feed": ("/calendar/{token}.ics", NOBODY),
    "website:public_feed": ("/forum/schedule.ics", NOBODY),
    "website:public_feed_day": ("/forum/schedule/day/2037-06-01.ics", NOBODY),
    "website:public_feed_room": ("/forum/schedule/room/HALL.ics", NOBODY),
    "website:public_feed_kind": ("/forum/schedule/kind/talk.ics", NOBODY),
    "website:public_feed_theme": ("/forum/schedule/theme/x.ics", NOBODY),
    "website:public_feed_speaker": ("/forum/schedule/speaker/{uid}.ics", NOBODY),
    "website:conference_days": ("/forum/conference.ics", NOBODY),
    "website:calendars": ("/forum/calendars/", NOBODY),
    "website:session_calendar": ("/forum/sessions/TALK/calendar/", NOBODY),
    "website:public_feed_session": ("/forum/sessions/TALK.ics", NOBODY),
    "website:my": ("/my/", ELSEWHERE),
    "website:sign_in": ("/my/sign-in/", NOT_A_PARTICIPANT),
    "website:link_sent": ("/my/sign-in/sent/", ELSEWHERE),
    "website:sign_out": ("/my/sign-out/", POST_ONLY),
    "website:link": ("/my/link/{token}/", NO_SUCH_LINK),
    "website:link_again": ("/my/link/{token}/again/", POST_ONLY),
    "website:my_conference": ("/my/forum/", OWN),
    "website:take_favourites": ("/my/forum/favourites/", POST_ONLY),
    "website:wishes": ("/my/forum/wishes/", OWN),
    "website:place_wishes": ("/my/forum/wishes/sign-up/", POST_ONLY),
    "website:details": ("/my/forum/details/", OWN),
    "website:discard_offered": ("/my/forum/details/discard/", POST_ONLY),
    "website:my_data": ("/my/forum/data/", OWN),
    "website:my_data_file": ("/my/forum/data/my-data.json", OWN),
    "website:end_browser": ("/my/forum/data/browsers/", POST_ONLY),
    "website:my_address": ("/my/forum/data/address/", OWN),
    "website:erase_me": ("/my/forum/data/erase/", OWN),
    "website:mails": ("/my/forum/mails/", OWN),
    "website:take_part": ("/my/forum/take-part/", POST_ONLY),
    "website:cancel": ("/my/forum/cancel/", OWN),
    "website:sign_up": ("/my/forum/sessions/TALK/sign-up/", POST_ONLY),
    "website:swap": ("/my/forum/sessions/TALK/swap/", POST_ONLY),
    "website:leave": ("/my/forum/sessions/TALK/leave/", OWN_WITHOUT_IT),
    "website:choose_exchange": ("/my/forum/sessions/TALK/exchange/", POST_ONLY),
    "website:take_offer": ("/my/forum/sessions/TALK/take-offer/", POST_ONLY),
    "website:start": ("/forum/register/", NOBODY),
    "website:sent": ("/forum/register/sent/", NOBODY),
    "website:step": ("/forum/register/about/", NOBODY),
    "website:home": ("/", OPEN),
    "website:robots": ("/robots.txt", OPEN),
    "website:sitemap": ("/sitemap.xml", OPEN),
    "website:export": ("/forum/schedule.json", NOBODY),
    "website:file": ("/forum/files/site.zip", NOBODY),
    "website:programme": ("/forum/", TEAM),
    "website:text": ("/forum/privacy/", TEAM),
    "website:text_version": ("/forum/privacy/1/", TEAM),
    "website:changes": ("/forum/changes/", TEAM),
    "website:session": ("/forum/sessions/TALK/", TEAM),
    "website:picture": ("/forum/picture.png", NOBODY),
    "website:session_picture": ("/forum/sessions/TALK/picture.png", NOBODY),
    "website:speaker_picture": ("/forum/speakers/{uid}/picture.png", NOBODY),
    "website:speakers": ("/forum/speakers/", TEAM),
    "website:speaker": ("/forum/speakers/{uid}/", NOBODY),
}
# Of these every route is generated, and has the one rule of `test_administration_is_for_superusers`.
ADMINISTRATION = "admin:"
# These have a table of their own, with the objects they are about: tests/organize/test_access.py.
ORGANIZERS = "organize:"


def routes(patterns: list[URLPattern | URLResolver], before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every route of the installation, in their order."""
    for one in patterns:
        path = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, path, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name or ''}", path


EVERY = list(routes(get_resolver().url_patterns))


class House:
    def __init__(self) -> None:
        self.conference = make_conference(slug="forum", is_public=False, team=make_team())
        session = make_session(self.conference, code="TALK")
        room = make_room(self.conference, code="HALL")
        publish(self.conference, [(session, room, at(self.conference, "09:00"))])
        registration = make_registration(self.conference)
        self.clients = {
            "stranger": Client(),
            "participant": participant_signed_in(registration.participant),
            "outsider": self.organizer("owner", outside=True),
            "viewer": self.organizer("viewer"),
            "owner": self.organizer("owner"),
            "superuser": self.organizer("owner", outside=True, is_superuser=True, is_staff=True),
        }

    def organizer(self, role: str, *, outside: bool = False, **fields: bool) -> Client:
        # Whoever may use Django's administration elsewhere may not here.
        user = make_user(**({"is_staff": True} | fields))
        team = make_team() if outside else self.conference.team
        assert team is not None
        team.memberships.create(user=user, role=role)
        client = Client()
        client.force_login(user, ORGANIZERS_BACKEND)
        return client

    def answers(self, path: str) -> Answers:
        found = [self.clients[who].get(path).status_code for who in WHO]
        return tuple(found)  # type: ignore[return-value]  # one for each of WHO


@pytest.fixture
def house(db: None) -> House:
    return House()


def test_every_route_has_a_row() -> None:
    ours = {name for name, _ in EVERY if not name.startswith((ADMINISTRATION, ORGANIZERS))}
    assert ours == set(ROUTES)
    assert {name.removeprefix(ORGANIZERS) for name, _ in EVERY if name.startswith(ORGANIZERS)} == set(PAGES)


def test_every_route_lets_in_whom_its_row_says(house: House) -> None:
    paths = {name: path.format(token=TOKEN, uid=UID) for name, (path, _) in ROUTES.items()}
    for name, path in paths.items():
        match = resolve(path)
        assert (f"{match.namespace}:" if match.namespace else "") + str(match.url_name) == name
    assert {name: house.answers(path) for name, path in paths.items()} == {
        name: answers for name, (_, answers) in ROUTES.items()
    }


def test_pages_about_accounts_are_kept_nowhere(house: House) -> None:
    for name, (path, _) in ROUTES.items():
        if path.startswith("/accounts/"):
            answer = house.clients["owner"].get(path.format(token=TOKEN, uid=UID))
            told = {one.strip() for one in answer["Cache-Control"].split(",")}
            assert {"private", "no-store"} <= told, name


def test_administration_is_for_superusers(house: House) -> None:
    """Everybody else is sent to a page that says whom it is for, alike for what exists and what does not."""
    paths = sorted(
        {
            f"/{re.sub(r'<[^>]+>', '1', pattern)}"
            for name, pattern in EVERY
            if name.startswith(ADMINISTRATION) and "^" not in pattern and "(" not in pattern
        }
    )
    paths += ["/admin/schedule/", "/admin/no/such/page/"]
    assert len(paths) > 100
    for path in paths:
        if path in ("/admin/login/", "/admin/logout/"):
            continue
        for who in WHO[:-1]:
            for answer in (house.clients[who].get(path), house.clients[who].post(path)):
                assert (who, path, answer.status_code) == (who, path, 302)
                assert answer["Location"].startswith("/admin/login/?next="), path
        assert "/admin/login/" not in house.clients["superuser"].get(path).headers.get("Location", "")
    told = {who: house.clients[who].get("/admin/login/?next=/admin/") for who in WHO}
    assert {who: answer.status_code for who, answer in told.items()} == {
        "stranger": 302, "participant": 302, "outsider": 403, "viewer": 403, "owner": 403, "superuser": 302,
    }  # fmt: skip
    assert told["stranger"]["Location"] == "/accounts/login/?next=/admin/"
    assert 'href="/organize/"' in told["owner"].content.decode()
    superusers = house.clients["superuser"].get("/admin/").content.decode()
    assert "You see and change everything here, of every team, also what people have told in confidence." in superusers
