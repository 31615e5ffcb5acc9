"""The hidden place where files lie while they arrive."""

import errno
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from commonlib.storage.file_lock import maybe_lock
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import Choices, part_name
from tcpipclient import tree, tree_folders, tree_parts
from tcpipclient.folder_errors import FolderError
from tcpipclient.origin_mark import MARK
from tcpipclient.tree import DownloadTree
from tcpipclient.tree_folders import TreeFolder
from tcpipclient.tree_parts import KEPT_SECONDS
from tests.support.disks import make_link

SENDER = bytes(range(32))
PLACE = f".tcpipchat-{SENDER.hex()[:16]}"
NOW = 1_800_000_000.0
SIZE = 3 << 20


def listed(name: str = "f", size: int = SIZE) -> Listed:
    """A file of a manifest."""
    return Listed(1, 0, (name,), EntryKind.FILE, size, 5_000_000_000, 0, name)


def tree_at(root: Path, wall: Callable[[], float] = lambda: NOW) -> DownloadTree:
    """One run of a receiver."""
    return DownloadTree(root, SENDER, Choices(), wall)


def old(path: Path, seconds: float) -> Path:
    """Let a file be so old."""
    os.utime(path, (NOW - seconds, NOW - seconds))
    return path


def test_parts_that_nobody_has_gone_on_with_are_deleted(tmp_path: Path) -> None:
    """Of any sender, after thirty days; a place that is empty then goes as well."""
    other, ours = tmp_path / ".tcpipchat-0123456789abcdef", tmp_path / PLACE
    for place in (other, ours):
        place.mkdir()
    (ours / ("a" * 32)).write_bytes(b"young")
    old(ours / ("a" * 32), KEPT_SECONDS - 60)
    for path in (other / ("b" * 32), ours / ("c" * 32), ours / "arriving-01234567"):
        path.write_bytes(b"old")
        old(path, KEPT_SECONDS + 60)
    tree = tree_at(tmp_path)
    tree.look(listed())
    tree.close()
    assert not other.exists()
    assert [path.name for path in ours.iterdir()] == ["a" * 32]


def test_nothing_else_is_ever_deleted(tmp_path: Path) -> None:
    """Neither what has another name, nor a folder, nor a link, nor what a link in the place of parts leads to."""
    precious = tmp_path / "precious"
    precious.mkdir()
    ours, elsewhere = tmp_path / "in" / PLACE, tmp_path / "in" / ".tcpipchat-fedcba9876543210"
    ours.mkdir(parents=True)
    (tmp_path / "in" / "tcpipchat-0123456789abcdef").mkdir()
    files = [
        precious / ("a" * 32),
        ours / "a" / ("b" * 32),
        ours / ("A" * 32),
        ours / ("c" * 33),
        ours / "notes.txt",
        tmp_path / "in" / "tcpipchat-0123456789abcdef" / ("d" * 32),
        tmp_path / "in" / ("e" * 32),
    ]
    (ours / "a").mkdir()
    for path in files:
        path.write_bytes(b"x")
        old(path, 10 * KEPT_SECONDS)
    make_link(elsewhere, precious)
    make_link(ours / ("f" * 32), precious / ("a" * 32))
    (ours / ("9" * 32)).mkdir()
    tree = tree_at(tmp_path / "in")
    tree.look(listed())
    tree.close()
    assert all(path.exists() for path in files)
    assert elsewhere.is_symlink()
    assert (ours / ("f" * 32)).is_symlink()
    assert (ours / ("9" * 32)).is_dir()


def test_two_transfers_do_not_write_to_one_part(tmp_path: Path) -> None:
    """The second one fails with a sentence; when the first is done the name is free again."""
    first, second = tree_at(tmp_path), tree_at(tmp_path)
    arriving = first.begin(listed(), 0)
    arriving.write(bytes(1 << 20))
    assert second.look(listed()).part_size == 0
    with pytest.raises(FolderError, match="another transfer"):
        second.begin(listed(), 0)
    arriving.write(bytes(SIZE - (1 << 20)))
    assert isinstance(arriving.finish(), str)
    assert (tmp_path / "f").read_bytes() == bytes(SIZE)
    third = second.begin(listed(), 0)
    third.keep()
    second.close()
    first.close()
    last = tree_at(tmp_path)
    last.begin(listed(), 0).keep()
    last.close()


def test_two_transfers_may_each_have_a_small_file_on_its_way(tmp_path: Path) -> None:
    """Neither takes away the other's, nor the place that both use."""
    first, second = tree_at(tmp_path), tree_at(tmp_path)
    second.save(listed("b", 3), b"bbb")
    first.save(listed("a", 3), b"aaa")
    second.close()
    first.save(listed("c", 3), b"ccc")
    first.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a", "b", "c"]


def test_two_programs_do_not_write_to_one_part(tmp_path: Path) -> None:
    """They have one key and one folder. What one is writing the other neither cuts off nor goes on with."""
    tree = tree_at(tmp_path)
    tree.begin(listed(), 0).keep()
    part = next(tmp_path.glob(f"{PLACE}/*"))
    with part.open("r+b", buffering=0) as another:
        another.write(bytes(2 << 20))
        assert maybe_lock(another.fileno())
        with pytest.raises(FolderError, match="another transfer"):
            tree.begin(listed(), 1 << 20)
        assert part.stat().st_size == 2 << 20
    arriving = tree.begin(listed(), 1 << 20)
    with part.open("r+b") as another:
        assert not maybe_lock(another.fileno())
        arriving.write(bytes(SIZE - (1 << 20)))
        assert isinstance(arriving.finish(), str)
        assert maybe_lock(another.fileno())
    tree.close()


