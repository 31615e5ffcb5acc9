"""folder: a disk that fails, a folder that goes, strangers in the way and many threads at once.

After each fault nothing of the file is left, neither on the disk nor as an open descriptor, which the check that every
test undergoes sees; and what was there before is still there.
"""

import errno
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from commonlib.conflict import Conflict
from tcpipclient import folder as folder_module
from tcpipclient.folder import DownloadFolder, FolderError, PartialFileReplacedError, Saved, Skipped
from tcpipclient.placement import move_over
from tests.support.disks import WindowsMoves, disk_with_room_for, make_link, take_away_hard_links
from tests.support.downloads import NEW, OLD, contents, local, receive

RACERS = 50
SECONDS_FOR_A_RACE = 60.0
# How long a thread that has to wait is given the chance not to.
SECONDS_TO_COME_FIRST = 0.2


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "downloads"
    root.mkdir()
    return root


def race(runners: list[Callable[[], Saved | Skipped]]) -> list[Saved | Skipped]:
    """Let all run at once, from one starting line, and return how each ended."""
    line = threading.Barrier(len(runners))
    outcomes: list[Saved | Skipped] = []

    def run(runner: Callable[[], Saved | Skipped]) -> None:
        line.wait(SECONDS_FOR_A_RACE)
        outcomes.append(runner())

    threads = [threading.Thread(target=run, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS_FOR_A_RACE)
    assert len(outcomes) == len(runners)
    return outcomes


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("shared", [True, False])
def test_racing_files_of_one_name_all_get_their_own(
    root: Path, monkeypatch: pytest.MonkeyPatch, links: bool, shared: bool
) -> None:
    """Through one folder object or one each, as of separate programs: all are kept, and what was there stays."""
    if not links:
        take_away_hard_links(monkeypatch)
    (root / "report.txt").write_bytes(OLD)
    (root / "report (7).txt").write_bytes(OLD)
    common = DownloadFolder(root)
    files = [b"%03d" % number * 1000 for number in range(RACERS)]
    outcomes = race(
        [
            lambda data=data: receive(common if shared else DownloadFolder(root), "report.txt", data=data)
            for data in files
        ]
    )
    assert all(isinstance(outcome, Saved) for outcome in outcomes)
    kept = contents(root)
    assert kept.pop("report.txt") == OLD
    assert kept.pop("report (7).txt") == OLD
    assert Counter(kept.values()) == Counter(files)
    assert set(kept) == {outcome.path.name for outcome in outcomes}


def test_one_of_racing_files_is_kept_when_others_are_skipped(root: Path) -> None:
    """Under skip the first to be whole gets the name, also against other programs, and the others are told so."""
    files = [b"%03d" % number * 1000 for number in range(RACERS)]
    outcomes = race([lambda data=data: receive(DownloadFolder(root, Conflict.SKIP), "a", data=data) for data in files])
    assert sum(isinstance(outcome, Saved) for outcome in outcomes) == 1
    assert list(contents(root)) == ["a"]
    assert contents(root)["a"] in files


def test_racing_files_that_replace_leave_one_whole(root: Path) -> None:
    """Under replace the last one wins, and no file is ever a mixture of two."""
    (root / "a").write_bytes(OLD)
    files = [b"%03d" % number * 1000 for number in range(RACERS)]
    race([lambda data=data: receive(DownloadFolder(root, Conflict.REPLACE), "a", data=data) for data in files])
    assert list(contents(root)) == ["a"]
    assert contents(root)["a"] in files


def test_newest_of_racing_files_is_kept(root: Path) -> None:
    """Under newest the order of arrival does not matter: looking and replacing are one step."""
    (root / "a").write_bytes(OLD)
    os.utime(root / "a", (0, 0))
    folder = DownloadFolder(root, Conflict.NEWEST)
    dates = [local(f"2001-01-01 00:{number:02}:00") for number in range(RACERS)]
    race([lambda date=date: receive(folder, "a", date, str(date).encode()) for date in dates])
    assert contents(root) == {"a": str(dates[-1]).encode()}


def test_newer_file_waits_for_an_older_one_that_is_being_placed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer file that is whole while an older one moves to the name does not come first and get lost."""
    (root / "a").write_bytes(OLD)
    os.utime(root / "a", (0, 0))
    folder = DownloadFolder(root, Conflict.NEWEST)
    newer = threading.Thread(target=receive, args=(folder, "a", local("2002-01-01"), b"newer"))

    def move_slowly(part: Path, target: Path) -> None:
        if threading.current_thread() is not newer:
            newer.start()
            newer.join(SECONDS_TO_COME_FIRST)
        move_over(part, target)

    monkeypatch.setattr(folder_module, "move_over", move_slowly)
    receive(folder, "a", local("2001-01-01"), b"older")
    newer.join(SECONDS_FOR_A_RACE)
    assert contents(root) == {"a": b"newer"}


@pytest.mark.parametrize("room", [0, 1, 16, 40])
def test_disk_that_fills_up_while_a_file_arrives(root: Path, room: int) -> None:
    """The error says so, whenever the disk notices; nothing is left, and other files are not touched."""
    (root / "report.txt").write_bytes(OLD)
    folder = DownloadFolder(root, Conflict.REPLACE, open_new=disk_with_room_for(room))
    incoming = folder.begin("report.txt", 100)
    with pytest.raises(FolderError, match=r"the disk is full .*Free some space .*have it sent again") as caught:
        _write_in_tens(incoming.write)
    assert caught.value.reason is not None
    assert caught.value.reason.errno == errno.ENOSPC
    assert contents(root) == {"report.txt": OLD}
    with pytest.raises(ValueError, match="has ended"):
        incoming.write(b"more")


def _write_in_tens(write: Callable[[bytes], None]) -> None:
    for _ in range(10):
        write(b"x" * 10)


def test_disk_that_fills_up_at_the_last_byte(root: Path) -> None:
    """What was still in the buffer when the file ended is not lost silently."""
    with DownloadFolder(root, open_new=disk_with_room_for(99, buffer_size=1000)).begin("report.txt", 100) as incoming:
        _write_in_tens(incoming.write)
        with pytest.raises(FolderError, match="the disk is full"):
            incoming.finish()
    assert contents(root) == {}


def test_discard_on_a_full_disk_leaves_nothing(root: Path) -> None:
    """Bytes that never reached the disk do not keep a file from being given up."""
    incoming = DownloadFolder(root, open_new=disk_with_room_for(0, buffer_size=1000)).begin("report.txt", 100)
    incoming.write(b"x" * 100)
    incoming.discard()
    assert contents(root) == {}


def test_disk_that_cannot_keep_its_promise(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that could not be forced to the disk is not said to be saved."""

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FolderError, match="the disk refused it"):
        receive(DownloadFolder(root), "report.txt")
    assert contents(root) == {}


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_folder_that_may_not_be_written_to(root: Path, number: int) -> None:
    """The error tells what to change."""

    def refuse(path: Path) -> BinaryIO:
        raise OSError(number, os.strerror(number), str(path))

    with pytest.raises(FolderError, match="Change its permissions or choose another folder"):
        DownloadFolder(root, open_new=refuse).begin("report.txt", 1)
    assert contents(root) == {}


