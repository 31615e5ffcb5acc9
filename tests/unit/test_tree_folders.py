"""tree_folders: entries are reached name by name, no link is followed, and nothing that is there is written over."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commonlib.storage import patience
from tcpipclient import tree_folders
from tcpipclient.tree_folders import TreeFolder
from tests.support.disks import make_link


@pytest.fixture(params=["by descriptor", "by path"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TreeFolder]:
    """An open folder, in both ways; the second is the one of Windows."""
    if request.param == "by path":
        monkeypatch.setattr(tree_folders, "_BY_DESCRIPTOR", False)
    folder = TreeFolder.open_root(tmp_path / "new" / "root")
    yield folder
    folder.close()
    folder.close()


def new_file(folder: TreeFolder, name: str, content: bytes = b"new") -> None:
    """A file in an open folder."""
    descriptor = folder.open_new(name)
    os.write(descriptor, content)
    os.close(descriptor)


def test_a_folder_is_made_or_used(root: TreeFolder) -> None:
    """The same one the second time."""
    for _ in range(2):
        made = root.make("sub")
        assert made.path == root.path / "sub"
        made.close()
    assert (root.path / "sub").is_dir()


@pytest.mark.parametrize("reach", [TreeFolder.open, TreeFolder.make])
def test_a_link_is_no_folder(root: TreeFolder, tmp_path: Path, reach: Callable[[TreeFolder, str], TreeFolder]) -> None:
    """Nor is a file: whatever they lead to, nothing is written there."""
    (tmp_path / "elsewhere").mkdir()
    make_link(root.path / "link", tmp_path / "elsewhere")
    (root.path / "file").write_bytes(b"")
    for name in ("link", "file"):
        with pytest.raises(NotADirectoryError):
            reach(root, name)


def test_what_is_not_there_is_told_apart(root: TreeFolder) -> None:
    """From what is no folder."""
    with pytest.raises(FileNotFoundError):
        root.open("nothing")
    assert root.maybe_lstat("nothing") is None


def test_a_new_file_is_never_one_that_is_there(root: TreeFolder, tmp_path: Path) -> None:
    """A link that leads nowhere is there, too."""
    make_link(root.path / "link", tmp_path / "target")
    (root.path / "file").write_bytes(b"there")
    for name in ("link", "file"):
        with pytest.raises(FileExistsError):
            root.open_new(name)
    assert not (tmp_path / "target").exists()


def test_only_a_plain_file_of_one_name_is_opened(root: TreeFolder, tmp_path: Path) -> None:
    """A link or a second name would write into another file."""
    (root.path / "plain").write_bytes(b"there")
    os.close(root.open_file("plain"))
    (root.path / "second").hardlink_to(root.path / "plain")
    make_link(root.path / "link", root.path / "plain")
    (root.path / "folder").mkdir()
    for name in ("second", "link", "folder"):
        with pytest.raises(OSError, match=name):
            root.open_file(name)


def test_a_file_is_moved_where_nothing_is(root: TreeFolder, tmp_path: Path) -> None:
    """And stays where it was when something is, be it a link to nowhere."""
    source = root.make("source")
    new_file(source, "part")
    (root.path / "there").write_bytes(b"old")
    make_link(root.path / "link", tmp_path / "nowhere")
    for name in ("there", "link", "source"):
        with pytest.raises(FileExistsError):
            root.take_exclusively(source, "part", name)
    assert (root.path / "there").read_bytes() == b"old"
    root.take_exclusively(source, "part", "target")
    assert (root.path / "target").read_bytes() == b"new"
    assert source.maybe_lstat("part") is None
    source.close()


def test_a_file_is_moved_on_a_disk_without_hard_links(root: TreeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Still in one step, and still never over anything."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    source = root.make("source")
    new_file(source, "part")
    (root.path / "there").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        root.take_exclusively(source, "part", "there")
    with pytest.raises(FileNotFoundError):
        root.take_exclusively(source, "missing", "target")
    assert root.maybe_lstat("target") is None
    root.take_exclusively(source, "part", "target")
    assert (root.path / "target").read_bytes() == b"new"
    source.close()


def test_a_file_takes_the_place_of_another(root: TreeFolder, tmp_path: Path) -> None:
    """Of a link itself, never of what it leads to; never of a folder."""
    source = root.make("source")
    (tmp_path / "outside").write_bytes(b"outside")
    make_link(root.path / "link", tmp_path / "outside")
    (root.path / "there").write_bytes(b"old")
    for name in ("there", "link"):
        new_file(source, "part")
        root.take_over(source, "part", name)
        assert (root.path / name).read_bytes() == b"new"
        assert not (root.path / name).is_symlink()
    assert (tmp_path / "outside").read_bytes() == b"outside"
    new_file(source, "part")
    with pytest.raises(OSError, match="source"):
        root.take_over(source, "part", "source")
    source.close()


def test_a_file_that_a_virus_scanner_holds_is_moved_when_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows does it: a rename that never replaces, refused for a moment."""
    pauses: list[float] = []
    rename = os.rename

    def refuse_at_first(old: str, new: str) -> None:
        if len(pauses) < 2:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), old)
        rename(old, new)

    for module in (patience, tree_folders):
        monkeypatch.setattr(module, "_ON_WINDOWS", True)
    monkeypatch.setattr(tree_folders, "_BY_DESCRIPTOR", False)
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(os, "rename", refuse_at_first)
    folder = TreeFolder.open_root(tmp_path)
    new_file(folder, "part")
    folder.take_exclusively(folder, "part", "target")
    assert (tmp_path / "target").read_bytes() == b"new"
    assert len(pauses) == 2


def test_dates_links_and_removal(root: TreeFolder, tmp_path: Path) -> None:
    """Each touches the entry alone, not what a link leads to."""
    (tmp_path / "outside").write_bytes(b"outside")
    before = (tmp_path / "outside").stat().st_mtime_ns
    root.make_link("link", "../../outside")
    assert (root.path / "link").read_bytes() == b"outside"
    assert root.read_link("link") == "../../outside"
    root.set_time("link", 10**18)
    assert (tmp_path / "outside").stat().st_mtime_ns == before
    with pytest.raises(FileExistsError):
        root.make_link("link", "x")
    root.remove("link")
    assert (tmp_path / "outside").exists()
    root.make("sub").close()
    root.remove_folder("sub")
    new_file(root, "file")
    root.set_time("file", 10**18)
    assert (root.path / "file").stat().st_mtime_ns == 10**18
    assert [entry.name for entry in root.path.iterdir()] == ["file"]


def test_a_folder_that_was_swapped_for_a_link_leads_nowhere(root: TreeFolder, tmp_path: Path) -> None:
    """Between opening it and writing: by descriptor the file lands in the folder, by path nothing is written."""
    (tmp_path / "elsewhere").mkdir()
    sub = root.make("sub")
    (root.path / "sub").rename(root.path / "moved")
    make_link(root.path / "sub", tmp_path / "elsewhere")
    try:
        new_file(sub, "file")
    except NotADirectoryError:
        assert list((root.path / "moved").iterdir()) == []
    else:
        assert (root.path / "moved" / "file").exists()
    assert list((tmp_path / "elsewhere").iterdir()) == []
    sub.close()


def test_a_folder_for_downloads_that_is_something_else_is_no_folder(tmp_path: Path) -> None:
    """Told as such: that something is there already is not what is wrong."""
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        TreeFolder.open_root(tmp_path / "file")
    assert (tmp_path / "file").is_file()
