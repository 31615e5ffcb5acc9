"""folder: whatever a peer calls its file, it lands whole inside one folder and over nothing that must stay."""

import os
import secrets
import shutil
import stat
import time
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest

from commonlib.conflict import Conflict
from commonlib.safename import LONGEST_NAME
from tcpipclient.folder import (
    DownloadFolder,
    FolderError,
    NotEnoughSpaceError,
    Saved,
    WrongSizeError,
    free_space,
)
from tests.support.disks import make_link
from tests.support.downloads import NEW, OLD, contents, local, receive

HOSTILE_NAMES = [
    *("", ".", "..", "/", "\\", "../escaped.txt", "..\\escaped.txt", "/etc/escaped", "a/../../escaped"),
    *("C:\\escaped.txt", "C:escaped.txt", "\\\\server\\share\\escaped", "//server/share/escaped", "\\\\?\\C:\\escaped"),
    *("plain.txt:stream", "CON", "nul.txt", "COM¹", "trailing. . .", "nul\0byte", "new\nline", "\x1b[2J", "\x9b"),
    *(
        "gpj\u202eexe",
        "zero\u200bwidth",
        "\ud800",
        "\uf02fescaped",
        ".hidden",
        "x.part",
        "x" * 5000 + ".txt",
        "写" * 300,
    ),
    *("~", "~root", "$HOME", "%TEMP%", "-rf", "*", "?", "|", "desktop.ini"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "downloads"
    root.mkdir()
    return root


def test_file_arrives_in_pieces_of_any_kind(root: Path) -> None:
    """Bytes and views of bytes, empty ones too, make up one file; nothing else stays in the folder."""
    with DownloadFolder(root).begin("report.txt", 10) as incoming:
        for piece in (b"0123", memoryview(b"xx456xx")[2:5], b"", b"789"):
            incoming.write(piece)
        assert incoming.received == 10
        assert incoming.finish() == Saved(root / "report.txt")
    assert contents(root) == {"report.txt": b"0123456789"}


def test_empty_file_arrives(root: Path) -> None:
    """A file of no bytes is a file."""
    assert receive(DownloadFolder(root), "empty", data=b"") == Saved(root / "empty")
    assert contents(root) == {"empty": b""}


def test_file_has_its_name_only_when_it_is_whole(root: Path) -> None:
    """While it arrives there is one `.part` beside the place where the file will be, and nothing at that place."""
    with DownloadFolder(root).begin("report.txt", len(NEW)) as incoming:
        incoming.write(NEW[:5])
        (part,) = root.iterdir()
        assert part.name.startswith("report.txt.")
        assert part.name.endswith(".part")


def test_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    """The first file of a new user finds its folder."""
    root = tmp_path / "a" / "b" / "downloads"
    assert receive(DownloadFolder(root), "report.txt") == Saved(root / "report.txt")


def test_folder_may_be_reached_through_a_link(tmp_path: Path, root: Path) -> None:
    """Where the user wants the files is the user's choice; he sees the path that he chose."""
    chosen = tmp_path / "chosen"
    make_link(chosen, root)
    assert receive(DownloadFolder(chosen), "report.txt") == Saved(chosen / "report.txt")
    assert contents(root) == {"report.txt": NEW}


def test_folder_stays_when_the_program_goes_elsewhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder is the one it was when it was chosen."""
    monkeypatch.chdir(root.parent)
    folder = DownloadFolder(Path("downloads"))
    monkeypatch.chdir(root)
    receive(folder, "report.txt")
    assert contents(root) == {"report.txt": NEW}


@pytest.mark.parametrize("conflict", Conflict)
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_name_lands_inside_the_folder(root: Path, name: str, conflict: Conflict) -> None:
    """Whatever the name and the choice, one plain file appears directly in the folder, and nothing anywhere else."""
    around = {path for path in root.parent.rglob("*") if path != root}
    outcome = receive(DownloadFolder(root, conflict), name)
    assert isinstance(outcome, Saved)
    assert outcome.path.parent == root
    assert list(root.iterdir()) == [outcome.path]
    assert stat.S_ISREG(outcome.path.lstat().st_mode)
    assert outcome.path.read_bytes() == NEW
    assert {path for path in root.parent.rglob("*") if path != root} == around | {outcome.path}


def test_longest_name_can_be_written_and_numbered(root: Path) -> None:
    """The room that a safe name leaves is enough for the `.part` and for the number."""
    folder = DownloadFolder(root)
    for _ in range(2):
        receive(folder, "写" * 300 + ".txt")
    assert {len(name.encode()) > LONGEST_NAME - 4 for name in contents(root)} == {True}
    assert len(contents(root)) == 2


def test_user_can_be_told_what_the_name_became(root: Path) -> None:
    """The name is known, with its explanation, before the first byte."""
    with DownloadFolder(root).begin("../x", 1) as incoming:
        assert incoming.name.name == "__x"
        assert incoming.name.explanation


def test_date_is_kept(root: Path) -> None:
    """The saved file has the sender's date, to the second."""
    sent = local("2003-02-01 04:05:06")
    receive(DownloadFolder(root), "report.txt", sent)
    assert (root / "report.txt").stat().st_mtime == sent.timestamp()


@pytest.mark.parametrize("sent", [None, local("0001-01-01"), local("9999-12-31")])
def test_file_without_a_usable_date_keeps_the_time_of_arrival(root: Path, sent: datetime | None) -> None:
    """No date and absurd dates leave the file as new as it is."""
    before = time.time()
    receive(DownloadFolder(root), "report.txt", sent)
    assert before - 5 <= (root / "report.txt").stat().st_mtime <= time.time() + 5


def test_part_is_made_new_and_never_through_a_link(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one who guesses the name and lays a link there gets nothing written through it."""
    marks = chain(["guessed"], repeat("free"))
    monkeypatch.setattr(secrets, "token_hex", lambda size: next(marks))
    outside = root.parent / "outside.txt"
    make_link(root / "report.txt.guessed.part", outside)
    receive(DownloadFolder(root), "report.txt")
    assert not outside.exists()
    assert (root / "report.txt.guessed.part").is_symlink()
    assert (root / "report.txt").read_bytes() == NEW


def test_search_for_a_free_part_name_ends(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which every name is taken is an error, not a loop."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "guessed")
    (root / "report.txt.guessed.part").write_bytes(OLD)
    with pytest.raises(FolderError):
        DownloadFolder(root).begin("report.txt", 1)
    assert contents(root) == {"report.txt.guessed.part": OLD}


def test_file_larger_than_the_disk_is_refused_before_its_first_byte(root: Path) -> None:
    """The refusal says what is needed and what is free, and leaves nothing in the folder."""
    with pytest.raises(NotEnoughSpaceError) as caught:
        DownloadFolder(root, free_space=lambda folder: 999).begin("film.mkv", 1000)
    assert (caught.value.needed, caught.value.free) == (1000, 999)
    assert contents(root) == {}


def test_room_is_counted_with_what_is_still_to_come(root: Path) -> None:
    """Files on their way have their room; what they have written is already off the disk's count."""
    folder = DownloadFolder(root, free_space=lambda folder: 100)
    with folder.begin("one", 60) as one:
        with pytest.raises(NotEnoughSpaceError) as caught:
            folder.begin("two", 41)
        assert caught.value.needed == 101
        one.write(b"x" * 20)
        folder.begin("two", 60).discard()
    folder.begin("three", 100).discard()


def test_skipped_file_needs_no_room(root: Path) -> None:
    """A file that will not be kept neither needs room nor takes it from others."""
    (root / "report.txt").write_bytes(OLD)
    folder = DownloadFolder(root, Conflict.SKIP, free_space=lambda folder: 100)
    with folder.begin("report.txt", 1000), folder.begin("other", 100) as other:
        assert other.skipped is None


def test_disk_that_does_not_tell_its_room_is_tried(root: Path) -> None:
    """Some network shares report a size of nothing; that is no reason to refuse every file."""
    folder = DownloadFolder(root, free_space=lambda folder: None)
    assert receive(folder, "report.txt") == Saved(root / "report.txt")


def test_free_space_is_the_disks_own_answer(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default asks the system, and knows a disk that does not tell by its size of nothing."""
    free = free_space(root)
    assert free is not None
    assert free > 0
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=0, used=0, free=0))
    assert free_space(root) is None


def test_more_bytes_than_announced_end_the_file(root: Path) -> None:
    """The room was checked for what was announced; nothing of such a file stays."""
    incoming = DownloadFolder(root).begin("report.txt", 3)
    incoming.write(b"123")
    with pytest.raises(WrongSizeError) as caught:
        incoming.write(b"4")
    assert (caught.value.announced, caught.value.received) == (3, 4)
    assert contents(root) == {}


@pytest.mark.parametrize("announced", [1, 5, 2**80])
def test_fewer_bytes_than_announced_are_no_file(root: Path, announced: int) -> None:
    """A file cut short never gets its name, whatever number was announced."""
    incoming = DownloadFolder(root, free_space=lambda folder: None).begin("report.txt", announced)
    with pytest.raises(WrongSizeError):
        incoming.finish()
    assert contents(root) == {}


def test_discard_deletes_the_part_and_may_come_twice(root: Path) -> None:
    """Of a file given up nothing is left; giving it up again touches nothing."""
    incoming = DownloadFolder(root).begin("report.txt", 2)
    incoming.write(b"1")
    (part,) = root.iterdir()
    incoming.discard()
    assert contents(root) == {}
    part.write_bytes(OLD)
    incoming.discard()
    assert contents(root) == {part.name: OLD}


def test_discard_after_finish_leaves_the_file(root: Path) -> None:
    """A saved file is the user's."""
    with DownloadFolder(root).begin("report.txt", 1) as incoming:
        incoming.write(b"1")
        incoming.finish()
        incoming.discard()
    assert contents(root) == {"report.txt": b"1"}


def test_file_that_ended_takes_no_more(root: Path) -> None:
    """Neither bytes nor a second end, so that a defect of ours shows."""
    incoming = DownloadFolder(root).begin("report.txt", 1)
    incoming.discard()
    with pytest.raises(ValueError, match="has ended"):
        incoming.write(b"1")
    with pytest.raises(ValueError, match="has ended"):
        incoming.finish()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_are_those_of_any_new_file_of_the_user(root: Path) -> None:
    """What the user's umask allows and no more: never executable."""
    before = os.umask(0o027)
    try:
        receive(DownloadFolder(root), "report.txt")
    finally:
        os.umask(before)
    assert stat.S_IMODE((root / "report.txt").stat().st_mode) == 0o640
