"""The program `tcpipclient` with its window: from the command line to the exit code."""

import os
from pathlib import Path

from tests.support.commands import run_client
from tests.support.desktop import close_window
from tests.support.hand import Hand
from tests.support.leaks import wait_until
from tests.support.programs import SECONDS, program
from tests.support.running_hub import running_hub


def test_asked_to_connect_it_does(hand: Hand, tmp_path: Path) -> None:
    """With the host and the name of the command line; the next start offers them, and closing ends with code 0."""
    with running_hub() as hub:
        address = f"127.0.0.1:{hub.service.port}"
        with program(
            hand, tmp_path / "ann", "tcpipclient", "--server", address, "--name", "Ann", "--connect"
        ) as window:
            window.wait_for("Connected as Ann")
            close_window(window.hand.screen, "tcpipchat")
            assert wait_until(lambda: window.process.poll() is not None, SECONDS)
            assert window.process.returncode == 0
    with program(hand, tmp_path / "ann", "tcpipclient") as window:
        assert window.field("Host").text == "127.0.0.1"
        assert window.field("My name").text == "Ann"


def test_without_a_display_it_says_so() -> None:
    """One sentence with a next step, and exit code 2."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = run_client(environment=environment)
    assert done.returncode == 2
    assert "there is no display for the window" in done.stderr
    assert done.stderr.count("\n") == 1
