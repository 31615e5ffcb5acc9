"""The bundle as people get it: built by the documented command, run where no Python is known, used through its windows.

Slow: second stage of .ci/run. Threads: pytest's main thread, and those of tests/support/commands.py.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.commands import RunningCommand
from tests.support.desktop import titles, window_named
from tests.support.hand import Dropped, Hand
from tests.support.leaks import wait_until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
SECONDS_TO_BUILD = 900.0
PROGRAMS = {"server", "client", "server-cli", "client-cli"}


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The folder with the programs, built anew."""
    subprocess.run([sys.executable, "start.py", "bundle"], cwd=ROOT, check=True, timeout=SECONDS_TO_BUILD)
    return ROOT / "dist" / "tcpipchat"


class Machine:
    """A machine on which nothing is installed: programs know the screen and a home, and no other variable."""

    def __init__(self, bundle: Path, home: Path, display: str) -> None:
        self.home = home
        self._bundle = bundle
        self._environment = {"DISPLAY": display, "HOME": str(home)}
        self._stack = ExitStack()

    def start(self, program: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start one of the programs; it is killed in the end."""
        process = subprocess.Popen(
            [str(self._bundle / program), *arguments],
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._stack.enter_context(process)
        self._stack.callback(process.kill)
        return process

    def run(self, program: str, *arguments: str) -> str:
        """Run one of the programs to its end; what it printed."""
        said, complaints = self.start(program, *arguments).communicate(timeout=SECONDS)
        assert complaints == ""
        return said

    def close(self) -> None:
        """End everything."""
        self._stack.close()


@pytest.fixture
def machine(bundle: Path, hand: Hand, tmp_path: Path) -> Iterator[Machine]:
    """The machine, until the test ends."""
    home = tmp_path / "bare"
    home.mkdir()
    bare = Machine(bundle, home, hand.screen.name)
    yield bare
    bare.close()


@contextmanager
def hub(machine: Machine, program: str, *arguments: str) -> Iterator[str]:
    """A hub of the bundle; its address."""
    ready = machine.home / "ready.json"
    process = machine.start(program, "--host", "127.0.0.1", "--port", "0", "--ready-file", str(ready), *arguments)
    assert wait_until(lambda: ready.exists() or process.poll() is not None, SECONDS)
    assert process.poll() is None, process.communicate()
    yield f"127.0.0.1:{json.loads(ready.read_text(encoding='utf-8'))['port']}"


def test_every_program_is_there_and_says_its_version(machine: Machine, bundle: Path) -> None:
    """All four, beside the one folder of libraries."""
    assert {path.name for path in bundle.iterdir() if path.is_file()} == PROGRAMS
    assert machine.run("server-cli", "--version").startswith("tcpipserver ")
    assert machine.run("client-cli", "--version").startswith("tcpipclient ")


def test_the_commands_work_without_a_window(machine: Machine) -> None:
    """A hub in a console, and somebody who looks who is there: the first time he is told whom he trusts from now on."""
    with hub(machine, "server-cli", "--headless") as address:
        roster = ("client-cli", "roster", "--server", address, "--name", "Ann")
        said, told = machine.start(*roster, "--trust-on-first-use").communicate(timeout=SECONDS)
        assert said == "Nobody else is on the hub.\n"
        assert "is trusted from now on. Its key code is: " in told
        assert machine.run(*roster) == said


def test_windows_connect_talk_and_pass_a_file(machine: Machine, hand: Hand) -> None:
    """Ann writes to Bob and drops a file for him; he has both, and the hub's window is there."""
    with hub(machine, "server") as address:
        assert wait_until(lambda: "tcpipserver" in titles(hand.screen), SECONDS)
        downloads = machine.home / "received"
        bob = RunningCommand(
            machine.start(
                *("client-cli", "listen", "--server", address, "--name", "Bob", "--json", "--trust-on-first-use"),
                *("--accept", "all", "--downloads", str(downloads)),
            )
        )
        bob.next_item("ready")
        # On one machine there is one list of trusted hubs: Bob has just put this one on it.
        machine.start("client", "--server", address, "--name", "Ann", "--connect")
        assert wait_until(lambda: "Ann" in roster(machine, address), SECONDS)
        place = window_named(hand.screen, "tcpipchat", SECONDS)
        hand.press("ctrl+f", "Down", "ctrl+a", "ctrl+m")
        hand.write("Hello from a bundle")
        hand.press("Return")
        assert bob.next_item("text")["text"] == "Hello from a bundle"
        letter = machine.home / "a letter.txt"
        letter.write_text("Dear Bob")
        assert hand.drop([letter], place) == Dropped(accepted=True, action="XdndActionCopy")

        def is_confirmed_and_saved() -> bool:
            # The question opens when the file has been looked at; in an empty message Enter does nothing.
            hand.press("Return")
            return (downloads / letter.name).exists()

        assert wait_until(is_confirmed_and_saved, SECONDS)
        bob.next_item("batch_ended", state="saved")
        assert (downloads / letter.name).read_text() == "Dear Bob"


def roster(machine: Machine, address: str) -> list[str]:
    """The names of those who are there."""
    said = machine.run(
        "client-cli", "roster", "--server", address, "--name", "Looker", "--json", "--trust-on-first-use"
    )
    return [json.loads(line)["name"] for line in said.splitlines()]
