"""Each house rule finds its breach, and leaves alone what only looks like one."""

from __future__ import annotations

import pytest

from tools.house_rules import BASE_DIR, CLOCKS_ALLOWED, breaches

PYTHON_BREACHES = [
    ("try:\n    pass\nexcept Exception:\n    pass\n", 3, "no `except Exception`: name what can go wrong"),
    ("try:\n    pass\nexcept:\n    pass\n", 3, "no `except Exception`: name what can go wrong"),
    ("try:\n    pass\nexcept (ValueError, Exception):\n    pass\n", 3, "no `except Exception`: name what can go wrong"),
    ("x = datetime.now()\n", 1, "no naive time: django.utils.timezone.now() or datetime.now(UTC)"),
    ("x = date.today()\n", 1, "no naive time: django.utils.timezone.now() or datetime.now(UTC)"),
    ("x = datetime.datetime.utcnow()\n", 1, "no naive time: django.utils.timezone.now() or datetime.now(UTC)"),
    ("@receiver(post_save)\ndef f(): ...\n", 2, "no signals for domain logic: call the function"),
    ("post_save.connect(f)\n", 1, "no signals for domain logic: call the function"),
    ("x = mark_safe(y)\n", 1, "nothing is declared safe: use format_html"),
    ("import x  # noqa\n", 1, "noqa needs a code and a reason: # noqa: CODE  # why"),
    ("import x  # noqa: F401\n", 1, "noqa needs a code and a reason: # noqa: CODE  # why"),
    ("x = 1  # type: ignore[misc]\n", 1, "type: ignore needs a code and a reason: # type: ignore: CODE  # why"),
    ("x = '/" + "work/main'\n", 1, "no paths of one machine"),
    ("x = 'https://pypi.org/simple'\n", 1, "no registry host names"),
    ("def f():\n    import x\n", 2, "an import in a function says why: import x  # why"),
    (
        "def f():\n    if y:\n        pass\n    else:\n        from x import z\n",
        5,
        "an import in a function says why: import x  # why",
    ),
    (
        "def f():\n    import x  # it is slow\n    y()\n    import z\n",
        4,
        "an import in a function says why: import x  # why",
    ),
]
CLOCKS = "only values.instants turns clocks into instants: use it, or its form field"
LENGTHS = "only values.instants adds and measures lengths: after, minutes_between, seconds_between"
PYTHON_BREACHES += [
    ("x = datetime.combine(day, clock, zone)\n", 1, CLOCKS),
    ("x = naive.replace(tzinfo=zone)\n", 1, CLOCKS),
    ("x = local.replace(hour=0, minute=0)\n", 1, CLOCKS),
    ("x = timezone.make_aware(naive)\n", 1, CLOCKS),
    ("x = datetime.fromtimestamp(seconds, zone)\n", 1, CLOCKS),
    ("x = forms.DateTimeField()\n", 1, CLOCKS),
    ("x = start + timedelta(minutes=session.minutes)\n", 1, LENGTHS),
    ("x = (end - start).total_seconds()\n", 1, LENGTHS),
]
PYTHON_FINE = [
    "x = now + timedelta(hours=1)\ny = day + timedelta(days=n)\nz = wait.total_seconds()\n",
    "x = moment.replace(tzinfo=None)\ny = naive.replace(tzinfo=UTC)\nz = text.replace('a', 'b')\n",
    "x = datetime.fromtimestamp(1, UTC)\n",
    "x = models.DateTimeField()\n",
    "try:\n    pass\nexcept (ValueError, OSError):\n    pass\n",
    "x = datetime.now(UTC)\ny = timezone.now()\nz = conference.today()\n",
    "connection.connect(f)\n",
    "import x  # noqa: F401  # others import it from here\n",
    "x = 1  # type: ignore[misc, arg-type]  # the stubs are wrong\n",
    'x = "# noqa is a word"\n',
    "import x\nif y:\n    import z\n",
    "def f():\n    import x  # it is slow\n    from y import z\n",
    "def f():\n    # Loading it takes a second.\n    import x\n",
    "x = 'the/work/of', '/workshop/', 'https://example.org/work/'\n",
]
TEMPLATE_BREACHES = [
    ("<script>go()</script>", "no inline script: put it into static/js"),
    ("<STYLE>p {}</STYLE>", "no inline style: put it into static/"),
    ('<p style="x">', "no inline style: put it into static/"),
    ('<p\n  onclick="x()">', "no on... attribute: listen in a module"),
    ('<a href="javascript:x()">', "no javascript: address"),
    ("{{ x|safe }}", "nothing is declared safe"),
    ("{{ x | safe }}", "nothing is declared safe"),
    ("{% autoescape off %}", "nothing is declared safe"),
    ("{{ x|default:\n  y }}", "no tag of a template over two lines"),
    ("{% if x and\n  y %}{% endif %}", "no tag of a template over two lines"),
    ("x" * 161, "no line over 160 characters: break it where white space means nothing"),
    (
        "{% if a %}{% elif b %}{% elif c %}{% elif d %}{% endif %}",
        "no ladder of conditions: make it a mapping or an inclusion tag",
    ),
    (
        "{% if a == 'x' %}{% elif a == 'y' or a == 'z' %}{% elif a == 'w' %}{% else %}{% endif %}",
        "no ladder of conditions: make it a mapping or an inclusion tag",
    ),
]
TEMPLATE_FINE = [
    '<script src="{% static "js/x.js" %}" type="module"></script>',
    '<script type="application/json" id="x">{}</script>',
    '<link rel="stylesheet" href="x.css">',
    "{# onclick= in a comment, <style> too #}",
    "{% comment %}<script>x</script>{% endcomment %}",
    "x" * 160,
    "{% if a == 'x' %}{% elif b == 'y' %}{% elif c %}{% else %}{% endif %}",
    "{% if a %}{% if b %}{% elif c %}{% endif %}{% elif d %}{% if e %}{% elif f %}{% endif %}{% endif %}",
    '<p class="a" data-on="x">What is safe | sound</p>',
]


