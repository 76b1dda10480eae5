"""House rules that no other linter knows. Prints every breach as file:line: rule; exit 1 if there is one."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

BASE_DIR = Path(__file__).resolve().parent.parent
# Files that may declare text safe; format_html needs no entry. marks puts written HTML into written HTML; rich_text
# cleans what people wrote.
MARK_SAFE_ALLOWED = frozenset({"schedule/domain/programme/rich_text.py", "website/programme/marks.py"})
MACHINE_PATH_ALLOWED = frozenset({"tools/house_rules.py", "tests/tools/test_house_rules.py"})
# Names that do not say what is inside.
VAGUE = frozenset({"util", "utils", "common", "helper", "helpers", "misc"})
VAGUE_ALLOWED = frozenset({"website/pages.py", "website/programme/frame.py"})
# Who may reckon with clocks and lengths: `values.instants`, and for the reasons given those who add them to no time.
CLOCKS_ALLOWED = {
    "values/instants.py": "the one place",
    "notifications/calendars/values.py": "a DURATION of RFC 5545",
    "schedule/solver/files/reading/times.py": "what a clock shows, since midnight",
    "schedule/exchange/incoming/moments.py": "likewise",
    "schedule/solver/benchmarks/tracks/joint/model.py": "a limit that OR-tools is given",
}
_CLOCKS = "only values.instants turns clocks into instants: use it, or its form field"
_LENGTHS = "only values.instants adds and measures lengths: after, minutes_between, seconds_between"
LONGEST_TEMPLATE_LINE = 160
MOST_ELIFS = 2

_STYLE = "no inline style: put it into static/"
TEMPLATE_RULES = {
    "no inline script: put it into static/js": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")", re.I
    ),
    _STYLE: re.compile(r"<style\b|\sstyle\s*=", re.I),
    "no on... attribute: listen in a module": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I),
    "no javascript: address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "nothing is declared safe": re.compile(r"\|\s*safe(?:seq)?\b|\{%-?\s*autoescape\s+off"),
}
# Mail programs read no style sheets.
MAIL_RULES = {rule: pattern for rule, pattern in TEMPLATE_RULES.items() if rule != _STYLE}
TEXT_RULES = {
    "no registry host names": re.compile(
        r"\b(?:pypi\.org|pythonhosted\.org|registry\.(?:npmjs\.org|yarnpkg\.com)|deb\.debian\.org)\b"
    ),
    "no paths of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/[a-z])\b"),
}
# Django takes a tag that goes on in the next line as text, and shows it to the reader.
TORN_TAGS = {"no tag of a template over two lines": re.compile(r"\{(?:\{(?:(?!\}\}).)*|%(?:(?!%\}).)*)$", re.M)}
BINARY = {".woff2", ".otf", ".ttf", ".png", ".jpg", ".mo", ".xlsx", ".pdf", ".ico"}
CONDITION = re.compile(r"\{%-?\s*(if|elif|endif)\b(.*?)-?%\}", re.S)
COMPARED = re.compile(r"([\w.]+) == (?:\"[^\"]*\"|'[^']*'|\d+)")
SUPPRESSION = re.compile(
    r"#\s*(noqa|type:\s*ignore)(?P<code>[:\[]\s*[\w.-]+(?:,\s*[\w.-]+)*\]?)?(?P<reason>\s+#\s*\S.*)?"
)


def breaches(path: str, text: str) -> Iterator[tuple[int, str]]:
    """(line, rule) for everything in the file `path` (relative to the project) that breaks a rule."""
    if path.endswith(".py") and path not in VAGUE_ALLOWED:
        yield from ((1, f"“{name}” says nothing: name what is inside") for name in _vague(path))
    if path not in MACHINE_PATH_ALLOWED:
        yield from _matches(text, TEXT_RULES)
    if path.endswith(".html"):
        shown = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", _blank, text, flags=re.S)
        yield from _matches(shown, MAIL_RULES if "/mail/" in path else TEMPLATE_RULES)
    if "templates/" in path and path.endswith((".html", ".txt")):
        yield from _long_lines(text)
        yield from _matches(text, TORN_TAGS)
        yield from _ladders(text)
    if path.endswith(".py"):
        yield from _suppressions(text)
        tests = path.startswith(("tests/", "bench/"))
        tree = ast.parse(text)
        yield from _imports_without_reason(tree, text.splitlines())
        for node in ast.walk(tree):
            if rule := _python(node, path, tests=tests):
                yield node.lineno, rule  # type: ignore[attr-defined]  # only nodes that have a line break a rule
            if isinstance(node, ast.Call) and not tests and path not in CLOCKS_ALLOWED and (rule := _of_clocks(node)):
                yield node.lineno, rule


def _matches(text: str, rules: dict[str, re.Pattern[str]]) -> Iterator[tuple[int, str]]:
    for rule, pattern in rules.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, rule


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _vague(path: str) -> list[str]:
    parts = PurePosixPath(path).with_suffix("").parts
    return [part for part in parts if part in VAGUE]


def _long_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_TEMPLATE_LINE:
            yield number, f"no line over {LONGEST_TEMPLATE_LINE} characters: break it where white space means nothing"


def _ladders(text: str) -> Iterator[tuple[int, str]]:
    """A chain of conditions with many branches, or with three that compare one variable with values."""
    open_: list[tuple[int, list[str]]] = []
    for match in CONDITION.finditer(text):
        word, condition = match.groups()
        if word == "if":
            open_.append((text.count("\n", 0, match.start()) + 1, [condition]))
        elif word == "elif":
            open_[-1][1].append(condition)
        else:
            line, conditions = open_.pop()
            if len(conditions) > MOST_ELIFS + 1 or (len(conditions) > MOST_ELIFS and _compares_one(conditions)):
                yield line, "no ladder of conditions: make it a mapping or an inclusion tag"


def _compares_one(conditions: list[str]) -> bool:
    alternatives = [one.strip() for condition in conditions for one in condition.split(" or ")]
    compared = [COMPARED.fullmatch(one) for one in alternatives]
    return all(compared) and len({match[1] for match in compared if match}) == 1


def _imports_without_reason(tree: ast.Module, lines: list[str]) -> Iterator[tuple[int, str]]:
    """Imports in functions whose first line, or the one above it, says nothing. One reason serves a whole block."""
    for block in _blocks_of_functions(tree):
        before: ast.stmt | None = None
        for statement in block:
            is_import = isinstance(statement, (ast.Import, ast.ImportFrom))
            first = is_import and not isinstance(before, (ast.Import, ast.ImportFrom))
            line = statement.lineno
            if first and "#" not in lines[line - 1] and not lines[line - 2].lstrip().startswith("#"):
                yield line, "an import in a function says why: import x  # why"
            before = statement


def _blocks_of_functions(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Every block of statements inside a function, those of conditions and loops too."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        inside = inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            block = getattr(node, name, None)
            if not isinstance(block, list):  # a lambda and a conditional expression have a body too
                continue
            if inside and name not in ("handlers", "cases"):
                yield block
            waiting.extend((child, inside) for child in block)


def _suppressions(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        match = SUPPRESSION.search(line)
        if match and not _in_text(line, match.start()) and not (match["code"] and match["reason"]):
            yield number, f"{match[1]} needs a code and a reason: # {match[1]}: CODE  # why"


def _in_text(line: str, position: int) -> bool:
    return any(line.count(quote, 0, position) % 2 for quote in "\"'`")


def _python(node: ast.AST, path: str, *, tests: bool) -> str | None:
    if isinstance(node, ast.ExceptHandler):
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        if any(kind is None or _name(kind) == "Exception" for kind in kinds):
            return "no `except Exception`: name what can go wrong"
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
        _name(getattr(one, "func", one)) == "receiver" for one in node.decorator_list
    ):
        return "no signals for domain logic: call the function"
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name == "connect" and re.search(r"\b(?:pre|post|m2m)_\w+\.connect$", ast.unparse(node.func)):
            return "no signals for domain logic: call the function"
        if name in ("mark_safe", "SafeString", "SafeText") and path not in MARK_SAFE_ALLOWED and not tests:
            return "nothing is declared safe: use format_html"
        if name in ("now", "today", "utcnow") and not node.args and not node.keywords and _is_naive(node.func):
            return "no naive time: django.utils.timezone.now() or datetime.now(UTC)"
    return None


def _of_clocks(call: ast.Call) -> str | None:
    """The rule broken by a call that reckons with clocks by itself."""
    name = _name(call.func)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    turned = {key for key in ("tzinfo", "hour", "minute", "day", "fold") if key in given}
    if turned == {"tzinfo"} and ast.unparse(given["tzinfo"]) in ("None", "UTC"):
        turned = set()
    reads = name in ("combine", "make_aware", "make_naive", "fromtimestamp", "from_current_timezone", "strptime")
    in_utc = name == "fromtimestamp" and len(call.args) == 2 and ast.unparse(call.args[1]) == "UTC"
    is_field = name in ("DateTimeField", "SplitDateTimeField") and ast.unparse(call.func).startswith("forms.")
    if (name == "replace" and turned) or (reads and not in_utc) or is_field:
        return _CLOCKS
    lengths = (given.get(key) for key in ("minutes", "hours", "seconds"))
    adds = name == "timedelta" and any(value and not isinstance(value, ast.Constant) for value in lengths)
    measures = name == "total_seconds" and isinstance(getattr(call.func, "value", None), ast.BinOp)
    return _LENGTHS if adds or measures else None


def _is_naive(function: ast.expr) -> bool:
    return bool(re.fullmatch(r"(?:datetime\.)?(?:datetime|date)\.(?:now|today|utcnow)", ast.unparse(function)))


def _name(node: ast.expr | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def main() -> int:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=BASE_DIR, check=True, capture_output=True, text=True).stdout.splitlines()
    found = 0
    for path in files:
        file = BASE_DIR / path
        if file.suffix in BINARY or not file.is_file() or "/vendor/" in path:
            continue
        for line, rule in breaches(path, file.read_text(encoding="utf-8", errors="replace")):
            print(f"{path}:{line}: {rule}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
