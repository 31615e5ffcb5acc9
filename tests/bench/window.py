"""`window`: whether the windows stay alive under load, and how soon they are drawn.

Owns what is sent at the windows, and the report. Must never touch a widget: the windows are processes of their own, on
a screen of ours. The main thread.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tcpipclient.api import Client
from tcpipclient.config import ClientConfig
from tcpipclient.core.trusting import Trust
from tests.bench import window_start
from tests.bench.beats import Stalls
from tests.bench.children import HOST, ChildError, running_hub
from tests.bench.figures import Requirement, number, table
from tests.bench.file_programs import compiled_programs
from tests.bench.gathering import Gathering
from tests.bench.machine import raise_descriptor_limit
from tests.bench.window_child import LAST_TEXT, SENDER
from tests.bench.window_programs import screen_environment, window_program
from tests.bench.wire_limits import RAISED
from tests.support.virtual_screen import virtual_screen

MOST_MILLISECONDS = 50.0
"""The longest stall of a window's thread."""
_SCREEN = (1600, 1000)
_HEAD = ("load", "longest ms", "99th percentile ms", "own work ms", "beats", "required", "")
_BLOCK = 1 << 20
_OWN_DESCRIPTORS = 100
_TELL_SECONDS, _LOOK_SECONDS = 10.0, 0.02


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each load."""

    lines: int
    people: int
    messages: int
    files: int
    mib: int


def run(amounts: Amounts, rounds: int) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Raises:
        ChildError: A window did not become ready, or did not show everything.
        OSError: A connection broke.
    """
    print(raise_descriptor_limit(amounts.people + _OWN_DESCRIPTORS), end="\n\n")
    with compiled_programs(), virtual_screen(_SCREEN) as screen:
        environment = screen_environment(screen.name)
        measured = _measure_loads(environment, amounts)
        rows, requirements = [], []
        for what, stalls in measured:
            requirement = Requirement(
                f"{what}, longest stall", stalls.longest * 1000, MOST_MILLISECONDS, at_least=False, unit=" ms"
            )
            outcome = "MISSED" if requirement.is_missed else "met"
            figures = [number(seconds * 1000, 1) for seconds in (stalls.longest, stalls.percentile, stalls.busiest)]
            rows.append([what, *figures, number(stalls.beats), f"≤ {MOST_MILLISECONDS:g}", outcome])
            requirements.append(requirement)
        print(f"Stalls of the window's thread\n{table(_HEAD, rows)}\n")
        return [*requirements, *window_start.run(screen.name, environment, rounds)]


def _measure_loads(environment: dict[str, str], amounts: Amounts) -> list[tuple[str, Stalls]]:
    # Thrown away: it compiles the modules, as those of an installed program are.
    _from_sender(environment, "drop", 1, lambda *_: None)
    with window_program(environment, "log", amounts.lines) as program:
        program.begin()
        measured = [(f"{amounts.lines:,} log lines (server)", program.stalls())]
    with (
        running_hub(*RAISED) as hub,
        window_program(environment, "people", amounts.people, hub.port) as program,
        Gathering(hub.port) as gathering,
    ):
        program.begin()
        gathering.grow(amounts.people)
        measured.append((f"{amounts.people:,} people", program.stalls()))

    def talk(sender: Client, recipient: int) -> None:
        for message in range(amounts.messages - 1):
            sender.send_text(f"Message {message}, of a length that people write.", recipient)
        sender.send_text(LAST_TEXT, recipient)

    def send_file(sender: Client, recipient: int) -> None:
        path = Path(folder) / "bench.bin"
        with path.open("wb") as file:
            for _ in range(amounts.mib):
                file.write(bytes(_BLOCK))
        sender.send_file(path, recipient)

    def send_folder(sender: Client, recipient: int) -> None:
        many = Path(folder) / "many"
        many.mkdir()
        for count in range(amounts.files):
            (many / f"file {count:05}.txt").write_bytes(b"x")
        sender.send_files([many], recipient)

    measured.append(
        (f"{amounts.messages:,} messages", _from_sender(environment, "messages", amounts.messages, talk)),
    )
    measured.append(
        (f"{amounts.files:,} files in one drop", _from_sender(environment, "drop", amounts.files, lambda *_: None))
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measured.append((f"{amounts.mib:,} MiB arriving", _from_sender(environment, "file", amounts.mib, send_file)))
        what = f"{amounts.files:,} files arriving in a folder"
        measured.append((what, _from_sender(environment, "batch", amounts.files, send_folder)))
    return measured


def _from_sender(environment: dict[str, str], load: str, amount: int, send: Callable[[Client, int], None]) -> Stalls:
    """Measure a client's window that has selected another client, who sends."""
    with (
        running_hub() as hub,
        Client(ClientConfig(HOST, hub.port, SENDER, trust=Trust.FIRST_USE)) as sender,
        window_program(environment, load, amount, hub.port) as program,
    ):
        recipient = _only_person(sender)
        program.begin()
        send(sender, recipient)
        return program.stalls()


def _only_person(client: Client) -> int:
    """The id of the other one on the hub, which may take a moment to tell of him.

    Raises:
        ChildError: There is nobody.
    """
    deadline = time.monotonic() + _TELL_SECONDS
    while time.monotonic() < deadline:
        if client.people:
            return client.people[0].id
        time.sleep(_LOOK_SECONDS)
    raise ChildError("the window is not on the hub")
