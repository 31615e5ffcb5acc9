"""Files between machines of their own whose cables are pulled in the middle, for longer than a connection lives.

Slow, for that takes the better part of a minute: second stage of .ci/run. Threads: pytest's main thread; hub, windows,
commands and the drag are processes, each on a machine of its own.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint
from tests.support.disk_tree import nodes_below
from tests.support.hub_process import hub_process
from tests.support.members import member_of
from tests.support.namespaces import Network, may_make_namespaces, network

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="network namespaces are for root on Linux alone")
SIZE = 24 << 20
SLOWLY = ("--limit-speed", "1M")
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
        key = Fingerprint(bytes.fromhex(hub.ready["fingerprint"]))
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
