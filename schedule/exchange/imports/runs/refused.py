"""Why the database refused what an import would have written, in words."""

from __future__ import annotations

from django.apps import apps
from django.db import DatabaseError
from django.utils.translation import gettext as _


def words_of(refused: DatabaseError) -> str:
    """The sentence of the rule that was broken, or the rule's name, which reads like one; "" for other errors."""
    diagnosis = getattr(refused.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if not name:
        return ""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if (
                constraint.name == name
                and constraint.violation_error_message != constraint.default_violation_error_message
            ):
                return str(constraint.violation_error_message)
    return _("It would break a rule of the programme: %(rule)s.") % {"rule": name.replace("_", " ")}
