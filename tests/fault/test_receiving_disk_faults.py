"""Real disks that are full, or may not be written to, under a command that listens: a sentence, and nothing lost.

Thread: pytest's main thread; hub and commands are processes, the one that receives with a disk of its own.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.commands import SECONDS
from tests.support.disk_tree import nodes_below
from tests.support.leaks import wait_until
from tests.support.members import Member
from tests.support.own_disks import fill, may_mount, seen_by, with_disk

pytestmark = pytest.mark.skipif(not may_mount(), reason="disks of one's own are for root on Linux alone")
SIZE = 12 << 20
SLOWLY = ("--limit-speed", "8M")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What is sent."""
    tree = tmp_path / "photos"
    tree.mkdir()
    (tree / "large.bin").write_bytes(os.urandom(SIZE))
    (tree / "small.txt").write_text("small")
    return tree


def arrived(downloads: Path) -> int:
    """Bytes in the parts that are there."""
    return sum(path.stat().st_size for path in downloads.rglob(".tcpipchat-*/*"))


def test_a_disk_that_becomes_full_is_a_sentence_at_both_ends_and_goes_on_when_there_is_room(
    ann: Member, bob: Member, tree: Path
) -> None:
    """What has come stays in its part: the same command brings the very same tree."""
    bob = replace(bob, prefix=with_disk(bob.downloads, "size=16m"))
    with bob.listening() as at_bob:
        downloads = seen_by(at_bob.process, bob.downloads)
        with ann.sending("Bob", *SLOWLY, tree) as sending:
            assert wait_until(lambda: arrived(downloads) > SIZE // 4, SECONDS)
            filler = fill(downloads)
            code, complaints = sending.finish()
        assert code == 1
        assert "photos/large.bin failed at the receiver: the disk is full" in complaints
        failed = at_bob.next_item("batch_ended", state="failed")
        assert "the disk is full (No space left on device). Free some space" in failed["problems"][0]["why"]
        assert not (downloads / "photos" / "large.bin").exists()
        assert arrived(downloads) > SIZE // 4
        filler.unlink()
        with ann.sending("Bob", tree) as again:
            assert again.finish() == (0, "")
        at_bob.next_item("batch_ended", state="saved")
        assert nodes_below(downloads / "photos") == nodes_below(tree)


def test_a_disk_that_is_too_small_is_told_before_the_first_byte(ann: Member, bob: Member, tree: Path) -> None:
    """Nothing is written there."""
    bob = replace(bob, prefix=with_disk(bob.downloads, "size=8m"))
    with bob.listening() as at_bob, ann.sending("Bob", tree) as sending:
        code, complaints = sending.finish()
        at_bob.next_item("batch_ended", state="declined")
        assert list(seen_by(at_bob.process, bob.downloads).iterdir()) == []
    assert code == 1
    assert "free" in complaints


def test_a_disk_that_may_not_be_written_to_is_told_at_both_ends(ann: Member, bob: Member, tree: Path) -> None:
    """Root may not either; the one who listens goes on."""
    bob = replace(bob, prefix=with_disk(bob.downloads, "ro"))
    with bob.listening() as at_bob:
        for _ in range(2):
            with ann.sending("Bob", tree) as sending:
                code, complaints = sending.finish()
            assert code == 1
            assert "this folder may not be written to" in complaints
            assert "Traceback" not in complaints
            ended = at_bob.next_item("batch_ended")
            assert ended["state"] == "declined"
            assert "this folder may not be written to" in ended["reason"]
