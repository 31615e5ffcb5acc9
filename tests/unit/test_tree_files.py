"""What is done to a received file while it is open."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from tcpipclient import tree_files
from tcpipclient.tree_files import SMALLEST_HOLE, is_dated, set_mode, write_all


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A new file, and where it is."""
    descriptor = os.open(tmp_path / "f", os.O_RDWR | os.O_CREAT, 0o666)
    yield descriptor, tmp_path / "f"
    os.close(descriptor)


def test_a_system_that_takes_few_bytes_at_once_gets_all_of_them(
    opened: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One behind the other."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    write_all(opened[0], b"0123456789")
    assert opened[1].read_bytes() == b"0123456789"


@pytest.mark.skipif(sys.platform != "linux", reason="Only some systems tell how much room a file takes")
def test_long_runs_of_zeros_take_no_room(opened: tuple[int, Path]) -> None:
    """Wherever they are, at the end too; what stands around them is what came."""
    megabyte = bytes(1 << 20)
    pieces = [b"begin", megabyte * 20, b"\0middle\0", memoryview(megabyte * 3)[5:], bytes(SMALLEST_HOLE)]
    for piece in pieces:
        write_all(opened[0], piece)
    assert opened[1].read_bytes() == b"".join(pieces)
    assert opened[1].stat().st_blocks * 512 < 1 << 20


def test_short_runs_of_zeros_are_written(opened: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A hole for every few bytes would only break the file into pieces."""
    lengths: list[int] = []
    monkeypatch.setattr(os, "ftruncate", lambda _, length: lengths.append(length))
    write_all(opened[0], bytes(SMALLEST_HOLE - 1))
    assert (lengths, opened[1].read_bytes()) == ([], bytes(SMALLEST_HOLE - 1))


def test_a_date_is_set_or_left_to_who_sets_it_by_name(
    opened: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Systems differ; no word about the date needs neither."""
    before = opened[1].stat().st_mtime_ns
    assert is_dated(opened[0], 0)
    assert opened[1].stat().st_mtime_ns == before
    monkeypatch.setattr(tree_files, "_DATED_BY_DESCRIPTOR", False)
    assert not is_dated(opened[0], 5_000_000_000)
    assert is_dated(opened[0], 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_what_its_owner_may_not_do_at_the_sender_he_may_not_here(opened: tuple[int, Path]) -> None:
    """Rights are taken, never given."""
    opened[1].chmod(0o640)
    set_mode(opened[0], Listed(0, 0, ("f",), EntryKind.FILE, 0, 0, 0o444, "f"))
    assert opened[1].stat().st_mode & 0o777 == 0o440
