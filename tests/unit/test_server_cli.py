"""The parts of the command `tcpipserver`: arguments, signals, ready file, folder.

The command as a whole is tested in tests/integration/test_hub_command.py. Threads: pytest's main thread, and one that
raises a signal.
"""

import argparse
import json
import logging
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

import commonlib
from commonlib.identity import Fingerprint
from tcpipserver import cli, options
from tcpipserver.cli import ReadyFileError, Signals

SECONDS = 20.0
KEY = Fingerprint(b"\x07" * 32)
HANDLED = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


@pytest.fixture
def signals() -> Iterator[Signals]:
    """Signals that are received; afterwards they mean what they meant before."""
    before = {number: signal.getsignal(number) for number in HANDLED}
    yield Signals()
    for number, handler in before.items():
        signal.signal(number, handler)


def parsed(*arguments: str) -> argparse.Namespace:
    """What the command understands."""
    return options.parser().parse_args(arguments)


# Arguments


def test_without_arguments_the_settings_are_the_usual_ones() -> None:
    """All addresses, text, and the system's own folder; the port is the window's last one, else the usual one."""
    assert vars(parsed()) == {
        "headless": False,
        "host": "",
        "port": None,
        "data_dir": None,
        "ready_file": None,
        "hub_name": "",
        "log_format": "text",
        "join_code_file": None,
        "approve": False,
        "no_classic": False,
        "limit": [],
    }


@pytest.mark.parametrize("port", [0, 1, 9999, 65_535])
def test_a_port_is_a_number_of_16_bits(port: int) -> None:
    """0 is any free one."""
    assert parsed("--port", str(port)).port == port


@pytest.mark.parametrize("port", ["65536", "-1", "1.5", "", "x", "٣", "1e3", "99999999999999999999"])
def test_what_is_no_port_is_wrong_use(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told with those that are."""
    with pytest.raises(SystemExit) as caught:
        parsed("--port", port)
    assert caught.value.code == 2
    assert "give a number from 1 to 65535, or 0 for any free" in capsys.readouterr().err or port.startswith("-")


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    """Told on standard output, with code 0."""
    with pytest.raises(SystemExit) as caught:
        parsed("--version")
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"tcpipserver {commonlib.__version__}\n"


def test_the_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts depend on them."""
    with pytest.raises(SystemExit):
        parsed("--help")
    assert "0 stopped, 1 refused or failed, 2 wrong use, 130 interrupted" in " ".join(capsys.readouterr().out.split())


# Signals


@pytest.mark.parametrize("number", HANDLED)
def test_a_signal_ends_the_waiting(signals: Signals, number: int) -> None:
    """At once, also one that came before the waiting began; only Ctrl-C counts as an interruption."""
    assert not signals.wait(0)
    signal.raise_signal(number)
    assert signals.wait(SECONDS)
    assert signals.is_interrupted is (number == signal.SIGINT)


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process that is sent SIGTERM")
def test_a_signal_is_received_while_the_main_thread_waits(signals: Signals) -> None:
    """It wakes it."""
    timer = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    assert signals.wait(SECONDS)
    timer.join(SECONDS)


# The ready file


def test_the_ready_file_appears_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written beside its place and then renamed, over an older one too; nothing else stays."""
    place = tmp_path / "ready.json"
    place.write_text("older")
    seen: list[str] = []
    replace = Path.replace

    def look_and_replace(source: Path, target: Path) -> Path:
        seen.extend((target.read_text(), source.read_text()))
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", look_and_replace)
    cli._write_ready_file(place, 4711, KEY)
    expected = {"port": 4711, "fingerprint": "07" * 32, "pid": os.getpid()}
    assert seen[0] == "older"
    assert json.loads(seen[1]) == json.loads(place.read_text()) == expected
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["ready.json"]


@pytest.mark.parametrize("place", ["", ".", "/", "missing/ready.json", "folder"])
def test_a_ready_file_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """As a documented error with the option that helps; no half file stays."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReadyFileError, match="Name another place with --ready-file") as caught:
        cli._write_ready_file(Path(place), 1, KEY)
    assert str(caught.value).startswith(f"The ready file {Path(place)} cannot be written: ")
    assert not list(tmp_path.glob("*.part"))


# The folder


def test_the_folder_is_the_chosen_one_before_all_others(tmp_path: Path) -> None:
    """It is made where it is missing, for its owner alone."""
    chosen = tmp_path / "a" / "b"
    assert cli._make_data_folder(chosen) == chosen
    assert chosen.is_dir()
    if os.name == "posix":
        assert chosen.stat().st_mode & 0o077 == 0


def test_then_it_is_the_one_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TCPIPCHAT_HOME, unless it is empty."""
    monkeypatch.setenv("TCPIPCHAT_HOME", str(tmp_path / "named"))
    assert cli._make_data_folder(None) == tmp_path / "named"
    monkeypatch.setenv("TCPIPCHAT_HOME", "")
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "system"))
    assert cli._make_data_folder(None) == tmp_path / "system" / "server"


def test_without_standard_error_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without a console has none; its exit code still tells."""
    (tmp_path / "file").touch()
    monkeypatch.setattr("sys.stderr", None)
    level = logging.getLogger().level
    try:
        assert cli.main(["--headless", "--data-dir", str(tmp_path / "file")]) == 1
    finally:
        logging.getLogger().setLevel(level)
