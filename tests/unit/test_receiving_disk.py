"""What the receiving machine asks of a disk."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import Outcome, Place
from commonlib.transfer.resume import Choices
from tcpipclient.source_tree import scan
from tcpipclient.tree import ArrivingFile
from tests.support.disk_ends import ReceivingEnd, SendingEnd
from tests.support.memory_transfer import Cut, join
from tests.support.random_trees import described, make_tree


def send(path: Path, folder: Path, choices: Choices | None = None, cut: Cut | None = None) -> ReceivingEnd:
    """Carry everything over, or up to a cut."""
    sender, receiver = SendingEnd(scan([path], links=True)), ReceivingEnd(folder, choices)
    join(sender, receiver, cut=cut)
    sender.disk.close()
    receiver.disk.close()
    return receiver


def test_folders_get_their_dates_and_modes_after_their_content(tmp_path: Path) -> None:
    """Also one that its owner may not write into."""
    make_tree(tmp_path / "tree", 3)
    folder = tmp_path / "tree" / "read-only" / "inner"
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x")
    folder.parent.chmod(0o555)
    os.utime(folder.parent, ns=(1, 1_000_000_007))
    send(tmp_path / "tree", tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")


def test_what_is_called_otherwise_is_told_at_both_ends(tmp_path: Path) -> None:
    """Because the name was taken."""
    (tmp_path / "a.txt").write_bytes(b"new")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"old")
    receiver = send(tmp_path / "a.txt", tmp_path / "in", Choices(Conflict.RENAME))
    [problem] = receiver.problems
    assert (problem.outcome, problem.why) == (Outcome.SAVED, 'it was saved as "a (2).txt"')
    assert receiver.tops == [tmp_path / "in" / "a (2).txt"]


def test_an_offer_that_is_larger_than_the_disk_is_declined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its first byte, in a sentence with both numbers."""
    (tmp_path / "big").write_bytes(bytes(5000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10_000, 6000, 4000))
    receiver = send(tmp_path / "big", tmp_path / "in")
    assert receiver.refusals == ["the disk has no room for it: 5,000 bytes are needed and 4,000 are free"]
    assert not list((tmp_path / "in").glob("[!.]*"))


def test_a_disk_that_does_not_say_what_is_free_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As some network shares do not: what does not fit fails when it is written."""
    (tmp_path / "file").write_bytes(bytes(5000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 0))
    receiver = send(tmp_path / "file", tmp_path / "in")
    assert not receiver.refusals
    assert (tmp_path / "in" / "file").stat().st_size == 5000


def test_what_is_there_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree that was sent before is not refused by a disk that it fills; a file that does not fit fails alone."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "old").write_bytes(bytes(5000))
    send(tree, tmp_path / "in")
    (tree / "new").write_bytes(bytes(4500))
    (tree / "small").write_bytes(bytes(100))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10_000, 6000, 4000))
    receiver = send(tree, tmp_path / "in")
    assert not receiver.refusals
    [problem] = receiver.problems
    assert (problem.path, problem.outcome, problem.place) == ("tree/new", Outcome.FAILED, Place.RECEIVER)
    assert "4,500 bytes are needed" in problem.why
    assert sorted(path.name for path in (tmp_path / "in" / "tree").iterdir()) == ["old", "small"]


def test_a_disk_that_fills_fails_what_does_not_fit_and_keeps_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest goes on; with room again only what is missing comes."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a-large").write_bytes(os.urandom(5 << 20))
    (tree / "b-small").write_bytes(b"small")
    write = os.write
    left = [3 << 20]

    def filling(descriptor: int, data: memoryview) -> int:
        if len(data) > 1000 and left[0] < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= len(data)
        return write(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", filling)
        receiver = send(tree, tmp_path / "in")
    [problem] = receiver.problems
    assert (problem.path, problem.outcome, problem.place) == ("tree/a-large", Outcome.FAILED, Place.RECEIVER)
    assert "the disk is full" in problem.why
    assert (tmp_path / "in" / "tree" / "b-small").read_bytes() == b"small"
    sender, receiver = SendingEnd(scan([tree], links=True)), ReceivingEnd(tmp_path / "in")
    begin, offsets = receiver.disk._tree.begin, list[int]()

    def noting(listed: Listed, offset: int) -> ArrivingFile:
        offsets.append(offset)
        return begin(listed, offset)

    monkeypatch.setattr(receiver.disk._tree, "begin", noting)
    join(sender, receiver)
    sender.disk.close()
    receiver.disk.close()
    assert described(tmp_path / "in" / "tree") == described(tree)
    assert len(offsets) == 1
    assert offsets[0] > 2 << 20


def test_a_cut_leaves_parts_and_the_rest_comes_the_next_time(tmp_path: Path) -> None:
    """Wherever it was cut."""
    make_tree(tmp_path / "tree", 5, largest=6 << 20, links=True)
    for sent in (100, 10_000, 1 << 20, 3 << 20, 6 << 20):
        send(tmp_path / "tree", tmp_path / "in", cut=Cut(sent, 1 << 30))
    send(tmp_path / "tree", tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["tree"]


def test_a_folder_that_is_gone_or_closed_fails_in_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry tells why; nothing else is touched."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "file").write_bytes(b"x")
    mkdir = os.mkdir

    def refuse(path: object, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if dir_fd is not None and not str(path).startswith(".tcpipchat"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        mkdir(path, mode, dir_fd=dir_fd)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "mkdir", refuse)
    receiver = send(tree, tmp_path / "in")
    whys = {problem.path: problem.why for problem in receiver.problems}
    assert "may not be written to" in whys["tree"]
    assert "could not be made" in whys["tree/file"]
