from __future__ import annotations

import pytest

from registration.domain.registrations.access import local_path


@pytest.mark.parametrize("path", ["/my/forum/", "/my/forum/?day=1#a", "/", "/forum/sessions/A/"])
def test_paths_of_this_site_are_followed(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "", "my/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/",
        "javascript:alert(1)", "/%2f/evil.example", "/%5Cevil.example", "/%2Fevil.example", "/my/\r\nSet-Cookie: a=b",
        "/my/\tx", " /my/", "/" + "a" * 200,
    ],
)  # fmt: skip
def test_nothing_else_is(path: str) -> None:
    assert local_path(path, default="/my/") == "/my/"
