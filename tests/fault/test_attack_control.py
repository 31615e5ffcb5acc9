"""The operator's line attacked by a program of his own user: the hub and its people go on, and so does the operator.

The hub is a process of its own; the garbage is made from fixed seeds. Thread: pytest's main thread.
"""

import os
import random
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tcpipserver.control import requests
from tcpipserver.control.answers import Done
from tcpipserver.control.asking import ask
from tcpipserver.control.authkey import LARGEST_GREETING
from tcpipserver.control.listener import MOST_CALLERS
from tcpipserver.control.place import read_contact
from tests.support.classic_client import ClassicClient
from tests.support.hub_process import HubProcess, hub_process

SECONDS = 20.0
SILENT = 100
ROUNDS = 60

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has named pipes instead")


@contextmanager
def attacked(tmp_path: Path) -> Iterator[tuple[HubProcess, Path]]:
    """A hub and its socket; afterwards its people, its operator and itself are as they were."""
    data = tmp_path / "data"
    with hub_process(tmp_path, "--data-dir", str(data)) as hub, ClassicClient(hub.port) as ann:
        ann.register("Ann")
        threads = threads_of(hub)
        yield hub, Path(read_contact(data).address)
        ann.echo()
        assert ask(data, requests.StatusAsked(), SECONDS)[-1] == Done()
        assert threads_of(hub) <= threads + MOST_CALLERS
        assert "Traceback" not in hub.said
        assert ask(data, requests.Stop(), SECONDS) == [Done()]
        assert hub.exit_code() == 0


def threads_of(hub: HubProcess) -> int:
    """How many threads the process has, where the system tells."""
    tasks = Path(f"/proc/{hub.process.pid}/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 0


def connected(address: Path) -> socket.socket:
    """A caller without any manners."""
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.connect(str(address))  # Without a timeout the system waits for room in its queue.
    caller.settimeout(SECONDS)
    return caller


def pour(caller: socket.socket, data: bytes) -> None:
    """Send as much of it as the hub takes, then wait for the end."""
    with caller:
        try:
            caller.sendall(data)
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(4096):
                pass
        except OSError:
            pass  # The hub ended it in the middle.


def test_a_crowd_that_says_nothing_keeps_nobody_out(tmp_path: Path) -> None:
    """While it is there, the operator is answered and people talk."""
    with attacked(tmp_path) as (hub, address), ExitStack() as crowd:
        for _ in range(SILENT):
            crowd.enter_context(connected(address))
        assert ask(tmp_path / "data", requests.StatusAsked(), SECONDS)[-1] == Done()
        with ClassicClient(hub.port) as bob:
            bob.register("Bob").echo()


def test_garbage_costs_its_sender_the_connection(tmp_path: Path) -> None:
    """Noise, lengths that lie, a proof that is none, too much of everything, each cut anywhere."""
    chance = random.Random(7)
    with attacked(tmp_path) as (_, address):
        for _ in range(ROUNDS):
            length = chance.choice((0, 1, 64, LARGEST_GREETING + 1, 1 << 20, 0x7FFF_FFFF, 0xFFFF_FFFF))
            body = chance.randbytes(chance.choice((0, 1, 63, 64, 65, 100_000)))
            pour(connected(address), chance.choice((body, struct.pack("<I", length) + body)))


def test_callers_who_come_and_go_leave_nothing_behind(tmp_path: Path) -> None:
    """Neither a thread nor a descriptor."""
    with attacked(tmp_path) as (hub, address):
        ask(tmp_path / "data", requests.StatusAsked(), SECONDS)
        before = descriptors_of(hub)
        for _ in range(SILENT):
            connected(address).close()
        ask(tmp_path / "data", requests.StatusAsked(), SECONDS)
        assert descriptors_of(hub) <= before + MOST_CALLERS


def descriptors_of(hub: HubProcess) -> int:
    """How many descriptors the process has, where the system tells."""
    descriptors = Path(f"/proc/{hub.process.pid}/fd")
    return len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
