"""The page inside its frame, which knows by then in which of its forms somebody may type."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse

from website.left_forms import LEFT, SWITCH
from website.left_forms.came_from import came_from
from website.left_forms.filling import filled
from website.left_forms.finding import search_forms, typed_forms, with_switches
from website.sharing import without_language

register = template.Library()
_INSIDE = "page_inside"


@register.tag
def page_in_frame(parser: Parser, _token: Token) -> Node:
    """Between this and `endpage_in_frame` stands what is inside the frame: written at once, for the frame to put
    where it belongs (`page_inside`). The frame is told of the form that the language switch sends (`typed_form`, its
    id, empty where nobody types), and how (`switch`, `here`). What stands in a search goes into the page's address.
    """
    nodes = parser.parse(("endpage_in_frame",))
    parser.delete_first_token()
    return _PageInFrame(nodes)


class _PageInFrame(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        html = str(self.nodelist.render(context))
        request: HttpRequest | None = context.get("request")
        forms = [] if request is None or context.get("keeps_form") else typed_forms(html)
        searches = [] if forms or request is None or context.get("keeps_form") else search_forms(html, request.path)
        here = without_language(request.get_full_path()) if request else "/"
        first = next(iter([*forms, *searches]), None)
        said = {"typed_form": first.id if first else "", "switch": SWITCH, "here": here}
        # The answer to a form may have no page to be opened: without anything typed, that of the form is.
        said["page_address"] = came_from(request) if request and request.method == "POST" else here
        if searches:
            said["here"] = f"{reverse('set_language')}?{urlencode({'next': here})}"
            html = with_switches(html, searches, str)
        elif forms:
            html = with_switches(html, forms, lambda form_id: _switch_of(form_id, said))
            if (left := getattr(request, LEFT, None)) is not None:
                html = filled(html, forms, left)
        context.update(said | {_INSIDE: html})
        return ""


@register.tag
def page_inside(_parser: Parser, _token: Token) -> Node:
    """Puts what `page_in_frame` has written. A node and no variable: templates have written it, nothing is declared."""
    return _PageInside()


class _PageInside(Node):
    def render(self, context: Context) -> str:
        return str(context[_INSIDE])


def _switch_of(form_id: str, said: dict[str, str]) -> str:
    return render_to_string("components/frame/language_of_form.html", said | {"typed_form": form_id})