@pytest.mark.parametrize("below", ["", "inside", "inside/deeper"])
def test_file_where_the_folder_should_be(tmp_path: Path, below: str) -> None:
    """A file in the way is an error that is documented, and stays."""
    (tmp_path / "downloads").write_bytes(OLD)
    with pytest.raises(FolderError, match="Create it or choose another"):
        DownloadFolder(tmp_path / "downloads" / below).begin("report.txt", 1)
    assert (tmp_path / "downloads").read_bytes() == OLD


def test_folder_that_leads_nowhere(tmp_path: Path) -> None:
    """A chosen folder that is a dangling link is not made anew somewhere else."""
    make_link(tmp_path / "downloads", tmp_path / "nowhere")
    with pytest.raises(FolderError):
        DownloadFolder(tmp_path / "downloads").begin("report.txt", 1)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder while a file in it is open")
@pytest.mark.parametrize("conflict", Conflict)
def test_folder_that_goes_while_a_file_arrives(root: Path, conflict: Conflict) -> None:
    """The file is not said to be saved, and the folder that the user took away does not come back."""
    with DownloadFolder(root, conflict).begin("report.txt", len(NEW)) as incoming:
        incoming.write(NEW[:5])
        shutil.rmtree(root)
        incoming.write(NEW[5:])
        with pytest.raises(PartialFileReplacedError):
            incoming.finish()
    assert not root.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the name of a file while it is open")
