"""Files between machines of their own: directly where they reach each other, through the hub where they do not.

Threads: pytest's main thread; hub and commands are processes, each on a machine of its own.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import RunningCommand
from tests.support.disk_tree import nodes_below
from tests.support.hub_process import hub_process
from tests.support.members import Member, member_of
from tests.support.namespaces import Network, may_make_namespaces, network

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="network namespaces are for root on Linux alone")
SIZE = 12 << 20
SLOWLY = ("--limit-speed", "8M")


@pytest.fixture
def lan() -> Iterator[Network]:
    """Three machines."""
    with network("ann", "bob", "hub") as lan:
        yield lan


@pytest.fixture
def people(lan: Network, tmp_path: Path) -> Iterator[tuple[Member, Member]]:
    """Ann and Bob, who know the hub that runs on the third machine."""
    (tmp_path / "hub").mkdir()
    machine = lan["hub"]
    with hub_process(
        tmp_path / "hub", "--data-dir", str(tmp_path / "hub" / "data"), host=machine.address, prefix=machine.prefix
    ) as hub:
        key = hub.key
        yield tuple(  # type: ignore[misc]
            member_of(hub.port, key, tmp_path / name, host=machine.address, prefix=lan[name.lower()].prefix)
            for name in ("Ann", "Bob")
        )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What is sent."""
    tree = tmp_path / "photos"
    (tree / "empty").mkdir(parents=True)
    (tree / "large.bin").write_bytes(os.urandom(SIZE))
    (tree / "small.txt").write_text("small")
    return tree


def arrived(bob: Member) -> int:
    """Bytes in the parts that Bob has."""
    return sum(path.stat().st_size for path in bob.downloads.rglob(".tcpipchat-*/*"))


def ways_of(command: RunningCommand) -> set[str]:
    """All ways by which its bytes went."""
    return {item["way"] for item in command.items if item["event"] == "batch_state" and item["way"]}


def test_machines_that_reach_each_other_use_no_hub(people: tuple[Member, Member], tree: Path) -> None:
    """The bytes go directly, and the hub's machine sees none of them."""
    ann, bob = people
    with bob.listening() as at_bob, ann.sending("Bob", tree) as sending:
        assert sending.finish() == (0, "")
        assert ways_of(sending) == {"direct"}
        at_bob.next_item("batch_ended", state="saved")
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)


def test_machines_that_do_not_reach_each_other_use_the_hub(
    people: tuple[Member, Member], lan: Network, tree: Path
) -> None:
    """As behind a firewall that lets nobody in: nothing has to be set."""
    ann, bob = people
    lan.part("ann", "bob")
    with bob.listening() as at_bob, ann.sending("Bob", tree) as sending:
        assert sending.finish() == (0, "")
        assert ways_of(sending) == {"hub"}
        at_bob.next_item("batch_ended", state="saved")
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)


def test_a_cable_that_is_out_for_a_moment_costs_a_moment(
    people: tuple[Member, Member], lan: Network, tree: Path
) -> None:
    """The same connection goes on, and nobody has to do anything."""
    ann, bob = people
    with bob.listening() as at_bob, ann.sending("Bob", *SLOWLY, tree) as sending:
        while sending.next_item("batch_progress")["done"] < SIZE // 4:
            pass
        lan["bob"].unplug()
        # Nothing moves any more: what the sender counts is what the receiver has told of.
        while sending.next_item("batch_progress")["speed"] > SIZE // 8:
            pass
        assert arrived(bob) < SIZE
        lan["bob"].plug_in()
        assert sending.finish() == (0, "")
        at_bob.next_item("batch_ended", state="saved")
    assert ways_of(sending) == {"direct"}
    assert nodes_below(bob.downloads / "photos") == nodes_below(tree)
