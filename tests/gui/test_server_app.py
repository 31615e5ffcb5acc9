"""Opening and closing the server window: what it remembers, signals, and the options of the command."""

import os
import signal
import socket
from pathlib import Path

import pytest

from commonlib.classic.packet import PacketType
from tests.support.classic_client import ClassicClient
from tests.support.hand import Hand
from tests.support.leaks import wait_until
from tests.support.programs import SECONDS, Program, program
from tests.support.server_windows import HERE, HUB, exit_code, port_of


def test_the_window_remembers(hand: Hand, tmp_path: Path) -> None:
    """The colours, and the port that it listened on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with program(hand, tmp_path / "hub", HUB, "--host", "127.0.0.1") as window:
        window.wait_for("Port", "TLabel")
        window.until(lambda: bool(window.all_of("Listening") or window.all_of("already in use")), "nothing starts")
        if window.all_of("Listening"):
            window.click("Stop")
        window.wait_for("Stopped", "TLabel")
        window.fill("Port", str(port))
        window.click("Start")
        window.wait_for("Listening", "TLabel")
        window.click("Menu")
        window.choose_in_menu("Dark colours")
        window.hand.press("ctrl+q")
        assert exit_code(window) == 0
    with program(hand, tmp_path / "hub", HUB, "--host", "127.0.0.1") as window:
        window.wait_for("Listening", "TLabel")
        assert port_of(window) == port
        left, top, width, _ = window.wait_for("Listening", "TLabel").box
        assert max(hand.screen.picture().convert("RGB").getpixel((left + width + 40, top))) < 80


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_closes_the_window_without_a_question(
    server_window: Program, number: signal.Signals, code: int
) -> None:
    """The system wants it to end, or Ctrl-C was pressed in the terminal: people hear of it first."""
    with ClassicClient(port_of(server_window)).register("Ann") as ann:
        server_window.wait_for("1 client", "TLabel")
        os.kill(server_window.process.pid, number)
        ann.wait_for(PacketType.HOST_EXITING)
    assert exit_code(server_window) == code


def test_the_options_work_with_the_window(hand: Hand, tmp_path: Path) -> None:
    """A ready file, a folder of one's own, and lines on standard error."""
    ready, folder = tmp_path / "ready.json", tmp_path / "data"
    options = ("--ready-file", str(ready), "--data-dir", str(folder), "--log-format", "json")
    with program(hand, tmp_path / "hub", HUB, *HERE, *options) as window:
        window.wait_for("Listening", "TLabel")
        assert wait_until(ready.exists, SECONDS)
        assert wait_until(lambda: '"meaning": "good"' in window.said, SECONDS)
        window.hand.press("ctrl+q")
        assert exit_code(window) == 0
    kept = ["cert.pem", "control", "hub.sqlite3", "key.pem", "server-window.json", "server.log"]
    assert sorted(path.name for path in folder.iterdir()) == kept
