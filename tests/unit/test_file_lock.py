"""Locks on open files: one descriptor has it, of whatever process."""

import sys
from pathlib import Path

from commonlib.storage.file_lock import maybe_lock, share, unlock


def test_one_descriptor_has_the_lock_until_it_gives_it_back_or_is_closed(tmp_path: Path) -> None:
    """Nobody waits; and where a file is read or written stays where it was."""
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    with path.open("r+b", buffering=0) as first, path.open("r+b", buffering=0) as second:
        first.seek(1)
        assert maybe_lock(first.fileno())
        assert first.read() == b"bc"
        assert not maybe_lock(second.fileno())
        unlock(first.fileno())
        assert maybe_lock(second.fileno())
        assert not maybe_lock(first.fileno())
    with path.open("r+b") as third:
        assert maybe_lock(third.fileno())


def test_those_who_share_a_lock_keep_out_whoever_wants_it_alone(tmp_path: Path) -> None:
    """Until the last of them is closed; Windows has no such lock."""
    path = tmp_path / "file"
    path.write_bytes(b"")
    with path.open("r+b") as first, path.open("r+b") as alone:
        with path.open("r+b") as second:
            share(first.fileno())
            share(second.fileno())
            first.close()
            assert maybe_lock(alone.fileno()) is (sys.platform == "win32")
        assert maybe_lock(alone.fileno()) is (sys.platform != "win32")
