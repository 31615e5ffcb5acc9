"""tree: folders arrive on a real disk as they were sent, go on after a cut, and change nothing else there."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import Choices, Found, OnDisk, part_name
from commonlib.transfer.states import OfferState
from tcpipclient import tree_files
from tcpipclient.folder import Skipped
from tcpipclient.folder_errors import FolderError
from tcpipclient.tree import DownloadTree
from tests.support.disk_tree import SENDER, RealDisk, nodes_below
from tests.support.disks import make_link
from tests.support.memory_transfer import Cut, MemoryReceiver, MemorySender, join
from tests.support.memory_tree import File, Folder, Link, flattened

MOMENT = 1_700_000_000_000_000_000


def listed(*path: str, size: int = 3, modified_ns: int = MOMENT, mode: int = 0) -> Listed:
    """A file that is on its way."""
    return Listed(0, 0, path, EntryKind.FILE, size, modified_ns, mode, path[-1])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the folder for downloads is going to be."""
    return tmp_path / "home" / "downloads"


def new_tree(root: Path, conflict: Conflict = Conflict.RENAME) -> DownloadTree:
    """A run of the receiver."""
    return DownloadTree(root, SENDER, Choices(conflict, links=True))


@pytest.fixture
def tree(root: Path) -> Iterator[DownloadTree]:
    """A run that is ended behind the test."""
    tree = new_tree(root)
    yield tree
    tree.close()
    tree.close()


def transfer(folder: Folder, root: Path, cut: Cut | None = None) -> bool:
    """One connection on which a folder is sent to a real disk."""
    disk = RealDisk(root)
    sender, receiver = MemorySender(folder), MemoryReceiver(disk, Choices(links=True))
    sender.machine.finish()
    try:
        whole = join(sender, receiver, Random(1), cut)
    finally:
        disk.close()
    assert not whole or sender.machine.state(0) is receiver.machine.state(0) is OfferState.SAVED
    return whole


def sample() -> Folder:
    """A tree with one of each."""
    large = Random(3).randbytes(3_000_000)
    inner = Folder({"a.txt": File(b"first", MOMENT), ".hidden": File(b"", MOMENT), "link": Link("a.txt")})
    return Folder({"project": Folder({"empty": Folder(), "inner": inner, "large": File(large, MOMENT)})})


def without_dates_of_none(nodes: dict[tuple[str, ...], File | Link | None]) -> dict[tuple[str, ...], object]:
    """What is compared: content and dates of files, targets of links, folders."""
    return {path: (node.content, node.modified_ns) if isinstance(node, File) else node for path, node in nodes.items()}


def test_a_tree_arrives_as_it_was_sent(root: Path) -> None:
    """Bytes, dates, empty folders, hidden files and links; no part and no folder of ours is left."""
    assert transfer(sample(), root)
    assert without_dates_of_none(nodes_below(root)) == without_dates_of_none(flattened(sample()))


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_goes_on_after_cuts_and_restarts(root: Path, seed: int) -> None:
    """Every run is a new one, with what is on the disk; the result is the same."""
    random = Random(seed)
    for _ in range(3):
        transfer(sample(), root, Cut(random.randrange(3_200_000), random.randrange(2000)))
    assert transfer(sample(), root)
    assert without_dates_of_none(nodes_below(root)) == without_dates_of_none(flattened(sample()))
    assert transfer(sample(), root)
    assert without_dates_of_none(nodes_below(root)) == without_dates_of_none(flattened(sample()))


def test_a_file_is_dated_and_gets_its_mode(tree: DownloadTree, root: Path) -> None:
    """Within what the user's mask allows; a file that nobody may write to can still be written until it is whole."""
    mask = os.umask(0o022)
    os.umask(mask)
    for mode in (0o777, 0o640, 0o444, 0o200, 0):
        entry = listed(f"f{mode:o}", mode=mode)
        saved = tree.save(entry, b"abc")
        assert saved == f"f{mode:o}"
        assert (root / f"f{mode:o}").stat().st_mtime_ns == MOMENT
        assert stat.S_IMODE((root / f"f{mode:o}").stat().st_mode) == (mode or 0o666) & ~mask
    entry = listed("later", size=2, mode=0o444)
    arriving = tree.begin(entry, 0)
    arriving.write(b"a")
    arriving.keep()
    part = next(root.glob(".tcpipchat-*")) / part_name(entry)
    assert stat.S_IMODE(part.stat().st_mode) & 0o600 == 0o600
    arriving = tree.begin(entry, 1)
    arriving.write(b"b")
    arriving.finish()
    assert stat.S_IMODE((root / "later").stat().st_mode) == 0o444 & ~mask


