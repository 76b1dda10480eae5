"""What search engines and whoever shows a link are told of a page: only pages for everybody have it, of public things.

What a page has no `Share` is for nobody to find: it says `noindex` (templates/base.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator

from schedule.domain.published.values import PublishedSession
from schedule.models import Conference

# Of an address: the language in which to answer, whatever the reader has chosen elsewhere. Nothing is remembered.
LANGUAGE = "lang"
LONGEST_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class Share:
    """A page for everybody, in the active language. `path` leads to it, without what only filters or remembers.

    `kind` is a type of the Open Graph protocol (ogp.me). `picture` is the path of what is shown with the link (see
    website.files.pictures), empty where there is none.
    """

    title: str
    description: str
    path: str
    site_name: str = "Plenary"
    kind: str = "website"
    picture: str = ""

    @property
    def image(self) -> str:
        """The address of the picture in the active language; empty without one."""
        if not self.picture:
            return ""
        code = translation.get_language() or settings.LANGUAGE_CODE
        return urljoin(f"{settings.SITE_URL}/", f"{self.picture.lstrip('/')}?{LANGUAGE}={code}")

    @property
    def address(self) -> str:
        """For people: each sees the page in a language of theirs."""
        return urljoin(f"{settings.SITE_URL}/", self.path.lstrip("/"))

    @property
    def canonical(self) -> str:
        """Of the page in the active language."""
        return self._in_language(translation.get_language() or settings.LANGUAGE_CODE)

    @property
    def alternates(self) -> Iterator[tuple[str, str]]:
        """Every language (BCP 47) with the address of the page in it; "x-default" for whoever reads none of them."""
        yield from ((code, self._in_language(code)) for code, _ in settings.LANGUAGES)
        yield "x-default", self.address

    @property
    def locale(self) -> str:
        """The active language as Open Graph writes it, with the territory where most speak it: "ko_KR"."""
        return _locale(translation.get_language() or settings.LANGUAGE_CODE)

    @property
    def other_locales(self) -> list[str]:
        return [locale for locale in (_locale(code) for code, _ in settings.LANGUAGES) if locale != self.locale]

    def _in_language(self, code: str) -> str:
        """Asked without a wish the site answers in its own language, so that one needs no word in the address."""
        if code == settings.LANGUAGE_CODE:
            return self.address
        return f"{self.address}{'&' if '?' in self.path else '?'}{LANGUAGE}={code}"


def share(
    conference: Conference,
    path: str,
    title: str,
    description: str,
    kind: str = "website",
    *,
    picture: str | None = None,
) -> Share | None:
    """None while only the team may see the conference. Without a `picture` of its own a page shows the conference's."""
    if not conference.is_public:
        return None
    text = Truncator(" ".join(description.split())).chars(LONGEST_DESCRIPTION)
    if picture is None:
        picture = reverse("website:picture", args=[conference.slug])
    return Share(title, text, path, str(conference.name), kind, picture)


def has_picture(session: PublishedSession, *, is_placed: bool) -> bool:
    """Whether links to a session show a picture of its own: it takes place, by the newest release."""
    return is_placed and not session.is_off


def without_language(address: str) -> str:
    """The path and query of a page, for a reader who has just chosen another language than the one it may name."""
    path, _, query = address.partition("?")
    left = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != LANGUAGE]
    return f"{path}?{urlencode(left)}" if left else path


def _locale(code: str) -> str:
    likely = Locale.parse(get_global("likely_subtags")[code.replace("-", "_")])
    return f"{likely.language}_{likely.territory}"


class LanguageOfTheAddress:
    """`?lang=ko` answers in Korean, so that each language of a page has an address of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = request.GET.get(LANGUAGE, "")
        if code in dict(settings.LANGUAGES):
            translation.activate(code)
            request.LANGUAGE_CODE = code
        return self.get_response(request)
