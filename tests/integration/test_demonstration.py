"""The demonstration that start.py shows: what it tells, how it fails, and that nothing of it stays.

Thread: pytest's main thread; the demonstration and the commands it starts are processes of their own.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.leaks import wait_until

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "examples" / "demonstration.py"
SECONDS = 120.0


def start_demonstration(temporary: Path, folder: Path = ROOT) -> subprocess.Popen[str]:
    """Start it in a folder, whose packages it then uses, with a place of its own for temporary files."""
    temporary.mkdir()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    return subprocess.Popen(
        [sys.executable, str(DEMONSTRATION)],
        cwd=folder,
        env={**os.environ, **places},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def has_processes(group: int) -> bool:
    """Whether any process of the group is still there; one that has just ended is until its parent has seen it."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_tells_who_said_what_and_that_the_file_is_the_same(tmp_path: Path) -> None:
    """A hub, a text and a file: each is told in a sentence, the exit code is 0, and no file stays."""
    with start_demonstration(tmp_path / "t") as running:
        said, complaints = running.communicate(timeout=SECONDS)
    assert complaints == ""
    assert running.returncode == 0
    assert "A hub listens on 127.0.0.1:" in said
    assert "Alice said to Bob: Hello Bob" in said
    assert "have the same SHA-256" in said
    assert list((tmp_path / "t").iterdir()) == []


def test_a_failing_command_is_told_with_what_it_said(tmp_path: Path) -> None:
    """When the hub cannot start, its own sentence is shown, with the next step and exit code 1."""
    (tmp_path / "tcpipserver").mkdir()
    (tmp_path / "tcpipserver" / "__init__.py").touch()
    (tmp_path / "tcpipserver" / "__main__.py").write_text("raise SystemExit('The port is taken.')")
    with start_demonstration(tmp_path / "t", folder=tmp_path) as running:
        said, complaints = running.communicate(timeout=SECONDS)
    assert running.returncode == 1
    assert said == ""
    assert "tcpipserver ended with exit code 1 and said:\nThe port is taken.\n" in complaints
    assert "run start.py again" in complaints
    assert list((tmp_path / "t").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows interrupts a whole console, the one of the tests included")
def test_ctrl_c_stops_all_of_it(tmp_path: Path) -> None:
    """Interrupted while the hub runs, it exits 130 with a sentence, and leaves neither a process nor a file."""
    with start_demonstration(tmp_path / "t") as running:
        assert wait_until(lambda: any((tmp_path / "t").rglob("ready.json")), SECONDS)
        os.killpg(running.pid, signal.SIGINT)
        _, complaints = running.communicate(timeout=SECONDS)
    assert complaints == "The demonstration was stopped as asked.\n"
    assert running.returncode == 130
    assert wait_until(lambda: not has_processes(running.pid), SECONDS)
    assert list((tmp_path / "t").iterdir()) == []
