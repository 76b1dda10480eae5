"""Forms that are left for another language with something typed in them: the page that follows has it all, unsent.

The buttons of the language switch send such a form to the page itself (`finding` says which form, and the frame of
every page has it written: templates/base.html); `ops.backends.left_form` has the page answered as if it were opened, in
the other language, and `filling` puts back what was typed. Nothing is kept on the server, and no script is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

# The name of the switch's buttons; their value is the language and the form's id, with a space between.
SWITCH = "in_language"
# What a request carries whose form was left: an attribute, as the middlewares of Django set them.
LEFT = "left_form"


@dataclass(frozen=True)
class LeftForm:
    """A form as the browser sent it, the switch's button among its fields, for a page in `language`; `form_id` is its
    id in the page.
    """

    language: str
    form_id: str
    sent: QueryDict
