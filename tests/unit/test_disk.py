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


SECONDS = 10.0


def nothing() -> None:
    """Where no look is to fail."""
    raise AssertionError("it has failed")


def test_looks_are_taken_one_after_another_until_the_end() -> None:
    """What was not begun by then is not, and who looks can ask whether anybody still wants to know."""
    looks = DiskLooks("test")
    looks.stop()
    assert looks.join(SECONDS)
    looks = DiskLooks("test")
    seen: list[int] = []
    began, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        began.set()
        assert go_on.wait(10.0)
        seen.append(2 if looks.is_wanted else 3)

    looks.look(lambda: seen.append(1), nothing)
    looks.look(slow, nothing)
    looks.look(lambda: seen.append(4), nothing)
    assert began.wait(10.0)
    looks.stop()
    go_on.set()
    assert looks.join(SECONDS)
    looks.look(lambda: seen.append(5), nothing)
    assert seen == [1, 3]


def test_a_disk_that_does_not_answer_keeps_nobody_waiting() -> None:
    """Neither the next look, once it has taken too long, nor whoever ends it all."""
    looks = DiskLooks("test", at_once=2, patience=0.1)
    began, go_on, seen = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        assert go_on.wait(SECONDS)

    looks.look(hang, nothing)
    looks.look(seen.set, nothing)
    assert began.wait(SECONDS)
    assert seen.wait(SECONDS)
    looks.stop()
    assert not looks.join(0.1)
    go_on.set()
    assert looks.join(SECONDS)


def test_while_looks_come_back_in_time_there_is_one_at_a_time() -> None:
    """They begin in the order in which they were asked for."""
    looks = DiskLooks("test", at_once=4, patience=SECONDS)
    seen: list[int] = []
    at_once: list[int] = []
    lock, done = threading.Lock(), threading.Event()

    def take(number: int) -> None:
        at_once.append(lock.acquire(blocking=False))
        seen.append(number)
        lock.release()
        if number == 49:
            done.set()

    for number in range(50):
        looks.look(lambda number=number: take(number), nothing)  # type: ignore[misc]
    assert done.wait(SECONDS)
    looks.stop()
    assert looks.join(SECONDS)
    assert seen == list(range(50))
    assert all(at_once)


def test_a_look_that_fails_is_told_and_the_next_one_is_taken(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever asked would wait for ever; the log says what it was."""
    looks = DiskLooks("test")
    failed, seen = threading.Event(), threading.Event()
    looks.look(lambda: 1 // 0, failed.set)  # type: ignore[arg-type]
    looks.look(seen.set, nothing)
    assert failed.wait(SECONDS)
    assert seen.wait(SECONDS)
    looks.stop()
    assert looks.join(SECONDS)
    assert "a look at a disk has failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


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
