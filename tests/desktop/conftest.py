"""The fixtures of window tests, and a whole network of windows: a hub and three clients, each where the others are not.

Owns the places of the windows. Threads: pytest's main thread; every window is a process of its own.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.desktop import move_window
from tests.support.hand import Hand
from tests.support.programs import Program, program
from tests.support.window_fixtures import hand, pytest_runtest_makereport, screen, session_screen

__all__ = ["hand", "pytest_runtest_makereport", "screen", "session_screen"]

NAMES = ("Ann", "Bob", "Cid")
PLACES = {"Ann": (0, 0), "Bob": (1200, 0), "Cid": (0, 800), "hub": (1200, 800)}
HUB, CLIENT = "tcpipserver", "tcpipchat"


@dataclass(frozen=True, slots=True)
class Room:
    """A hub and those who are connected to it.

    Attributes:
        folder: Each program's home is below it, by the person's name; the hub's is "hub".
    """

    hub: Program
    port: int
    ann: Program
    bob: Program
    cid: Program
    folder: Path


@pytest.fixture
def hub(hand: Hand, tmp_path: Path) -> Iterator[Program]:
    """The window of a hub that listens on a free port of this machine."""
    with program(hand, tmp_path / "hub", "tcpipserver", "--host", "127.0.0.1", "--port", "0") as running:
        running.wait_for("Listening", "TLabel")
        move_window(hand.screen, HUB, PLACES["hub"])
        yield running


@pytest.fixture
def room(hub: Program, hand: Hand, tmp_path: Path) -> Iterator[Room]:
    """Ann, Bob and Cid have opened their windows, typed where the hub is and who they are, and trusted it."""
    port = int(hub.field("Port").text)
    with ExitStack() as stack:
        people = []
        for name in NAMES:
            client = stack.enter_context(program(hand, tmp_path / name, "tcpipclient"))
            client.wait_for("Not connected", "TLabel")
            move_window(hand.screen, CLIENT, PLACES[name])
            client.fill("Host", "127.0.0.1")
            client.fill("Port", str(port))
            client.fill("My name", name)
            client.click("Connect")
            client.click("It is the same: trust this hub")
            client.wait_for(f"Connected as {name}", "TLabel")
            people.append(client)
        for client in people:
            client.wait_for("2 here", "TLabel")
        yield Room(hub, port, *people, tmp_path)
