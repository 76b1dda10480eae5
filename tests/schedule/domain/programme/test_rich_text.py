"""Long texts: harmless HTML on pages, plain text elsewhere."""

from __future__ import annotations

import re
import uuid

import pytest

from schedule.domain.programme.rich_text import as_text, on_page, without_links
from tests.cost import is_in_proportion
from values.text import fault

LINK = 'rel="nofollow noopener"'
DEMO = f'<a href="https://demo.example/" {LINK}>link</a>'
MAIL = f'<a href="mailto:me@demo.example" {LINK}>me@demo.example</a>'


@pytest.mark.parametrize(
    ("written", "html", "text"),
    [
        ("One\nline\n\nAnd another", "<p>One<br>line</p>\n<p>And another</p>", "One\nline\n\nAnd another"),
        ("One\r\nline", "<p>One<br>line</p>", "One\nline"),
        (
            "<p>Hello <b>all</b> &amp; welcome</p>\n\n* one\n* two [link](https://demo.example/)",
            f"<p>Hello <b>all</b> &amp; welcome</p><ul>\n<li>one</li>\n<li>two {DEMO}</li>\n</ul>",
            "Hello all & welcome\n\n• one\n• two link (https://demo.example/)",
        ),
        ("<p>Both **in** <i>one</i></p>", "<p>Both <strong>in</strong> <i>one</i></p>", "Both in one"),
        (
            "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n<div>c</div>",
            "<ul><li>a</li><li>b</li></ul><p>c</p>",
            "• a\n• b\n\nc",
        ),
        ("<div>one</div>\n\n    <div>two</div>", "<p>one</p><p>two</p>", "one\n\ntwo"),
        ("# One\n## Two\n<h1>Three</h1>", "<h3>One</h3>\n<h4>Two</h4>\n<h3>Three</h3>", "One\n\nTwo\n\nThree"),
        (
            "3. a\n4. b\n   - c",
            '<ol start="3">\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ol>',
            "3. a\n4. b\n  • c",
        ),
        ("a < b, x <3 & <your name>", "<p>a &lt; b, x &lt;3 &amp; &lt;your name&gt;</p>", "a < b, x <3 & <your name>"),
        ("snake_case and #tag", "<p>snake_case and #tag</p>", "snake_case and #tag"),
        (
            "이것은 **강조(괄호)**입니다. 그는**“인용”**을",
            "<p>이것은 <strong>강조(괄호)</strong>입니다. 그는<strong>“인용”</strong>을</p>",
            "이것은 강조(괄호)입니다. 그는“인용”을",
        ),
        ("```\nx < y\n  z\n```", "<pre><code>x &lt; y\n  z\n</code></pre>", "x < y\n  z"),
        (
            "2017. 9. 14 (목)\n9. 15. **금**",
            "<p>2017. 9. 14 (목)<br>\n9. 15. <strong>금</strong></p>",
            "2017. 9. 14 (목)\n9. 15. 금",
        ),
        ("~~no~~ `code`", "<p><s>no</s> <code>code</code></p>", "no code"),
        (
            "<https://demo.example/a>, <me@demo.example>",
            f'<p><a href="https://demo.example/a" {LINK}>https://demo.example/a</a>, {MAIL}</p>',
            "https://demo.example/a, me@demo.example",
        ),
        ("![a <view>](https://x.example/v.png) here", "<p>a &lt;view&gt; here</p>", "a <view> here"),
        ("<!-- note -->seen", "<p>seen</p>", "seen"),
        ("a&nbsp;b &lt;script&gt;", "<p>a&nbsp;b &lt;script&gt;</p>", "a\xa0b <script>"),
        ("", "", ""),
        (" \n ", "", ""),
    ],
)
def test_markdown_and_html(written: str, html: str, text: str) -> None:
    assert on_page(written) == html
    assert as_text(written) == text


