"""What an exchange looks up on the disk, and the thread that does.

Threads: pytest's main thread, and the one under test.
"""

import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.core.batch_events import BatchOffered, OfferedEntry
from tcpipclient.net.exchange.disk import DiskLooks, maybe_room, with_disk

OFFERED = BatchOffered(
    1, 0, 2, "Bob", bytes(32), Totals(files=2), tuple(OfferedEntry(EntryKind.FILE, name, name, 1) for name in "ab")
)


def test_looks_are_taken_one_after_another_until_the_end() -> None:
    """What was not begun by then is not, and who looks can ask whether anybody still wants to know."""
    looks = DiskLooks("test")
    looks.stop()
    looks.join()
    looks = DiskLooks("test")
    seen: list[int] = []
    began, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        began.set()
        assert go_on.wait(10.0)
        seen.append(2 if looks.is_wanted else 3)

    looks.look(lambda: seen.append(1))
    looks.look(slow)
    looks.look(lambda: seen.append(4))
    assert began.wait(10.0)
    looks.stop()
    go_on.set()
    looks.join()
    looks.look(lambda: seen.append(5))
    assert seen == [1, 3]


def test_an_offer_says_what_is_there_and_how_much_room() -> None:
    """A link that leads nowhere is there, too; a folder that does not exist yet has the room of the one above."""
    assert with_disk(OFFERED, None) == OFFERED


def test_names_that_are_there_are_found(tmp_path: Path) -> None:
    """Whatever they are."""
    (tmp_path / "b").mkdir()
    offered = with_disk(OFFERED, tmp_path)
    assert [entry.is_there for entry in offered.top] == [False, True]
    assert offered.room is not None
    assert offered.room > 0


def test_room_is_that_of_the_folder_that_is_there(tmp_path: Path) -> None:
    """And none can be told where a file is in the way."""
    assert maybe_room(tmp_path / "not" / "there") is not None
    (tmp_path / "file").write_bytes(b"")
    assert maybe_room(tmp_path / "file" / "below") is None


def test_a_disk_that_does_not_say_how_large_it_is_is_not_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network drives have no bytes at all, by their own word."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=0, free=0))
    assert maybe_room(tmp_path) is None
