"""tree_short_way: it leads to the same place as the long way does, and gives up at whatever is out of the ordinary."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import SMALLEST_RESUMED, Choices
from tcpipclient import tree, tree_short_way
from tcpipclient.folder import Skipped
from tcpipclient.folder_errors import FolderError
from tcpipclient.tree import DownloadTree
from tcpipclient.tree_short_way import maybe_save
from tests.support.disk_tree import SENDER

DATED = 1_700_000_000_123_456_789
PART = "arriving"

posix_only = pytest.mark.skipif(os.name != "posix", reason="folders have no descriptors on this system")


def listed(name: str, content: bytes, modified_ns: int = DATED, mode: int = 0) -> Listed:
    """A file that is on its way."""
    return Listed(0, 0, (name,), EntryKind.FILE, len(content), modified_ns, mode, name)


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Descriptors of a folder for parts, and of one that the files go to."""
    descriptors = []
    for name in ("parts", "files"):
        (tmp_path / name).mkdir()
        descriptors.append(os.open(tmp_path / name, os.O_RDONLY))
    yield descriptors[0], descriptors[1]
    for descriptor in descriptors:
        os.close(descriptor)


def outcome(root: Path, entry: Listed, content: bytes, conflict: Conflict) -> list[object]:
    """Save a file twice, and once other bytes of that name; all that can be seen of what has become of it."""
    saving = DownloadTree(root, SENDER, Choices(conflict))
    seen: list[object] = []
    try:
        for data in (content, content, content + b"more"):
            changed = listed(entry.sent_name, data, entry.modified_ns, entry.mode)
            try:
                placed = saving.save(changed, data)
            except FolderError as error:
                seen.append(type(error))
            else:
                seen.append(placed.reason if isinstance(placed, Skipped) else placed)
    finally:
        saving.close()
    for path in sorted(root.rglob("*")):
        found = path.lstat()
        date = found.st_mtime_ns if entry.modified_ns else 0
        seen.append((path.name, path.read_bytes(), date, stat.S_IMODE(found.st_mode), found.st_nlink))
    return seen


@pytest.mark.parametrize("conflict", list(Conflict))
@pytest.mark.parametrize(
    ("modified_ns", "mode", "content"),
    [(0, 0, b"abc"), (DATED, 0o400, b""), ((1 << 63) - 1, 0o640, b"abc"), (DATED, 0o777, bytes(SMALLEST_RESUMED - 1))],
)
def test_both_ways_lead_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, conflict: Conflict, modified_ns: int, mode: int, content: bytes
) -> None:
    """The same names, bytes, dates and modes, whatever is there already and whatever the user has chosen."""
    entry = listed("a file.txt", content, modified_ns, mode)
    short = outcome(tmp_path / "short", entry, content, conflict)
    monkeypatch.setattr(tree, "maybe_save", lambda *_: False)
    assert outcome(tmp_path / "long", entry, content, conflict) == short


@posix_only
def test_a_plain_file_goes_the_short_way(folders: tuple[int, int], tmp_path: Path) -> None:
    """It has its name, its bytes and its date, and nothing is left of the part."""
    assert maybe_save(folders[0], PART, folders[1], listed("f", b"abc", mode=0o640), b"abc")
    path = tmp_path / "files" / "f"
    assert (path.read_bytes(), path.stat().st_mtime_ns, stat.S_IMODE(path.stat().st_mode)) == (b"abc", DATED, 0o640)
    assert not list((tmp_path / "parts").iterdir())


@posix_only
def test_a_large_file_and_one_without_descriptors_do_not(folders: tuple[int, int], tmp_path: Path) -> None:
    """The one is forced to the disk, the other is on a system that has none."""
    parts, files = folders
    large = listed("f", bytes(SMALLEST_RESUMED))
    assert not maybe_save(parts, PART, files, large, bytes(SMALLEST_RESUMED))
    assert not maybe_save(None, PART, files, listed("f", b"abc"), b"abc")
    assert not maybe_save(parts, PART, None, listed("f", b"abc"), b"abc")
    assert not list(tmp_path.rglob("f"))


@posix_only
def test_a_taken_name_is_left_alone_and_the_part_waits(folders: tuple[int, int], tmp_path: Path) -> None:
    """The user's choice decides what becomes of both."""
    (tmp_path / "files" / "f").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        maybe_save(folders[0], PART, folders[1], listed("f", b"abc"), b"abc")
    assert (tmp_path / "files" / "f").read_bytes() == b"mine"
    assert (tmp_path / "parts" / PART).read_bytes() == b"abc"


def _refuse(*_: object, **__: object) -> int:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@posix_only
@pytest.mark.parametrize("call", ["open", "write", "utime", "link"])
def test_what_fails_leaves_nothing_behind(
    folders: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The long way begins anew, and tells what is wrong; the same after a write that took less than was given."""
    monkeypatch.setattr(tree_short_way.os, call, _refuse)
    assert not maybe_save(folders[0], PART, folders[1], listed("f", b"abc"), b"abc")
    if call == "write":
        monkeypatch.setattr(os, "write", lambda *_: 1)
        assert not maybe_save(folders[0], PART, folders[1], listed("f", b"abc"), b"abc")
    monkeypatch.undo()
    assert not list((tmp_path / "parts").iterdir())
    assert not list((tmp_path / "files").iterdir())


@posix_only
def test_a_link_in_the_place_of_the_part_is_not_written_through(folders: tuple[int, int], tmp_path: Path) -> None:
    """Whoever may write there could have put it there."""
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "parts" / PART).symlink_to(tmp_path / "mine")
    assert not maybe_save(folders[0], PART, folders[1], listed("f", b"abc"), b"abc")
    assert (tmp_path / "mine").read_bytes() == b"mine"
