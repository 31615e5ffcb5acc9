"""What was dropped, looked at on a real disk."""

from pathlib import Path

import pytest

from commonlib.classic.file_sending import LARGEST_FILE
from tcpipclient.gui.drop_reading import REPORT_EVERY, read_drop
from tcpipclient.gui.model import DroppedFile, DropRead, DropReading


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


def test_folders_and_what_is_no_ordinary_file_are_refused(tmp_path: Path) -> None:
    """And files that this wire cannot say the size of."""
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    reasons = [refused.reason for refused in read(str(tmp_path), "/dev/null", str(huge)).refused]
    assert reasons[0].startswith("folders cannot be sent yet")
    assert reasons[-1].startswith("files of 4 GiB and more")
    assert len(reasons) == 3
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE)
    assert len(read(str(huge)).files) == 1


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
