"""The health checks of containers."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from ops import probe


@pytest.fixture
def port(live_server: LiveServer) -> int:
    return int(live_server.thread.port)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "status"), [("/readyz", 0), ("/no-such-page/of-ours/at-all", 1)])
def test_the_page_is_asked(port: int, path: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe.main(["--port", str(port), "--path", path]) == status
    assert capsys.readouterr().err == ("" if status == 0 else f"{path} does not answer 200.\n")


def test_a_server_that_is_not_there_is_unhealthy(capsys: pytest.CaptureFixture[str]) -> None:
    assert probe.main(["--port", "1"]) == 1
    assert capsys.readouterr().err == "/readyz does not answer: [Errno 111] Connection refused\n"


@pytest.mark.parametrize("name", ["beat", "beat.db"])
def test_a_file_written_lately_is_healthy(tmp_path: Path, name: str) -> None:
    arguments = ["--written", str(tmp_path / "beat"), "--within", "600"]
    assert probe.main(arguments) == 1
    (tmp_path / name).touch()
    assert probe.main(arguments) == 0
    long_ago = time.time() - 700
    os.utime(tmp_path / name, (long_ago, long_ago))
    assert probe.main(arguments) == 1
