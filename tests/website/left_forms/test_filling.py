"""What was typed into a form stands in it again, whatever its controls are."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from website.left_forms import LeftForm
from website.left_forms.filling import filled
from website.left_forms.finding import typed_forms, with_switches


def shown(controls: str, query: str, form_id: str = "f") -> str:
    """The controls of a form after what a query string says was typed into it."""
    html = f'<form id="f" method="post">{controls}</form>'
    left = LeftForm("ko", form_id, QueryDict(query))
    written = filled(html, typed_forms(html), left)
    assert written.startswith('<form id="f" method="post">')
    return written.removeprefix('<form id="f" method="post">').removesuffix("</form>")


CONTROLS = [
    ('<input name="a" value="old" id="i">', "a=new", '<input name="a" id="i" value="new">'),
    (
        '<input name="a" required>',
        "a=%22%3Cb%3E%26amp%3B",
        '<input name="a" required value="&quot;&lt;b&gt;&amp;amp;">',
    ),
    (
        '<input name="a" value="1"><input name="a" value="2">',
        "a=3&a=4",
        '<input name="a" value="3"><input name="a" value="4">',
    ),
    ('<input name="a" value="old">', "a=", '<input name="a" value="">'),
    (
        '<textarea name="a">\nold &amp; gone</textarea>',
        "a=%0Aone%0D%0A%3Ctwo%3E",
        '<textarea name="a">\n\none\r\n&lt;two&gt;</textarea>',
    ),
    (
        '<input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2">',
        "a=2",
        '<input type="checkbox" name="a" value="1"><input type="checkbox" name="a" value="2" checked>',
    ),
    (
        '<input type="checkbox" name="a"><input name="b">',
        "a=on&b=",
        '<input type="checkbox" name="a" checked><input name="b" value="">',
    ),
    (
        '<input type="radio" name="a" value="x" checked><input type="radio" name="a" value="y">',
        "a=y",
        '<input type="radio" name="a" value="x"><input type="radio" name="a" value="y" checked>',
    ),
    (
        '<select name="a"><option value="1" selected>1</option><option> Two  words </option></select>',
        "a=Two+words",
        '<select name="a"><option value="1">1</option><option selected> Two  words </option></select>',
    ),
    (
        '<select name="a" multiple><option selected>1</option><option>2</option></select><input name="b">',
        "b=",
        '<select name="a" multiple><option>1</option><option>2</option></select><input name="b" value="">',
    ),
    # Not offered any more: what the page says stands.
    (
        '<select name="a"><option value="1" selected>1</option></select>',
        "a=9",
        '<select name="a"><option value="1" selected>1</option></select>',
    ),
    # What a form says of itself is what it was written from; a list that has another length is the page's.
    (
        '<input type="hidden" name="v" value="2"><input type="hidden" name="l" value="x"><input name="a">',
        "v=1&l=x&l=y&a=b",
        '<input type="hidden" name="v" value="1"><input type="hidden" name="l" value="x"><input name="a" value="b">',
    ),
    # Never: tokens, secrets, files, buttons, what is disabled.
    *(
        (f'{one}<input name="b">', "csrfmiddlewaretoken=x&a=typed&b=c", f'{one}<input name="b" value="c">')
        for one in (
            '<input type="hidden" name="csrfmiddlewaretoken" value="own">',
            '<input type="password" name="a">',
            '<input type="file" name="a">',
            '<input name="a" autocomplete="one-time-code">',
            '<input type="submit" name="a" value="Save">',
            '<input name="a" disabled>',
            '<fieldset disabled><fieldset><input name="a"></fieldset><input name="a"></fieldset>',
        )
    ),
]


@pytest.mark.parametrize(("controls", "query", "after"), CONTROLS)
def test_what_was_typed_stands_there_again(controls: str, query: str, after: str) -> None:
    assert shown(controls, query) == after


def test_another_form_of_the_page_is_left_alone() -> None:
    html = (
        '<input form="f" name="a"><form method="get"><input name="a"></form>\n'
        '<form method="post"><input name="a" value="1"><input name="c"></form><form id="f" method="post"></form>'
    )
    forms = typed_forms(html)
    assert [(form.id, form.is_named) for form in forms] == [("left-1", True), ("f", False)]
    page = with_switches(html, forms, "[{}]".format)
    assert page == html.replace('<form method="post">', '<form id="left-1" method="post">').replace(
        'id="f" method="post">', 'id="f" method="post">[f]'
    )
    # By its names; of several that have them, by its id.
    first = filled(page, forms, LeftForm("ko", "f", QueryDict("a=2&c=3")))
    assert first == page.replace('name="a" value="1"', 'name="a" value="2"').replace('name="c"', 'name="c" value="3"')
    assert filled(page, forms, LeftForm("ko", "f", QueryDict("a=2"))) == page.replace(
        '<input form="f" name="a">', '<input form="f" name="a" value="2">'
    )
    assert filled(page, forms, LeftForm("ko", "f", QueryDict("d=2"))) == page


@pytest.mark.parametrize(
    "html",
    [
        '<form method="get"><input name="a"></form>',
        '<form method="post"><input type="hidden" name="a"><button name="b">Go</button></form>',
        '<form method="post"><input type="password" name="a"><input name="b" disabled><input id="name"></form>',
        '<input name="a">',
    ],
)
def test_where_nobody_types_nothing_is_switched_with_the_page(html: str) -> None:
    assert typed_forms(html) == []


def test_the_switch_of_the_page_takes_along_what_is_written_before_what_is_ticked() -> None:
    html = '<form method="post"><input type="radio" name="a"></form><form method=POST><select name="b"></select></form>'
    assert [form.id for form in typed_forms(html)] == ["left-2", "left-1"]
