"""Start, readiness, restart and stop of real child processes, also when the parent is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ops.embedded import BASE_DIR
from ops.processes import RESTARTS, Process, ProcessError, running
from tests.ops.waiting import alive, wait_for

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
# Starts a child of its own, and ignores the signal that asks it to stop.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
PARENT = """
import signal, sys
from pathlib import Path
from ops.processes import Process, running
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts what it puts in the background
sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
with running([Process("one", sleeper), Process("two", sleeper)], log_folder=Path(sys.argv[1])) as processes:
    try:
        print(processes.pid("one"), processes.pid("two"), flush=True)
        processes.wait()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
print("left", flush=True)
"""


def is_sleeper(pid: int) -> bool:
    """Has the child become its command already? While it does, it has no command line at all."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return b"import time; time.sleep(60)" in words and b"ops.child" not in words


def says(log: Path) -> str:
    return log.read_text() if log.exists() else ""


def test_processes_run_inside_the_block_and_are_gone_after_it(tmp_path: Path) -> None:
    log = tmp_path / "sleeper.log"
    with running([Process("sleeper", SLEEPER, ready=lambda: says(log) == "up\n")], log_folder=tmp_path) as processes:
        pid = processes.pid("sleeper")
        assert alive(pid)
        assert os.getsid(pid) == pid
    assert not alive(pid)
    assert log.read_text() == "up\n"


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "sleeper.log"
    for _ in range(2):
        with running([Process("sleeper", SLEEPER, ready=lambda: says(log) == "up\n")], log_folder=tmp_path):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sleeper.log", "sleeper.log.1"]


def test_a_process_that_ends_before_it_is_ready_is_named_with_its_last_lines(tmp_path: Path) -> None:
    broken = Process(
        "broken", [sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"], ready=lambda: False
    )
    with (
        pytest.raises(ProcessError) as refusal,
        running([Process("sleeper", SLEEPER), broken], log_folder=tmp_path),
    ):
        pytest.fail("the block must not be entered")
    assert str(refusal.value) == (
        f"broken ended with status 3.\n  Its log, {tmp_path}/broken.log, ends with:\n  no such thing"
    )
    assert says(tmp_path / "sleeper.log") in ("", "up\n")


def test_a_process_that_is_never_ready_is_stopped_with_all_others(tmp_path: Path) -> None:
    pids: list[int] = []
    never = Process("never", SLEEPER, ready=lambda: False, ready_seconds=0.2)
    first = Process(
        "first",
        [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"],
        ready=lambda: says(tmp_path / "first.log") != "",
    )
    with (
        pytest.raises(ProcessError, match=r"^never was not ready within 0 s"),
        running([first, never], log_folder=tmp_path),
    ):
        pytest.fail("the block must not be entered")
    pids.append(int(says(tmp_path / "first.log")))
    assert not alive(pids[0])


def test_a_process_that_does_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    log = tmp_path / "stubborn.log"
    stubborn = Process(
        "stubborn", [sys.executable, "-c", STUBBORN], ready=lambda: says(log).strip() != "", stop_seconds=0.3
    )
    with running([stubborn], log_folder=tmp_path) as processes:
        pid, grandchild = processes.pid("stubborn"), int(says(log))
        assert alive(grandchild)
    assert not alive(pid)
    wait_for(lambda: not alive(grandchild))


def test_a_process_that_ended_is_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    with running([Process("sleeper", SLEEPER)], log_folder=tmp_path, tell=told.append) as processes:
        pid = processes.pid("sleeper")
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not alive(pid))

        def started_again() -> bool:
            processes.restart_ended()
            return bool(told)

        wait_for(started_again)
        assert processes.pid("sleeper") != pid
        assert alive(processes.pid("sleeper"))
    assert told == ["sleeper ended with status -9. It is started again."]


def test_a_process_that_ends_again_and_again_is_given_up(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        pytest.raises(ProcessError, match=r"^failing ended with status 3\.\n"),
        running(
            [Process("failing", [sys.executable, "-c", "print('no'); raise SystemExit(3)"])],
            log_folder=tmp_path,
            tell=told.append,
        ) as processes,
    ):
        processes.wait(poll_seconds=0.02)
    assert told == ["failing ended with status 3. It is started again."] * RESTARTS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert [alive(pid) for pid in pids] == [True, True]
        parent.send_signal(number)
        said, _ = parent.communicate(timeout=20)
    assert said == "interrupted\nleft\n"
    assert parent.returncode == 0
    assert [alive(pid) for pid in pids] == [False, False]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end children with their parent")
def test_the_children_of_a_killed_parent_end(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        wait_for(lambda: all(is_sleeper(pid) for pid in pids))
        parent.kill()
        parent.wait(timeout=10)
    wait_for(lambda: not any(alive(pid) for pid in pids))
