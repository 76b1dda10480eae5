"""The settings of a proxy that the documentation gives are ones that the proxy takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.proxy import nginx


@pytest.mark.skipif(nginx.command() is None, reason="there is no nginx on this machine to ask")
def test_nginx_takes_the_documented_settings() -> None:
    found = nginx.command()
    assert found is not None
    assert nginx.complaints(found) == ""


def test_the_page_gives_one_configuration_and_only_its_ends_are_filled_in(tmp_path: Path) -> None:
    written = nginx.write(tmp_path, port=8443, upstream=8001).read_text()
    lines = [line.strip() for line in nginx.documented().splitlines() if "proxy_pass " not in line]
    assert [line for line in lines if line not in written] == []
    assert "listen 127.0.0.1:8443;" in written
    assert "proxy_pass http://127.0.0.1:8001;" in written
