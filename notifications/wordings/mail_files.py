"""The files mails are written with: templates/mail/<kind>.txt and .html, and an organizer's words in their frame."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Template
from django.template.loader_tags import BlockNode, ExtendsNode

# The frame of a kind (greeting, signature, why somebody gets the mail) around words from elsewhere.
_AROUND = '{{% extends "mail/{name}" %}}{{% block body %}}{{{{ words }}}}{{% endblock %}}'

_GAPS = re.compile(r"\n{3,}")


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(settings.BASE_DIR / "templates")], builtins=["django.templatetags.i18n"])


@cache
def _template(name: str) -> Template:
    """A mail template, read once per process."""
    return _engine().get_template(f"mail/{name}")


@cache
def _frame(name: str) -> Template:
    return _engine().from_string(_AROUND.format(name=name))


def rendered(name: str, context: dict[str, Any], template: Template | None = None) -> str:
    """Fill the file of this name, or another `template` of the same format.

    Only HTML is escaped. Plain text has its paragraphs one empty line apart; it is no HTML, and not declared safe as
    templates declare what they make: a page that shows it must escape it.
    """
    is_html = name.endswith(".html")
    text = (template or _template(name)).render(Context(context, autoescape=is_html))
    return text if is_html else _GAPS.sub("\n\n", text).strip() + "\n"


def rendered_around(name: str, words: str, context: dict[str, Any]) -> str:
    """Put `words` into the place of what the kind says by itself. HTML that is not declared safe is escaped."""
    return rendered(name, {**context, "words": words}, _frame(name))


def rendered_body(name: str, context: dict[str, Any]) -> str:
    """Only what the kind says by itself, without its frame, of a file of plain text."""
    template = _template(name)
    extends: Any = template.nodelist.get_nodes_by_type(ExtendsNode)[0]
    body: BlockNode = extends.blocks["body"]
    values = Context(context, autoescape=False)
    with values.bind_template(template), values.render_context.push_state(template):
        text: str = body.nodelist.render(values)
    # A part of a text that is declared safe is not.
    return text[:]
