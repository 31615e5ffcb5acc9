"""The command `tcpipserver` as scripts meet it: ready file, signals, exit codes, log, and where it keeps its things.

Each hub is a process of its own. Thread: pytest's main thread.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from commonlib.classic.packet import PacketType
from commonlib.identity import fingerprint_from_hex, key_code
from tests.support.classic_client import ClassicClient
from tests.support.hub_process import AS_COMMAND, ROOT, hub_process, run_hub
from tests.support.leaks import wait_until

SECONDS = 30.0
NO_WINDOW = "There is no display for the server window ("
posix = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process that is sent SIGTERM or SIGINT")
BREAKING = """
import sys
from tcpipserver.cli import main
from tcpipserver.net.reader import Reader
def _break(self, connection):
    raise LookupError("made up")
Reader._read = _break
sys.exit(main(sys.argv[1:]))
"""


@posix
def test_a_hub_gets_ready_and_ends_when_told(tmp_path: Path) -> None:
    """The ready file is whole and says port and process; after SIGTERM people hear a goodbye, the code is 0."""
    with hub_process(tmp_path) as hub:
        assert hub.ready == {"port": hub.port, "fingerprint": hub.ready["fingerprint"], "pid": hub.process.pid}
        hub.wait_for(key_code(fingerprint_from_hex(hub.ready["fingerprint"])))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "ready.json", "stderr.txt"]
        with ClassicClient(hub.port).register("Ann") as ann:
            ann.echo()
            hub.process.send_signal(signal.SIGTERM)
            ann.wait_for(PacketType.HOST_EXITING)
        assert hub.exit_code() == 0
        assert "Traceback" not in hub.said
        assert NO_WINDOW not in hub.said


@posix
def test_ctrl_c_ends_a_hub_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGINT stops it as cleanly, and the exit code says that it was interrupted; without a display it says so."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with hub_process(tmp_path, is_headless=False) as hub:
        assert hub.end(signal.SIGINT) == 130
        assert hub.said.startswith(NO_WINDOW)
        assert "The hub stops" in hub.said
        assert "Traceback" not in hub.said


@posix
def test_everything_of_a_hub_is_in_its_folder(tmp_path: Path) -> None:
    """With --data-dir the log is written there, and nothing anywhere else."""
    folder = tmp_path / "a new" / "folder"
    with hub_process(tmp_path, "--data-dir", str(folder)) as hub:
        ClassicClient(hub.port).register("Ann").close()
        hub.wait_for("Ann (1) is gone")
        assert hub.end() == 0
    kept = (folder / "server.log").read_text(encoding="utf-8")
    assert kept.splitlines() == hub.said.splitlines()
    assert sorted(path.name for path in folder.iterdir()) == [
        *("cert.pem", "control", "hub.sqlite3", "key.pem", "server.log")
    ]
    assert not list((tmp_path / "home").iterdir())


@posix
@pytest.mark.parametrize("is_named", [False, True])
def test_without_a_folder_the_environment_or_the_system_names_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_named: bool
) -> None:
    """TCPIPCHAT_HOME is used as it is; without it the log is somewhere in the user's home."""
    home = tmp_path / "home"
    if is_named:
        monkeypatch.setenv("TCPIPCHAT_HOME", str(home / "named"))
    else:
        monkeypatch.delenv("TCPIPCHAT_HOME")
    with hub_process(tmp_path) as hub:
        assert hub.end() == 0
    logs = list(home.rglob("server.log"))
    assert len(logs) == 1
    assert (logs[0].parent == home / "named") is is_named


@posix
def test_json_lines_can_be_read_by_programs(tmp_path: Path) -> None:
    """With --log-format json every line on standard error and in the file is an object with time, meaning and text."""
    with hub_process(tmp_path, "--log-format", "json", "--data-dir", str(tmp_path / "data")) as hub:
        with ClassicClient(hub.port).register('An"n\n') as ann:
            ann.say("hello\nthere", to=0)
            ann.wait_for(PacketType.MESSAGE_RECEIVED)
        hub.wait_for("is gone")
        assert hub.end() == 0
    lines = [json.loads(line) for line in hub.said.splitlines()]
    assert all(sorted(line) == ["meaning", "text", "time"] for line in lines)
    assert [line["meaning"] for line in lines] == [
        *("good", "note", "note"),
        *("connection", "good", "talk", "connection", "note"),
    ]
    assert 'An"n\\n (1) to the server' in lines[5]["text"]
    assert (tmp_path / "data" / "server.log").read_text(encoding="utf-8") == hub.said