@pytest.mark.parametrize(
    ("conflict", "modified_ns", "kept", "second"),
    [
        (Conflict.RENAME, MOMENT + 1, b"old", b"new"),
        (Conflict.SKIP, MOMENT + 1, b"old", None),
        (Conflict.REPLACE, MOMENT - 1, b"new", None),
        (Conflict.NEWEST, MOMENT + 1, b"new", None),
        (Conflict.NEWEST, MOMENT - 1, b"old", None),
        (Conflict.NEWEST, 0, b"old", b"new"),
    ],
)
def test_a_conflict_is_settled_when_the_name_is_given(
    root: Path, conflict: Conflict, modified_ns: int, kept: bytes, second: bytes | None
) -> None:
    """Whatever was there when the file was asked for."""
    tree = new_tree(root, conflict)
    arriving = tree.begin(listed("f", modified_ns=modified_ns), 0)
    arriving.write(b"new")
    (root / "f").write_bytes(b"old")
    os.utime(root / "f", ns=(MOMENT, MOMENT))
    done = arriving.finish()
    tree.close()
    assert isinstance(done, Skipped) is (kept == b"old" and second is None)
    assert (root / "f").read_bytes() == kept
    assert ((root / "f (2)").read_bytes() if (root / "f (2)").exists() else None) == second
    assert not list(root.glob(".tcpipchat-*"))


