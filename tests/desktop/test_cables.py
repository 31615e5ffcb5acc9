"""Files between machines of their own whose cables are pulled in the middle, for longer than a connection lives.

Slow, for that takes the better part of a minute: second stage of .ci/run. Threads: pytest's main thread; hub, windows,
commands and the drag are processes, each on a machine of its own.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.desktop import move_window
from tests.support.disk_tree import nodes_below
from tests.support.hand import Dropped, Hand
from tests.support.hub_process import hub_process
from tests.support.leaks import wait_until
from tests.support.members import member_of
from tests.support.namespaces import Network, may_make_namespaces, network
from tests.support.programs import Program, program

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="network namespaces are for root on Linux alone")
SIZE = 24 << 20
SLOWLY = ("--limit-speed", "1M")
CLIENT = "tcpipchat"
DRAG_FROM = (2340, 1500)
"""Where no window is."""
SECONDS = 120.0
"""A peer is given up after 30 seconds of silence, a hub after 45."""


@pytest.fixture
def lan() -> Iterator[Network]:
    """Three machines."""
    with network("ann", "bob", "hub") as lan:
        yield lan


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What is sent."""
    tree = tmp_path / "photos"
    (tree / "empty").mkdir(parents=True)
    (tree / "large.bin").write_bytes(os.urandom(SIZE))
    (tree / "small.txt").write_text("small")
    return tree


def arrived(downloads: Path) -> int:
    """Bytes in the parts that are there."""
    return sum(path.stat().st_size for path in downloads.rglob(".tcpipchat-*/*"))


def test_machines_that_lose_each_other_go_on_through_the_hub(lan: Network, tree: Path, tmp_path: Path) -> None:
    """What has come by the direct way is not sent again."""
    (tmp_path / "hub").mkdir()
    machine = lan["hub"]
    with hub_process(
        tmp_path / "hub", "--data-dir", str(tmp_path / "hub" / "data"), host=machine.address, prefix=machine.prefix
    ) as hub:
        key = hub.key
        ann, bob = (
            member_of(hub.port, key, tmp_path / name, host=machine.address, prefix=lan[name].prefix)
            for name in ("ann", "bob")
        )
        with bob.listening() as at_bob, ann.sending("bob", *SLOWLY, tree) as sending:
            while sending.next_item("batch_progress")["done"] < SIZE // 4:
                pass
            lan.part("ann", "bob")
            sending.next_item("batch_state", way="hub")
            sending.next_item("batch_progress")
            assert sending.next_item("batch_progress")["done"] >= SIZE // 4 - (2 << 20)
            lan.join_again()
            assert sending.process.wait(SECONDS) == 0
            at_bob.next_item("batch_ended", state="saved")
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)


@dataclass(frozen=True, slots=True)
class Windows:
    """Ann's and Bob's, on machines of their own, and where their homes are."""

    ann: Program
    bob: Program
    folder: Path


@pytest.fixture
def windows(lan: Network, hand: Hand, tmp_path: Path) -> Iterator[Windows]:
    """Both have opened their windows, typed where the hub is and who they are, and trusted it."""
    (tmp_path / "hub").mkdir()
    machine = lan["hub"]
    with ExitStack() as stack:
        hub = stack.enter_context(hub_process(tmp_path / "hub", host=machine.address, prefix=machine.prefix))
        people = {}
        for name, place in (("Ann", (0, 0)), ("Bob", (1200, 0))):
            window = program(hand, tmp_path / name, "tcpipclient", prefix=lan[name.lower()].prefix)
            client = people[name] = stack.enter_context(window)
            client.wait_for("Not connected", "TLabel")
            move_window(hand.screen, CLIENT, place)
            client.fill("Host", machine.address)
            client.fill("Port", str(hub.port))
            client.fill("My name", name)
            client.click("Connect")
            client.click("It is the same: trust this hub")
            client.wait_for(f"Connected as {name}", "TLabel")
        for client in people.values():
            client.wait_for("1 other here", "TLabel")
        yield Windows(people["Ann"], people["Bob"], tmp_path)


def test_a_folder_arrives_though_the_link_goes_down_and_up(
    windows: Windows, lan: Network, tree: Path, tmp_path: Path
) -> None:
    """Both windows say what is the matter; when the cable is in again nobody has to do anything."""
    ann, bob = windows.ann, windows.bob
    ann.click("Settings")
    ann.choose_in_menu("Speed limit…")
    ann.button("Set")
    ann.fill("MB/s", "1")
    ann.click("Set")
    ann.choose("Bob")
    place = ann.wait_for("File Drop", "Label").place
    assert ann.hand.drop([tree], place, DRAG_FROM) == Dropped(accepted=True, action="XdndActionCopy")
    ann.click("Send 1 folder")
    bob.click("Accept…")
    bob.button("Not now")
    bob.click("Accept")
    assert wait_until(lambda: arrived(windows.folder / "Bob") > SIZE // 4, SECONDS)
    ann.wait_for("direct", "TLabel")
    lan["bob"].unplug()
    # Longer than any connection lives: the hub is given up, too.
    assert wait_until(lambda: bool(bob.all_of("Connected as Bob", "TLabel")) is False, SECONDS)
    before = arrived(windows.folder / "Bob")
    assert SIZE // 4 < before < SIZE
    lan["bob"].plug_in()
    assert wait_until(lambda: bool(ann.all_of("Sent to Bob", "TLabel")), SECONDS)
    bob.wait_for("Saved from Ann", "TLabel")
    (downloads,) = {path.parent for path in (windows.folder / "Bob").rglob("photos")}
    assert nodes_below(downloads / "photos") == nodes_below(tree)
