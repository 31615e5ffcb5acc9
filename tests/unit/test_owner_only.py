"""Files that only their owner may read, written whole or not at all."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commonlib.storage import owner_only
from commonlib.storage.owner_only import (
    LARGEST_FILE,
    StorageError,
    make_private_folder,
    place_once,
    read_owner_only,
    write_owner_only,
)

ON_POSIX = os.name == "posix"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty one."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_for_its_owner_alone(folder: Path) -> None:
    """Also in place of a file that others could read, and nothing else is left in the folder."""
    path = folder / "key.pem"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_owner_only(path, b"new")
    assert read_owner_only(path) == b"new"
    assert not ON_POSIX or mode_of(path) == 0o600
    assert list(folder.iterdir()) == [path]


def test_writing_does_not_follow_a_link(tmp_path: Path) -> None:
    """The link gives way to the file; what it pointed to is as it was."""
    other = tmp_path / "other"
    other.write_bytes(b"not ours")
    link = tmp_path / "key.pem"
    link.symlink_to(other)
    write_owner_only(link, b"secret")
    assert other.read_bytes() == b"not ours"
    assert not link.is_symlink()


def test_a_write_that_fails_leaves_the_old_file_and_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is found before the name is given."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = folder / "key.pem"
    write_owner_only(path, b"old")
    monkeypatch.setattr(owner_only.os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        write_owner_only(path, b"new")
    assert read_owner_only(path) == b"old"
    assert list(folder.iterdir()) == [path]


def test_of_several_at_once_one_places_its_file(folder: Path) -> None:
    """The others are told, and see that one whole."""
    path = folder / "key.pem"
    with ThreadPoolExecutor(8) as pool:
        placed = list(pool.map(lambda number: place_once(path, b"%d" % number * 1000), range(8)))
    assert placed.count(True) == 1
    assert read_owner_only(path) == b"%d" % placed.index(True) * 1000
    assert list(folder.iterdir()) == [path]


def test_a_file_is_placed_once_where_a_disk_has_no_hard_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT and some network shares refuse them."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(owner_only.os, "link", refuse)
    path = folder / "key.pem"
    assert place_once(path, b"first")
    assert not place_once(path, b"second")
    assert read_owner_only(path) == b"first"
    assert list(folder.iterdir()) == [path]


def test_a_file_that_is_not_there_is_told_apart(tmp_path: Path) -> None:
    """Only that is a reason to make a new one."""
    with pytest.raises(FileNotFoundError):
        read_owner_only(tmp_path / "key.pem")


@pytest.mark.skipif(not ON_POSIX, reason="a file has its folder's rights on Windows")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_secret_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    """The sentence says how to go on."""
    path = tmp_path / "key.pem"
    write_owner_only(path, b"secret")
    path.chmod(mode)
    with pytest.raises(StorageError, match="chmod 600"):
        read_owner_only(path)


def test_a_file_that_is_far_too_long_is_refused(tmp_path: Path) -> None:
    """And not read to its end."""
    path = tmp_path / "key.pem"
    write_owner_only(path, bytes(LARGEST_FILE))
    assert len(read_owner_only(path)) == LARGEST_FILE
    write_owner_only(path, bytes(LARGEST_FILE + 1))
    with pytest.raises(StorageError, match="too long"):
        read_owner_only(path)


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    """One that is there is left as it is."""
    make_private_folder(tmp_path / "a" / "b")
    assert not ON_POSIX or mode_of(tmp_path / "a" / "b") == 0o700
    (tmp_path / "c").mkdir(mode=0o755)
    make_private_folder(tmp_path / "c")
    assert not ON_POSIX or mode_of(tmp_path / "c") == 0o755


def test_a_folder_that_cannot_be_made_is_told_with_a_next_step(tmp_path: Path) -> None:
    """A file is in its place."""
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(StorageError, match="--data-dir"):
            make_private_folder(folder)
    with pytest.raises(StorageError, match="--data-dir"):
        read_owner_only(tmp_path / "file" / "key.pem")