def test_a_file_that_another_program_has_open_is_kept_beside(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace it: better both than none."""
    root.mkdir(parents=True)
    (root / "f").write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "replace", refuse)
    tree = new_tree(root, Conflict.REPLACE)
    assert tree.save(listed("f"), b"abc") == "f (2)"
    tree.close()
    assert (root / "f").read_bytes() == b"old"


@pytest.mark.parametrize("conflict", Conflict)
def test_a_folder_is_never_replaced_by_a_file(root: Path, conflict: Conflict) -> None:
    """It is kept with all that is in it; the file stands beside it, or is not kept."""
    (root / "f").mkdir(parents=True)
    (root / "f" / "precious").write_bytes(b"precious")
    tree = new_tree(root, conflict)
    tree.save(listed("f"), b"abc")
    tree.close()
    assert (root / "f" / "precious").read_bytes() == b"precious"
    assert (root / "f (2)").exists() is (conflict is not Conflict.SKIP)


def test_a_file_that_was_renamed_by_an_earlier_run_is_known_again(tree: DownloadTree, root: Path) -> None:
    """By its size and date, under the next names; nothing is saved twice."""
    root.mkdir(parents=True)
    (root / "f").write_bytes(b"something else")
    assert tree.look(listed("f")).saved_before is False
    tree.save(listed("f"), b"abc")
    assert (root / "f (2)").exists()
    assert tree.look(listed("f")) == OnDisk(Found.FILE, 14, (root / "f").stat().st_mtime_ns, 0, saved_before=True)


def test_what_a_killed_run_has_left_and_nobody_needs_is_deleted(root: Path, tmp_path: Path) -> None:
    """The part of a file that had got its name; not what else lies there."""
    entry, other = listed("f", size=3_000_000), listed("other", size=3_000_000)
    tree = new_tree(root)
    tree.save(entry, bytes(3_000_000))
    tree.begin(other, 0).keep()
    parts = next(root.glob(".tcpipchat-*"))
    (parts / part_name(entry)).hardlink_to(root / "f")
    (parts / "precious").write_bytes(b"")
    tree.close()
    tree = new_tree(root)
    assert tree.look(entry).saved_before
    tree.close()
    assert sorted(path.name for path in parts.iterdir()) == sorted([part_name(other), "precious"])
    tree = new_tree(root)
    tree.save(other, bytes(3_000_000))
    tree.close()
    assert [path.name for path in parts.iterdir()] == ["precious"]
    assert (root / "f").stat().st_nlink == 1


def test_what_is_there_is_told(tree: DownloadTree, root: Path, tmp_path: Path) -> None:
    """Nothing, a file, a folder, something else, and what cannot be reached."""
    (root / "folder").mkdir(parents=True)
    (root / "file").write_bytes(b"abc")
    make_link(root / "link", tmp_path)
    kinds = [tree.look(listed(name)).there for name in ("nothing", "folder", "file", "link")]
    assert kinds == [Found.NOTHING, Found.FOLDER, Found.FILE, Found.OTHER]
    for way in (("link", "x"), ("file", "x"), ("nothing", "x")):
        assert tree.look(listed(*way)).there is Found.BLOCKED


def test_only_a_folder_of_this_run_is_untouched(root: Path) -> None:
    """And only without parts of an earlier one, which may be of files in it: all others have to be looked at."""
    first, second = (Listed(0, 0, (name,), EntryKind.FOLDER, 0, 0, 0, name) for name in "de")
    tree, again = new_tree(root), new_tree(root)
    tree.look(first)
    assert tree.make_folder(first)
    assert [tree.is_untouched(path) for path in (("d",), ("e",), ())] == [True, False, False]
    tree.begin(listed("d", "f", size=3_000_000), 0).keep()
    tree.close()
    again.look(first)
    assert [again.make_folder(folder) for folder in (first, second)] == [False, True]
    assert [again.is_untouched(path) for path in (("d",), ("e",))] == [False, False]
    again.close()


def test_a_part_outlives_its_run_and_is_read_again(root: Path) -> None:
    """Under the name that every run gives it; what is behind the offset is cut off."""
    entry = listed("f", size=3_000_000)
    content = Random(1).randbytes(3_000_000)
    first = new_tree(root)
    arriving = first.begin(entry, 0)
    arriving.write(content[:2_000_000] + b"spoilt")
    arriving.keep()
    arriving.keep()
    first.close()
    second = new_tree(root)
    assert second.look(entry).part_size == 2_000_006
    *_, prefix = second.prefix(entry, (1_000_000, 2_000_000))
    assert [mark.offset for mark in prefix.marks] == [1_000_000, 2_000_000]
    arriving = second.begin(entry, 2_000_000)
    assert second.look(entry).part_size == 2_000_000
    arriving.write(memoryview(content)[2_000_000:])
    assert isinstance(arriving.finish(), str)
    second.close()
    assert (root / "f").read_bytes() == content
    assert [path.name for path in root.iterdir()] == ["f"]


def test_a_large_file_is_forced_to_the_disk_before_it_has_its_name(
    tree: DownloadTree, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small one is not."""
    forced: list[list[str]] = []
    monkeypatch.setattr(os, "fsync", lambda _: forced.append(sorted(path.name for path in root.iterdir())))
    tree.save(listed("small"), b"abc")
    tree.save(listed("large", size=1 << 20), bytes(1 << 20))
    assert forced == [[f".tcpipchat-{SENDER.hex()[:16]}", "small"]]
    assert (root / "large").exists()


def test_a_part_that_ended_early_gives_what_there_is(tree: DownloadTree) -> None:
    """It became shorter since it was looked at."""
    entry = listed("f", size=3_000_000)
    tree.begin(entry, 0).keep()
    *_, prefix = tree.prefix(entry, (1_000_000,))
    assert prefix.marks == []


def test_a_link_in_the_place_of_a_part_is_not_written_through(tree: DownloadTree, root: Path, tmp_path: Path) -> None:
    """Fresh or resumed, whatever it leads to stays as it is."""
    entry = listed("f")
    outside = tmp_path / "outside"
    outside.write_bytes(b"outside")
    parts = root / f".tcpipchat-{SENDER.hex()[:16]}"
    parts.mkdir(parents=True)
    make_link(parts / part_name(entry), outside)
    assert tree.look(entry).part_size == 0
    with pytest.raises(FolderError):
        tree.begin(entry, 1)
    tree.begin(entry, 0).keep()
    assert isinstance(tree.save(entry, b"abc"), str)
    assert outside.read_bytes() == b"outside"
    assert (root / "f").read_bytes() == b"abc"


def test_a_link_in_the_place_of_the_parts_folder_is_not_followed(root: Path, tmp_path: Path) -> None:
    """Nothing is written at all."""
    root.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    make_link(root / f".tcpipchat-{SENDER.hex()[:16]}", tmp_path / "elsewhere")
    tree = new_tree(root)
    with pytest.raises(FolderError):
        tree.save(listed("f"), b"abc")
    tree.close()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_swapped_for_a_link_is_not_followed(tree: DownloadTree, root: Path, tmp_path: Path) -> None:
    """While a file of it is on its way, and for those that follow."""
    (tmp_path / "elsewhere").mkdir()
    tree.make_folder(Listed(0, 0, ("d",), EntryKind.FOLDER, 0, 0, 0, "d"))
    tree.make_folder(Listed(0, 0, ("other",), EntryKind.FOLDER, 0, 0, 0, "other"))
    arriving = tree.begin(listed("d", "f"), 0)
    arriving.write(b"abc")
    tree.look(listed("other", "x"))
    (root / "d").rename(tmp_path / "moved")
    make_link(root / "d", tmp_path / "elsewhere")
    with pytest.raises(FolderError):
        arriving.finish()
    with pytest.raises(FolderError):
        tree.save(listed("d", "g"), b"abc")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_stands_beside_what_has_its_name(tree: DownloadTree, root: Path) -> None:
    """It takes nothing's place."""
    root.mkdir(parents=True)
    (root / "l").write_bytes(b"there")
    entry = Listed(0, 0, ("l",), EntryKind.LINK, 0, 0, 0, "l", "../x")
    assert tree.make_link(entry) == "l (2)"
    assert (root / "l").read_bytes() == b"there"
    assert (root / "l (2)").readlink() == Path("..", "x")


def test_a_full_disk_is_a_sentence_and_the_part_stays(
    tree: DownloadTree, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written so far is good for the next run."""
    arriving = tree.begin(listed("f", size=9), 0)
    arriving.write(b"abc")

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(FolderError, match="disk is full"):
        arriving.write(b"def")
    assert tree.look(listed("f", size=9)).part_size == 3


def test_a_write_may_take_less_than_was_given(tree: DownloadTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest follows."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:2]))
    saved = tree.save(listed("f", size=5), b"abcde")
    assert saved == "f"
    assert (tree.root / "f").read_bytes() == b"abcde"


@pytest.mark.parametrize("by_descriptor", [True, False])
def test_a_date_that_the_disk_cannot_hold_is_left_out(
    tree: DownloadTree, monkeypatch: pytest.MonkeyPatch, by_descriptor: bool
) -> None:
    """The file is saved, with the time of its arrival; also where files are dated by their names."""
    if not by_descriptor:
        monkeypatch.setattr(tree_files, "_DATED_BY_DESCRIPTOR", False)
    assert tree.save(listed("dated"), b"abc") == "dated"
    assert (tree.root / "dated").stat().st_mtime_ns == MOMENT

    def refuse(*_: object, **__: object) -> None:
        raise OverflowError

    monkeypatch.setattr(os, "utime", refuse)
    assert tree.save(listed("undated"), b"abc") == "undated"
    assert (tree.root / "undated").stat().st_mtime_ns != MOMENT


def test_what_the_disk_refuses_is_a_sentence_about_the_entry(tree: DownloadTree, root: Path) -> None:
    """Looking, reading a part, beginning, making a folder or a link: never an error of the system's own kind."""
    (root / "taken").mkdir(parents=True)
    (root / "taken" / "file").write_bytes(b"")
    entry = listed("taken", "file", "x")
    folder = Listed(0, 0, ("taken", "file"), EntryKind.FOLDER, 0, 0, 0, "file")
    for step in (
        lambda: tree.make_folder(folder),
        lambda: tree.make_link(entry),
        lambda: tree.save(entry, b"abc"),
        lambda: tree.begin(entry, 5),
        lambda: list(tree.prefix(entry, (1_000_000,))),
        lambda: tree.look(listed("n" * 300)),
    ):
        with pytest.raises(FolderError) as caught:
            step()
        assert caught.value.path.is_relative_to(root)
        assert caught.value.reason is not None


def test_a_root_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A file has its name."""
    (tmp_path / "root").write_bytes(b"")
    tree = new_tree(tmp_path / "root")
    with pytest.raises(FolderError):
        tree.save(listed("f"), b"abc")
    tree.close()