@pytest.mark.parametrize("conflict", Conflict)
def test_link_in_the_place_of_the_part(root: Path, conflict: Conflict) -> None:
    """What a swapped link leads to is neither written, dated, moved nor deleted; the link is not ours and stays."""
    outside = root.parent / "outside.txt"
    outside.write_bytes(OLD)
    os.utime(outside, (0, 0))
    with DownloadFolder(root, conflict).begin("report.txt", len(NEW)) as incoming:
        (part,) = root.iterdir()
        part.unlink()
        make_link(part, outside)
        incoming.write(NEW)
        with pytest.raises(PartialFileReplacedError):
            incoming.finish(local("2020-06-01"))
    assert list(root.iterdir()) == [part]
    assert part.is_symlink()
    assert outside.read_bytes() == OLD
    assert outside.stat().st_mtime == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the name of a file while it is open")
def test_strangers_file_in_the_place_of_the_part_is_kept(root: Path) -> None:
    """Giving up deletes what this object made, never what has its name now."""
    incoming = DownloadFolder(root).begin("report.txt", len(NEW))
    (part,) = root.iterdir()
    part.unlink()
    part.write_bytes(OLD)
    incoming.discard()
    assert contents(root) == {part.name: OLD}


@pytest.mark.parametrize("conflict", [Conflict.REPLACE, Conflict.NEWEST])
def test_target_that_another_program_holds_is_kept_beside(
    root: Path, monkeypatch: pytest.MonkeyPatch, conflict: Conflict
) -> None:
    """On Windows a file open elsewhere cannot be replaced: better both files than the loss of the new one."""
    (root / "report.txt").write_bytes(OLD)
    os.utime(root / "report.txt", (0, 0))
    windows = WindowsMoves(monkeypatch)
    windows.held = {root / "report.txt"}
    assert receive(DownloadFolder(root, conflict), "report.txt", local("2020-06-01")) == Saved(root / "report (2).txt")
    assert contents(root) == {"report.txt": OLD, "report (2).txt": NEW}


@pytest.mark.parametrize("conflict", Conflict)
def test_move_that_fails_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch, conflict: Conflict) -> None:
    """A whole file that cannot get its name is an error, and its `.part` goes."""

    def fail(*arguments: object, **options: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for move in ("link", "rename", "replace"):
        monkeypatch.setattr(os, move, fail)
    with pytest.raises(FolderError, match="the disk refused it"):
        receive(DownloadFolder(root, conflict), "report.txt")
    assert contents(root) == {}


def test_folder_that_cannot_be_asked_for_its_room(root: Path) -> None:
    """An error of the disk at the first question is a documented one."""

    def fail(folder: Path) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(FolderError, match="the disk refused it"):
        DownloadFolder(root, free_space=fail).begin("report.txt", 1)


def test_faults_give_back_the_room_they_held(root: Path) -> None:
    """A file that failed no longer counts as one to come."""
    folder = DownloadFolder(root, free_space=lambda folder: 100, open_new=disk_with_room_for(0))
    for _ in range(3):
        incoming = folder.begin("report.txt", 100)
        with pytest.raises(FolderError, match="the disk is full"):
            _write_in_tens(incoming.write)
