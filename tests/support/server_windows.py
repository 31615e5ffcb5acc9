"""The server window as a process of its own, for the tests that click it.

Owns the fixture `server_window` and what is read off it everywhere. It must never know a widget.
Thread: pytest's main thread.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hand import Hand
from tests.support.leaks import wait_until
from tests.support.programs import SECONDS, Program, program

HUB = "tcpipserver"
HERE = ("--host", "127.0.0.1", "--port", "0")


@pytest.fixture
def server_window(hand: Hand, tmp_path: Path) -> Iterator[Program]:
    """The window of a hub that listens on a free port."""
    with program(hand, tmp_path / "hub", HUB, *HERE) as running:
        running.wait_for("Listening", "TLabel")
        yield running


def port_of(window: Program) -> int:
    """As it can be read beside the word."""
    return int(window.field("Port").text)


def exit_code(window: Program) -> int:
    """What it was, once the window has gone."""
    assert wait_until(lambda: window.process.poll() is not None, SECONDS), window.said
    return int(window.process.wait())