def test_a_taken_port_is_a_sentence_and_exit_code_1(tmp_path: Path) -> None:
    """A second hub on the same port says what to do, without a traceback."""
    with hub_process(tmp_path) as hub:
        folder = str(tmp_path / "another")
        code, said = run_hub("--headless", "--host", "127.0.0.1", "--port", str(hub.port), "--data-dir", folder)
        assert code == 1
        assert said.startswith(f"Port {hub.port} is already in use on this machine")
        assert said.count("\n") == 1


@pytest.mark.parametrize("wrong", [["--port", "70000"], ["--port", "x"], ["--no-such-thing"], ["--log-format", "xml"]])
def test_wrong_use_is_exit_code_2(wrong: list[str]) -> None:
    """Arguments that mean nothing are refused before anything starts."""
    code, said = run_hub("--headless", *wrong)
    assert code == 2
    assert "usage: tcpipserver" in said
    assert "Traceback" not in said


def test_a_ready_file_that_cannot_be_written_ends_the_hub(tmp_path: Path) -> None:
    """A script that waits for the file would wait for ever, so the hub says why and ends; no half file stays."""
    for place in (tmp_path / "missing" / "ready.json", tmp_path):
        code, said = run_hub("--headless", "--host", "127.0.0.1", "--port", "0", "--ready-file", str(place))
        assert code == 1
        assert f"The ready file {place} cannot be written: " in said
        assert "Traceback" not in said
    assert not list(tmp_path.parent.glob("*.part"))


def test_a_data_folder_that_cannot_be_used_ends_the_hub(tmp_path: Path) -> None:
    """A folder that is a file is told, with the option that names another."""
    (tmp_path / "file").touch()
    code, said = run_hub("--headless", "--port", "0", "--data-dir", str(tmp_path / "file"))
    assert code == 1
    assert said.startswith(f"{tmp_path / 'file'} cannot be used: ")
    assert "Traceback" not in said


def test_a_hub_of_which_a_thread_breaks_ends_with_1(tmp_path: Path) -> None:
    """It does not limp on: the log tells how the thread broke, people are told goodbye, the exit code is 1."""
    with hub_process(tmp_path, python=("-c", BREAKING)) as hub:
        with ClassicClient(hub.port).register("Ann") as ann:
            ann.send(b"x")
            ann.wait_for(PacketType.HOST_EXITING)
        assert hub.exit_code() == 1
        assert "LookupError: made up" in hub.said
        assert "The hub's reader-1 thread broke; the log says how. Start the hub again." in hub.said


# Where nobody reads what it says


@pytest.fixture
def full_pipe() -> Iterator[int]:
    """The end for writing of a pipe that takes nothing more: what a paused terminal is to a program."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    for chunk in (bytes(4096), b"x"):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, chunk)
    os.set_blocking(writing, True)
    yield writing
    os.close(reading)
    os.close(writing)


def holds(path: Path, part: str) -> bool:
    """Whether this is somewhere in the file."""
    return path.exists() and part in path.read_text(encoding="utf-8")


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
@pytest.mark.parametrize("is_headless", [False, True])
def test_a_hub_that_nobody_reads_works_logs_and_ends_when_told(
    tmp_path: Path, full_pipe: int, number: signal.Signals, code: int, is_headless: bool
) -> None:
    """It starts, server.log takes every line to the last one, and the exit code is the usual one."""
    arguments = ["--data-dir", str(tmp_path / "data")]
    with hub_process(tmp_path, *arguments, is_headless=is_headless, descriptor=full_pipe) as hub:
        kept = tmp_path / "data" / "server.log"
        for name in ("Ann", "Bob"):
            ClassicClient(hub.port).register(name).close()
            assert wait_until(partial(holds, kept, f"{name} ("), SECONDS)
        assert hub.end(number) == code
        assert "The hub stops" in kept.read_text("utf-8").splitlines()[-1]


@posix
def test_a_hub_that_nobody_reads_ends_with_1_when_it_is_refused(tmp_path: Path, full_pipe: int) -> None:
    """The sentence is lost, the exit code tells."""
    (tmp_path / "file").touch()
    command = [sys.executable, *AS_COMMAND, "--headless", "--port", "0", "--data-dir", str(tmp_path / "file")]
    assert subprocess.run(command, cwd=ROOT, stderr=full_pipe, timeout=SECONDS, check=False).returncode == 1
