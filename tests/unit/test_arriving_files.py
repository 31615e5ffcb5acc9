"""Files whose bytes come in pieces."""

import errno
import os
import threading
from pathlib import Path

import pytest

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import SMALLEST_RESUMED, Choices
from tcpipclient.folder_errors import FolderError
from tcpipclient.net.peer.arriving_files import ArrivingFiles
from tcpipclient.tree import DownloadTree

WAIT_SECONDS = 10.0
LARGE = SMALLEST_RESUMED


def listed(name: str, size: int) -> Listed:
    """A file of a manifest."""
    return Listed(len(name), 0, (name,), EntryKind.FILE, size, 0, 0, name)


@pytest.mark.parametrize("size", [1000, LARGE])
def test_what_came_in_pieces_is_finished_when_all_of_it_is_written(tmp_path: Path, size: int) -> None:
    """A large one has been forced to the disk then."""
    tree, woken = DownloadTree(tmp_path, bytes(32), Choices()), threading.Event()
    files, content = ArrivingFiles(tree, woken.set), os.urandom(size)
    files.begin(listed("a", size), 0)
    for start in range(0, size, 300):
        files.write(memoryview(content)[start : start + 300])
    files.end()
    files.drain()
    files.drain()
    [arrival] = files.ended()
    arrival.finish()
    assert list(files.ended()) == []
    assert (tmp_path / "a").read_bytes() == content
    assert woken.is_set() is (size == LARGE)
    files.close()
    tree.close()


def test_forcing_a_file_holds_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is written while the disk takes its time, and signs of life go out."""
    may_go_on = threading.Event()
    monkeypatch.setattr(os, "fsync", lambda _: may_go_on.wait(WAIT_SECONDS))
    tree = DownloadTree(tmp_path, bytes(32), Choices())
    files = ArrivingFiles(tree, lambda: None)
    content = memoryview(bytes(LARGE))
    for name in ("a", "bb"):
        files.begin(listed(name, LARGE), 0)
        files.write(content)
        files.end()
    files._writer.drain()
    assert files.has_written(files.writes)
    assert list(files.ended()) == []
    may_go_on.set()
    files.drain()
    ended = list(files.ended())
    assert [arrival.listed.path for arrival in ended] == [("a",), ("bb",)]
    for arrival in ended:
        arrival.finish()
    files.close()
    tree.close()


@pytest.mark.parametrize("size", [1000, LARGE])
def test_what_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """At once or by one of the next pieces, at the latest when it is finished."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    tree = DownloadTree(tmp_path, bytes(32), Choices())
    files = ArrivingFiles(tree, lambda: None)
    files.begin(listed("a", size), 0)
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FolderError, match="the disk is full"):
        write_all(files, size)
    files.close()
    tree.close()


def write_all(files: ArrivingFiles, size: int) -> None:
    """Write until something fails, and finish."""
    for _ in range(2):
        files.write(memoryview(b"\1" * (size // 2)))
    files.end()
    files.drain()
    for arrival in files.ended():
        arrival.finish()


def test_what_is_stopped_leaves_its_part(tmp_path: Path) -> None:
    """With all that came of it."""
    tree = DownloadTree(tmp_path, bytes(32), Choices())
    files, entry = ArrivingFiles(tree, lambda: None), listed("a", 2 * LARGE)
    files.begin(entry, 0)
    files.write(memoryview(bytes(LARGE)))
    files.stop(entry.number + 1)
    files.write(memoryview(bytes(10)))
    files.stop(entry.number)
    files.write(memoryview(bytes(10)))
    assert tree.look(entry).part_size == LARGE + 10
    files.close()
    tree.close()
