"""Batches whose ends, or whose hub, are killed in the middle: the same command goes on, and nothing is spoilt.

Thread: pytest's main thread; hub and commands are processes.
"""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.commands import SECONDS, RunningCommand
from tests.support.disk_tree import nodes_below
from tests.support.hub_process import HubProcess
from tests.support.leaks import wait_until
from tests.support.members import Member

SIZE = 16 << 20
HALF = SIZE // 2
SLOWLY = ("--limit-speed", "16M")
CRAWLING = ("--limit-speed", "8M")
"""Progress is told many times before half of it has gone out."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What is sent: one large file between small ones."""
    tree = tmp_path / "photos"
    (tree / "inner").mkdir(parents=True)
    (tree / "large.bin").write_bytes(os.urandom(SIZE))
    for name in ("a.txt", "z.txt"):
        (tree / "inner" / name).write_text(name)
    return tree


def has_half(member: Member) -> bool:
    """Whether half of the large file is in its part."""
    return any(path.is_file() and path.stat().st_size >= HALF for path in member.downloads.rglob(".tcpipchat-*/*"))


def wait_for_half(member: Member) -> None:
    """Return when half of the large file has come."""
    assert wait_until(lambda: has_half(member), SECONDS)


def first_progress(sending: RunningCommand) -> int:
    """How much is done when something is done for the first time."""
    while not (done := sending.next_item("batch_progress")["done"]):
        pass
    return int(done)


@pytest.mark.parametrize("way", ["direct", "hub"])
def test_a_sender_that_is_killed_goes_on_where_it_was(ann: Member, bob: Member, tree: Path, way: str) -> None:
    """The same command again: what is there is not sent a second time, and the trees are the same."""
    with bob.listening() as at_bob:
        with ann.sending("Bob", "--path", way, *SLOWLY, tree) as sending:
            wait_for_half(bob)
            sending.process.kill()
            sending.finish()
        with ann.sending("Bob", "--path", way, *CRAWLING, tree) as again:
            assert first_progress(again) >= HALF - (2 << 20)
            assert again.finish() == (0, "")
        at_bob.next_item("batch_ended", state="saved")
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)
    assert [path.name for path in bob.downloads.iterdir()] == ["photos"]


def test_a_receiver_that_is_killed_and_comes_back_gets_the_rest(ann: Member, bob: Member, tree: Path) -> None:
    """The sender's command, still running, finds him again and goes on."""
    with bob.listening() as at_bob, ann.sending("Bob", *SLOWLY, tree) as sending:
        wait_for_half(bob)
        at_bob.process.kill()
        at_bob.finish()
        sending.next_item("batch_state", state="connecting")
        with bob.listening() as back:
            assert back.next_item("batch_ended")["state"] == "saved"
            assert sending.finish() == (0, "")
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)


def test_a_hub_that_is_killed_does_not_stop_what_goes_directly(
    hub: HubProcess, ann: Member, bob: Member, tree: Path
) -> None:
    """The sender ends well; the receiver goes on to the end, and only then complains of the hub."""
    with bob.listening() as at_bob, ann.sending("Bob", "--path", "direct", *SLOWLY, tree) as sending:
        wait_for_half(bob)
        hub.process.kill()
        assert sending.finish() == (0, "")
        assert at_bob.next_item("batch_ended")["state"] == "saved"
        code, complaints = at_bob.finish()
    assert code == 1
    assert "What has a way of its own goes on" in complaints
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)


def test_a_hub_that_is_killed_stops_what_goes_through_it(hub: HubProcess, ann: Member, bob: Member, tree: Path) -> None:
    """Code 1 at both ends, at once, with the sentence that the same command goes on."""
    with bob.listening() as at_bob, ann.sending("Bob", "--path", "hub", *SLOWLY, tree) as sending:
        wait_for_half(bob)
        hub.process.kill()
        code, complaints = sending.finish()
        assert at_bob.finish()[0] == 1
    assert code == 1
    assert complaints.startswith("To Bob (")
    assert "the same command goes on where it stopped" in complaints
    assert "Traceback" not in complaints


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts a whole console, the one of the tests included")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_cancels_at_both_ends_and_leaves_the_parts(
    ann: Member, bob: Member, tree: Path, number: signal.Signals
) -> None:
    """Code 130 and what to do; the receiver is told at once; the same command then goes on."""
    with bob.listening() as at_bob:
        with ann.sending("Bob", *SLOWLY, tree) as sending:
            wait_for_half(bob)
            sending.process.send_signal(number)
            assert sending.next_item("batch_ended")["state"] == "cancelled"
            code, complaints = sending.finish()
        assert at_bob.next_item("batch_ended")["state"] == "cancelled"
        assert has_half(bob)
        with ann.sending("Bob", *CRAWLING, tree) as again:
            assert first_progress(again) >= HALF - (2 << 20)
            assert again.finish() == (0, "")
    assert code == 130
    assert complaints == (
        "tcpipclient: stopped as asked. What has arrived is kept there: the same command goes on where it stopped.\n"
    )
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)


def test_a_receiver_that_leaves_ends_the_sender(ann: Member, bob: Member, tree: Path) -> None:
    """He has said goodbye, so nobody waits for him: code 1, and the part stays."""
    with bob.listening() as at_bob, ann.sending("Bob", *SLOWLY, tree) as sending:
        wait_for_half(bob)
        at_bob.process.terminate()
        assert at_bob.finish()[0] == 130
        code, complaints = sending.finish()
    assert code == 1
    assert complaints.startswith("To Bob (")
    assert has_half(bob)