def test_a_table_is_read_line_by_line() -> None:
    assert as_text("| a | b |\n|---|---|\n| 1 | 2 |") == "a | b\n1 | 2"
    assert on_page("|a|\n|-|\n|1|").startswith("<table>\n<thead>")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<script>\n\nalert(1)\n\n</script>",
        "<img src=x onerror=alert(1)>",
        "<b onmouseover=alert(1) style='position:fixed' class=x id=main>b</b>",
        "[x](javascript:alert(1)) <a href='javascript:alert(1)'>x</a> <a href=' jAvascript:alert(1)'>x</a>",
        "[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x](//elsewhere.example/) [x](/my/signout/)",
        "<iframe src='https://x.example/'></iframe><object data=x></object><embed src=x>",
        "<svg onload=alert(1)><a xlink:href=x>",
        "<form action=/my/><input name=x><button>b</button></form><style>*{display:none}</style>",
        "<link rel=stylesheet href=x>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<h1 onclick=alert(1)>x</h1><p/onclick=alert(1)>y<base href=//x.example><meta http-equiv=refresh content=0>",
        "`<img src=x>` \\<img src=x onerror=alert(1)> &lt;img src=x onerror=alert(1)&gt;",
        "<a href='https://x.example/' target=_blank ping=//y.example rel=opener>x</a>",
    ],
)
def test_nothing_that_acts_or_loads_is_left(hostile: str) -> None:
    tags = re.findall(r"<[^>]*>", on_page(hostile))
    allowed = rf'</?(?:a|b|p|code|h3)>|<a (?:href="https://x\.example/" )?{LINK}>'
    assert [tag for tag in tags if not re.fullmatch(allowed, tag)] == []
    assert "alert(1)" not in as_text("<script>alert(1)</script><style>alert(1)</style>")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[us](https://a.example/)", "us (https://a.example/)"),
        ("<https://a.example/>", "https://a.example/"),
        ("<mailto:me@a.example>", "mailto:me@a.example"),
        ("[**b** c](https://a.example/?x=1&y=2)", "<strong>b</strong> c (https://a.example/?x=1&amp;y=2)"),
    ],
)
def test_links_become_words(written: str, shown: str) -> None:
    assert without_links(written) == f"<p>{shown}</p>"


@pytest.mark.parametrize("piece", ["\n", "\n ", "\n\t\n"])
def test_text_costs_what_its_length_costs(piece: str) -> None:
    def read(size: int) -> None:
        # Another text each time: what was read before is remembered.
        text = f"{uuid.uuid4()}{piece * (size // len(piece))}b"
        as_text(text)
        on_page(text)

    assert is_in_proportion(read)


@pytest.mark.parametrize(
    ("written", "html", "text"),
    [
        (f'<ol start="{"9" * 5000}"><li>x</ol>', "<ol><li>x</li></ol>", "1. x"),
        ('<ol start="-3"><li>x</ol>', "<ol><li>x</li></ol>", "1. x"),
        ('<ol start="٣"><li>x</ol>', "<ol><li>x</li></ol>", "1. x"),
        ('<ol start="3"><li>x</ol>', '<ol start="3"><li>x</li></ol>', "3. x"),
        (
            '<table><td colspan="2">x<td rowspan="1000000">y</table>',
            '<table><tbody><tr><td colspan="2">x</td><td>y</td></tr></tbody></table>',
            "x | y",
        ),
    ],
)
def test_numbers_are_such_that_one_can_count_to(written: str, html: str, text: str) -> None:
    assert (on_page(written), as_text(written)) == (html, text)


@pytest.mark.parametrize("turn", ["&#x202e;", "&#8238;", "&#x2067;", "<b>&#x202d;</b>", "&#x206a;"])
def test_a_mark_that_turns_direction_comes_in_by_no_number(turn: str) -> None:
    turned = f"a{turn}b [c](https://example.org/{turn})"
    assert fault(on_page(turned)) is fault(as_text(turned)) is None
    # Those that end what they begin are anybody's right.
    assert as_text("a *\u2067b\u2069* c") == "a \u2067b\u2069 c"
