"""placement: a finished file gets a free name in one step, on every kind of disk and system."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tcpipclient import placement
from tcpipclient.placement import find_entry, maybe_replaceable, move_exclusively, move_over, move_to_free_name
from tests.support.disks import WindowsMoves, make_link, take_away_hard_links
from tests.support.downloads import NEW, OLD, contents


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "downloads"
    root.mkdir()
    return root


@pytest.fixture
def part(root: Path) -> Path:
    part = root / "report.txt.part"
    part.write_bytes(NEW)
    return part


@pytest.fixture(params=["with hard links", "without hard links", "as Windows"])
def _disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the three ways in which a file can be moved without replacing another."""
    if request.param == "without hard links":
        take_away_hard_links(monkeypatch)
    elif request.param == "as Windows":
        WindowsMoves(monkeypatch)


@pytest.mark.usefixtures("_disk")
def test_file_is_moved_to_a_free_name(root: Path, part: Path) -> None:
    """Afterwards the bytes are there, and there only."""
    move_exclusively(part, root / "report.txt")
    assert contents(root) == {"report.txt": NEW}


@pytest.mark.usefixtures("_disk")
@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder"])
def test_name_that_is_taken_is_left_alone(root: Path, part: Path, kind: str) -> None:
    """Whatever has the name keeps it, and the file is still where it was."""
    target, outside = root / "report.txt", root.parent / "outside"
    if kind == "folder":
        target.mkdir()
    elif kind == "file":
        target.write_bytes(OLD)
    else:
        if kind == "link":
            outside.write_bytes(OLD)
        make_link(target, outside)
    before = contents(root)
    with pytest.raises(FileExistsError):
        move_exclusively(part, target)
    assert contents(root) == before
    assert outside.exists() == (kind == "link")


@pytest.mark.usefixtures("_disk")
def test_first_free_number_is_taken(root: Path, part: Path) -> None:
    """A gap in the numbers is used, and names that differ in case count as taken."""
    for name in ("report.txt", "REPORT (2).txt", "report (4).txt"):
        (root / name).write_bytes(OLD)
    assert move_to_free_name(part, root, "report.txt") == root / "report (3).txt"


@pytest.mark.usefixtures("_disk")
def test_name_taken_after_the_look_is_passed_over(root: Path, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk has the last word: what came between looking and moving is left alone."""
    (root / "report.txt").write_bytes(OLD)
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter(()))
    assert move_to_free_name(part, root, "report.txt") == root / "report (2).txt"
    assert (root / "report.txt").read_bytes() == OLD


def test_search_for_a_number_ends(root: Path, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When every number is taken the file stays where it is, and that is told."""
    monkeypatch.setattr(placement, "LARGEST_NUMBER", 3)
    for name in ("report.txt", "report (2).txt", "report (3).txt"):
        (root / name).write_bytes(OLD)
    with pytest.raises(FileExistsError):
        move_to_free_name(part, root, "report.txt")
    assert part.read_bytes() == NEW


@pytest.mark.usefixtures("_disk")
def test_missing_file_leaves_no_trace_at_the_target(root: Path) -> None:
    """When there is nothing to move, nothing appears."""
    with pytest.raises(FileNotFoundError):
        move_exclusively(root / "missing", root / "report.txt")
    assert contents(root) == {}


def test_reservation_is_taken_back_when_the_move_fails(root: Path, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk without hard links a failed move leaves no empty file under the name."""
    take_away_hard_links(monkeypatch)
    monkeypatch.setattr(os, "replace", _refusing(lambda: None))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        move_exclusively(part, root / "report.txt")
    assert contents(root) == {part.name: NEW}


def test_strangers_file_in_the_reservations_place_is_kept(
    root: Path, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another program put under the name meanwhile is not ours to delete."""

    def replace_by_stranger() -> None:
        (root / "strangers").write_bytes(OLD)
        (root / "report.txt").unlink()
        (root / "strangers").rename(root / "report.txt")

    take_away_hard_links(monkeypatch)
    monkeypatch.setattr(os, "replace", _refusing(replace_by_stranger))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        move_exclusively(part, root / "report.txt")
    assert contents(root) == {part.name: NEW, "report.txt": OLD}


def _refusing(before: Callable[[], None]) -> Callable[[Path, Path], None]:
    """A move that the disk refuses, after something happened."""

    def refuse(source: Path, target: Path) -> None:
        before()
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))

    return refuse


def test_file_is_saved_although_its_old_name_stays(root: Path, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.part` that cannot be deleted does not undo a file that has its name."""

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    move_exclusively(part, root / "report.txt")
    assert contents(root) == {part.name: NEW, "report.txt": NEW}


@pytest.mark.parametrize("move", [move_exclusively, move_over])
def test_file_held_by_a_virus_scanner_is_moved_when_it_is_let_go(
    root: Path, part: Path, monkeypatch: pytest.MonkeyPatch, move: Callable[[Path, Path], None]
) -> None:
    """On Windows a refusal that passes is waited for, longer each time."""
    windows = WindowsMoves(monkeypatch)
    windows.refusals = 3
    move(part, root / "report.txt")
    assert contents(root) == {"report.txt": NEW}
    assert len(windows.pauses) == 3
    assert windows.pauses == sorted(windows.pauses)


def test_file_held_for_good_is_told(root: Path, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The waiting ends, within a second in all."""
    windows = WindowsMoves(monkeypatch)
    windows.refusals = 1000
    with pytest.raises(PermissionError):
        move_exclusively(part, root / "report.txt")
    assert sum(windows.pauses) < 1
    assert contents(root) == {part.name: NEW}


@pytest.mark.skipif(os.name == "nt", reason="Windows is where refusals pass")
def test_refusal_elsewhere_is_told_at_once(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only on Windows does a refusal pass by itself."""
    tries: list[Path] = []

    def refuse(source: Path, target: Path) -> None:
        tries.append(source)
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        move_over(part, part.parent / "report.txt")
    assert len(tries) == 1


def test_only_files_and_links_are_replaceable(root: Path) -> None:
    """A folder is not, nor is nothing; a link is judged itself, not by what it leads to."""
    (root / "file").write_bytes(OLD)
    (root / "folder").mkdir()
    make_link(root / "link", root / "folder")
    assert [name for name in ("file", "folder", "link", "nothing") if maybe_replaceable(root / name)] == [
        "file",
        "link",
    ]


def test_entry_is_found_by_what_any_disk_takes_for_its_name(root: Path) -> None:
    """The very name first, then one that differs in case or accents' form; a dangling link is an entry."""
    (root / "Caf\u00e9").write_bytes(OLD)
    make_link(root / "link", root / "nowhere")
    found = find_entry(root, "CAFE\u0301")
    assert found is not None
    assert found.samefile(root / "Caf\u00e9")
    assert find_entry(root, "link") == root / "link"
    assert find_entry(root, "tea") is None
    (root / "tea").write_bytes(OLD)
    assert find_entry(root, "tea") == root / "tea"
