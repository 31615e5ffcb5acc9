"""What was dropped, looked at on a real disk."""

import os
from pathlib import Path

import pytest

from commonlib.classic.file_sending import LARGEST_FILE
from tcpipclient.gui.drop_reading import NO_FOLDER, REPORT_EVERY, TOO_LARGE, count_drop, read_drop
from tcpipclient.gui.model import DropCounted, DroppedFile, DropRead, DropReading


def read(*items: str) -> DropRead:
    """Read a drop that stays wanted."""
    found = read_drop(1, items, lambda _: None, lambda: True)
    assert found is not None
    return found


def test_files_are_found_in_their_order_and_once(tmp_path: Path) -> None:
    """Whatever their names hold."""
    names = ["b {x}.txt", "a b.txt", "Zoë 😀.txt", "100%41"]
    for name in names:
        (tmp_path / name).write_bytes(b"12345")
    items = [str(tmp_path / name) for name in names]
    found = read(*items, items[0])
    assert found.files == tuple(DroppedFile(tmp_path / name, name, 5) for name in names)
    assert found.refused == ()


@pytest.mark.parametrize(
    ("item", "word"),
    [
        ("http://example.org/a.txt", "address"),
        ("smb://host/share", "address"),
        ("localhost/x", "no path"),
        ("", "no path"),
        ("/no/such/file", "cannot be read"),
        ("/a\0b", "cannot be read (the path cannot be used)"),
    ],
)
def test_what_is_no_file_here_is_refused(item: str, word: str) -> None:
    """With the rest of a sentence that says why."""
    found = read(item)
    assert found.files == ()
    assert (found.refused[0].item, word in found.refused[0].reason) == (item, True)


def test_folders_and_huge_files_go_in_batches_only(tmp_path: Path) -> None:
    """With the reason for those who cannot get them; what is no ordinary file, and a whole disk, never go."""
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    found = read(str(tmp_path), str(huge), "/dev/null", "/")
    assert found.files == (
        DroppedFile(tmp_path, tmp_path.name, 0, is_folder=True, only_in_batch=NO_FOLDER),
        DroppedFile(huge, "huge", LARGEST_FILE + 1, only_in_batch=TOO_LARGE),
    )
    assert [refused.item for refused in found.refused] == ["/dev/null", "/"]
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE)
    assert read(str(huge)).files[0].only_in_batch == ""


def test_what_is_in_folders_is_counted(tmp_path: Path) -> None:
    """Links, too, which the user may want or not; each thing at the top with its size."""
    folder = tmp_path / "Photos"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "a").write_bytes(b"12345")
    (folder / "b").write_bytes(b"123")
    (folder / "link").symlink_to("b")
    alone = tmp_path / "c"
    alone.write_bytes(b"1")
    assert count_drop(3, [folder, alone], lambda: True) == DropCounted(3, 3, 2, 1, 9, {"Photos": 8, "c": 1})
    os.mkfifo(folder / "pipe")
    left_out = count_drop(3, [folder], lambda: True)
    assert left_out is not None
    assert [item.item for item in left_out.left_out] == ["Photos/pipe"]
    gone = count_drop(3, [folder / "gone"], lambda: True)
    assert gone is not None
    assert "cannot be sent" in gone.problem


def test_counting_stops_when_nobody_wants_to_know(tmp_path: Path) -> None:
    """The question was answered meanwhile."""
    for number in range(2000):
        (tmp_path / str(number)).touch()
    assert count_drop(3, [tmp_path], lambda: False) is None


def test_a_large_drop_is_told_of_and_can_be_given_up() -> None:
    """Now and then, while it is read."""
    items = [f"/no/such/{number}" for number in range(2 * REPORT_EVERY + 1)]
    told: list[DropReading] = []
    assert read_drop(4, items, told.append, lambda: not told) is None
    assert told == [DropReading(4, REPORT_EVERY, len(items))]
    found = read_drop(4, items, told.append, lambda: True)
    assert found is not None
    assert len(found.refused) == len(items)
    assert told[-1] == DropReading(4, 2 * REPORT_EVERY, len(items))
