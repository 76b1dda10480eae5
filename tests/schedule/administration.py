"""Forms of the administration pages, as a browser sends them."""

from __future__ import annotations

from django.test import Client


def fields(client: Client, path: str) -> dict[str, object]:
    """What the form of this page would send as it stands."""
    response = client.get(path)
    form = response.context["adminform"].form
    data: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        widgets = getattr(bound.field.widget, "widgets", None)
        if widgets and not isinstance(value, list):
            value = bound.field.widget.decompress(value)
        if widgets:
            data |= {f"{bound.html_name}_{n}": "" if one is None else one for n, one in enumerate(value)}
        elif value is not None and value is not False:
            data[bound.html_name] = ",".join(value) if isinstance(value, list) else value
    for inline in response.context["inline_admin_formsets"]:
        management = inline.formset.management_form
        data |= {bound.html_name: bound.value() for bound in management}
    return data


def without_lines(client: Client, path: str) -> dict[str, object]:
    """What makes a page's form say nothing of the rows that are edited with it."""
    prefixes = [one.formset.prefix for one in client.get(path).context["inline_admin_formsets"]]
    return {f"{prefix}-{what}_FORMS": 0 for prefix in prefixes for what in ("TOTAL", "INITIAL")}
