"""Pages of the whole site: the conferences, the language switch, and what search engines may read."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts.domain.first_account import is_empty
from schedule.domain.timetables.queries import newest_releases
from schedule.models import Conference, ReleasedPlacement
from website.left_forms import SWITCH
from website.sharing import Share, without_language

# Where nobody has anything to search: what belongs to one person, to organizers, and the machinery.
CLOSED_TO_ROBOTS = ("/accounts/", "/admin/", "/api/", "/calendar/", "/my/", "/organize/")

# Nobody types it: the days on which a search stands (website.programme.filters).
_BACK = "back"


# A page elsewhere could at most switch the language of somebody's pages. Asking for no token keeps visitors' pages free
# of secrets and of cookies.
@csrf_exempt
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Django's own view; an address that names a language does so no more, as the reader has just chosen another.

    What comes with the switch (`website.left_forms`) stood in a search of that page, and is searched for there.
    """
    sent = request.POST.copy()
    address, language = sent.get("next", ""), sent.get("language", "")
    if SWITCH in sent:
        language = sent.pop(SWITCH)[-1].partition(" ")[0]
        address = _searched(request.GET.get("next", ""), sent)
    request.POST = QueryDict(urlencode({"next": without_language(address), "language": language}))
    return set_language(request)


def _searched(address: str, fields: QueryDict) -> str:
    """The address to which a search with these fields leads; the one it was, where nothing else is asked for there."""
    path, _, query = address.partition("?")
    was = QueryDict(query)
    if all(was.getlist(name) == list(filter(None, fields.getlist(name))) for name in fields if name != _BACK):
        return address
    return f"{path}?{urlencode([(name, value) for name, values in fields.lists() for value in values if value])}"


def in_language(response: HttpResponse, language: str) -> HttpResponse:
    """Have the browser ask for pages in this language from now on, as the language switch does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]  # a str to the stubs; Django checks it
    )
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public conferences; straight to it where there is only one, and to the set-up where nobody has an account."""
    conferences = list(Conference.objects.public())
    if len(conferences) == 1:
        return redirect("website:programme", conferences[0].slug)
    if not conferences and is_empty():
        return redirect("set_up")
    names = ", ".join(str(one.name) for one in conferences)
    context = {"conferences": conferences, "share": Share(gettext("Conferences"), names, reverse("website:home"))}
    return render(request, "website/site/conferences.html", context)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS),
        f"Sitemap: {_address('website:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public conferences with a release, and the sessions of the newest. Three queries."""
    public = Conference.objects.public()
    releases = newest_releases(public)
    pages = [
        {"address": _address("website:programme", release.conference.slug), "changed": release.published_at}
        for release in releases
    ]
    rows = ReleasedPlacement.objects.filter(release__in=releases).order_by("release__conference__slug", "session__code")
    pages += [
        {"address": _address("website:session", slug, code), "changed": changed}
        for slug, code, changed in rows.values_list(
            "release__conference__slug", "session__code", "release__published_at"
        )
    ]
    return render(request, "website/site/sitemap.xml", {"pages": pages}, content_type="application/xml")


def _address(name: str, *args: str) -> str:
    """A full address. The host is the configured one, never the one a request came with."""
    return urljoin(f"{settings.SITE_URL}/", reverse(name, args=args).lstrip("/"))
