"""Thousands who connect to a client that listens, and say nothing or half a word: they cost it next to nothing.

Thread: pytest's main thread as the strangers; hub and commands are processes.
"""

import contextlib
import os
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import SECONDS, RunningCommand
from tests.support.members import Member

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory and descriptors are read from /proc")
CROWD = 2000
MOST_GROWTH = 8 << 20
"""Bytes: less than a thread's stack and TLS for each of them would take by far."""
MOST_THREADS = 32
MOST_DESCRIPTORS = 64
"""Both are more than a client has with all that it lets in at one time, and far fewer than the crowd."""


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """Room for the crowd in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CROWD + 1000
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), max(hard, wanted)))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, max(hard, wanted)))


def memory(command: RunningCommand) -> int:
    """Bytes that a process has in memory."""
    status = Path(f"/proc/{command.process.pid}/status").read_text("utf-8")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) << 10


def count_of(command: RunningCommand, what: str) -> int:
    """How many threads ("task") or descriptors ("fd") a process has."""
    return len(list(Path(f"/proc/{command.process.pid}/{what}").iterdir()))


def send(ann: Member, bob: RunningCommand, path: Path) -> str:
    """Ann sends a file to Bob, to its end; the way by which it went."""
    with ann.sending("Bob", "--path", "direct", path) as sending:
        assert sending.finish() == (0, "")
        bob.next_item("batch_ended", state="saved")
        ways = {item["way"] for item in sending.items if item["event"] == "batch_state" and item["way"]}
    assert len(ways) == 1
    return str(ways.pop())


@pytest.mark.parametrize("first_bytes", [b"", b"\x16\x03\x01\x02\x00\x01\x00"], ids=["silent", "half a hello"])
def test_two_thousand_half_open_connections_cost_a_client_nothing(
    ann: Member, bob: Member, tmp_path: Path, many_descriptors: None, first_bytes: bytes
) -> None:
    """No memory, no thread and few descriptors; whoever is known sends him files directly meanwhile."""
    for name in ("first", "second", "third"):
        (tmp_path / name).write_bytes(os.urandom(1 << 20))
    with bob.listening() as at_bob, contextlib.ExitStack() as crowd:
        send(ann, at_bob, tmp_path / "first")
        port = next(item["port"] for item in at_bob.items if item["event"] == "listening")
        send(ann, at_bob, tmp_path / "second")
        before = memory(at_bob)
        for _ in range(CROWD):
            stranger = crowd.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS))
            with contextlib.suppress(OSError):  # He may have been sent away for the next one.
                stranger.sendall(first_bytes)
        assert send(ann, at_bob, tmp_path / "third") == "direct"
        assert memory(at_bob) - before < MOST_GROWTH
        assert count_of(at_bob, "task") < MOST_THREADS
        assert count_of(at_bob, "fd") < MOST_DESCRIPTORS
    for name in ("first", "second", "third"):
        assert (bob.downloads / name).read_bytes() == (tmp_path / name).read_bytes()