def test_a_part_that_another_program_has_replaced_does_not_get_the_name(tmp_path: Path) -> None:
    """What would get it is not what was verified."""
    tree = tree_at(tmp_path)
    arriving = tree.begin(listed(), 0)
    arriving.write(bytes(SIZE))
    part = tmp_path / PLACE / part_name(listed())
    part.unlink()
    part.write_bytes(b"evil")
    with pytest.raises(FolderError):
        arriving.finish()
    tree.close()
    assert not (tmp_path / "f").exists()


def test_programs_are_marked_before_they_have_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the mark is a stream of the part, and goes with it; here it is a file beside the part."""
    marked: list[str] = []
    mark = TreeFolder.mark

    def noting(folder: TreeFolder, name: str) -> None:
        assert not list(tmp_path.glob("*.exe"))
        monkeypatch.setattr(tree_folders, "_ON_WINDOWS", True)
        mark(folder, name)
        monkeypatch.setattr(tree_folders, "_ON_WINDOWS", False)
        marked.append(name)

    monkeypatch.setattr(tree, "_ON_WINDOWS", True)
    monkeypatch.setattr(TreeFolder, "mark", noting)
    monkeypatch.setattr(TreeFolder, "located", lambda folder, name: (str(folder.path / name), None))
    receiving = tree_at(tmp_path)
    receiving.save(listed("setup.exe", 3), b"MZ!")
    receiving.save(listed("notes.txt", 3), b"abc")
    assert len(marked) == 1
    assert (tmp_path / PLACE / f"{marked[0]}:Zone.Identifier").read_bytes() == MARK
    receiving.close()


def test_the_place_is_hidden_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is made; whoever shows it again wants to see it."""
    hidden: list[Path] = []
    monkeypatch.setattr(TreeFolder, "hide", lambda folder: hidden.append(folder.path))
    for _ in range(2):
        tree = tree_at(tmp_path, lambda: 0.0)
        arriving = tree.begin(listed(), 0)
        arriving.write(b"x")
        arriving.keep()
        tree.close()
    tree = tree_at(tmp_path, lambda: 0.0)
    tree.save(listed("small", 3), b"abc")
    tree.close()
    assert hidden == [tmp_path / PLACE]


def test_nothing_is_taken_for_ever(tmp_path: Path) -> None:
    """A transfer that ends gives back all that it had taken."""
    tree = tree_at(tmp_path, lambda: 0.0)
    for name in ("a", "b"):
        tree.begin(listed(name), 0).keep()
    tree.close()
    assert not tree_parts._taken
    assert not tree_parts._users


def test_a_place_that_another_program_took_away_is_made_again(tmp_path: Path) -> None:
    """It had found it empty, as it was between two files."""
    tree = tree_at(tmp_path, lambda: 0.0)
    tree.save(listed("a", 3), b"aaa")
    (tmp_path / PLACE).rmdir()
    tree.save(listed("b", 3), b"bbb")
    tree.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a", "b"]


@pytest.mark.parametrize("whose", [SENDER, bytes(32)], ids=["his", "another"])
def test_an_empty_place_stays_while_another_program_uses_it(tmp_path: Path, whose: bytes) -> None:
    """Whether the batch beside it is of the same sender or not; it goes with the next one after that."""
    place = tmp_path / PLACE
    place.mkdir()
    with closing(TreeFolder.open_root(tmp_path)) as root, closing(root.open(PLACE)) as used_elsewhere:
        used_elsewhere.use()
        is_seen = used_elsewhere.descriptor is not None  # Windows has no such locks: there it is made again.
        begin_batch(tmp_path, whose)
        assert place.exists() is is_seen
    begin_batch(tmp_path, whose)
    assert not place.exists()


def test_what_has_the_name_of_a_place_and_is_a_link_stays(tmp_path: Path) -> None:
    """And so does the empty folder that it leads to."""
    folder, elsewhere = tmp_path / "in", tmp_path / "elsewhere"
    for each in (folder, elsewhere):
        each.mkdir()
    make_link(folder / PLACE, elsewhere)
    begin_batch(folder, bytes(32))
    assert (folder / PLACE).is_symlink()
    assert elsewhere.is_dir()


def test_a_place_that_could_not_be_looked_through_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would count as used, and stay when it is empty, until the program ends."""

    def fail(folder: TreeFolder) -> list[str]:
        if folder.path.name == PLACE:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return []

    with monkeypatch.context() as patched:
        patched.setattr(TreeFolder, "names", fail)
        with pytest.raises(FolderError):
            begin_batch(tmp_path, SENDER)
    assert not tree_parts._users
    assert not (tmp_path / PLACE).exists()


def begin_batch(root: Path, sender: bytes) -> None:
    """One that ends before anything came."""
    tree = DownloadTree(root, sender, Choices())
    try:
        tree.has_any([])
    finally:
        tree.close()