@pytest.mark.parametrize("path", sorted(CLOCKS_ALLOWED))
def test_nobody_reckons_with_clocks_without_need(path: str) -> None:
    source = (BASE_DIR / path).read_text(encoding="utf-8")
    assert {rule for _, rule in breaches(f"elsewhere/{path}", source)} & {CLOCKS, LENGTHS}


@pytest.mark.parametrize(("source", "line", "rule"), PYTHON_BREACHES)
def test_a_breach_in_python_is_found(source: str, line: int, rule: str) -> None:
    assert list(breaches("schedule/x.py", source)) == [(line, rule)]


@pytest.mark.parametrize("source", PYTHON_FINE)
def test_python_that_keeps_the_rules_passes(source: str) -> None:
    assert list(breaches("schedule/x.py", source)) == []


@pytest.mark.parametrize(("source", "rule"), TEMPLATE_BREACHES)
def test_a_breach_in_a_template_is_found(source: str, rule: str) -> None:
    assert list(breaches("templates/x.html", f"<p>\n{source}\n")) == [(2, rule)]


@pytest.mark.parametrize("source", TEMPLATE_FINE)
def test_a_template_that_keeps_the_rules_passes(source: str) -> None:
    assert list(breaches("templates/x.html", source)) == []


def test_mail_templates_may_have_styles_and_nothing_else() -> None:
    source = '<p style="x" onclick="y()">'
    assert list(breaches("templates/mail/x.html", source)) == [(1, "no on... attribute: listen in a module")]


@pytest.mark.parametrize("path", ["schedule/utils.py", "registration/views/helpers.py", "schedule/common/x.py"])
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert [(line, rule.partition("”")[2]) for line, rule in breaches(path, "")] == [
        (1, " says nothing: name what is inside")
    ]


def test_a_name_that_says_something_passes() -> None:
    assert list(breaches("schedule/common_rooms.py", "")) == []


def test_text_templates_have_no_long_lines_and_no_ladders() -> None:
    assert (
        len(
            list(
                breaches(
                    "templates/mail/x.txt", "x" * 161 + "{% if a %}{% elif b %}{% elif c %}{% elif d %}{% endif %}"
                )
            )
        )
        == 2
    )
