"""folder: what happens when something of an arriving file's name is there, under each choice of the user."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from commonlib.conflict import Conflict
from tcpipclient import folder as folder_module
from tcpipclient.folder import (
    DownloadFolder,
    Saved,
    Skipped,
)
from tests.support.disks import make_link
from tests.support.downloads import NEW, OLD, contents, local, receive


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "downloads"
    root.mkdir()
    return root


@pytest.mark.parametrize("there", ["report.txt", "REPORT.txt", "report.TXT"])
def test_renamed_file_gets_the_next_number(root: Path, there: str) -> None:
    """What is there stays, also when it would be the same name only on another disk."""
    (root / there).write_bytes(OLD)
    (root / "report (3).txt").write_bytes(OLD)
    folder = DownloadFolder(root)
    for number in (2, 4):
        assert receive(folder, "report.txt") == Saved(root / f"report ({number}).txt")
    kept = {there: OLD, "report (3).txt": OLD}
    assert contents(root) == kept | {"report (2).txt": NEW, "report (4).txt": NEW}


def test_accents_in_another_form_make_no_second_name(root: Path) -> None:
    """A name kept decomposed on the disk is the same name for the user."""
    (root / "Cafe\u0301.txt").write_bytes(OLD)
    assert receive(DownloadFolder(root), "Caf\u00e9.txt") == Saved(root / "Caf\u00e9 (2).txt")


@pytest.mark.parametrize("conflict", [Conflict.RENAME, Conflict.REPLACE, Conflict.NEWEST])
def test_folder_of_that_name_is_never_replaced(root: Path, conflict: Conflict) -> None:
    """A folder, empty or not, has its name for itself."""
    (root / "photos").mkdir()
    outcome = receive(DownloadFolder(root, conflict), "photos", local("2020-06-01"))
    assert outcome == Saved(root / "photos (2)")
    assert (root / "photos").is_dir()


@pytest.mark.parametrize("conflict", Conflict)
@pytest.mark.parametrize("dangling", [False, True])
def test_link_at_the_target_is_never_followed(root: Path, conflict: Conflict, dangling: bool) -> None:
    """What a link leads to keeps its bytes, or its absence, under every choice."""
    outside = root.parent / "outside.txt"
    if not dangling:
        outside.write_bytes(OLD)
    make_link(root / "report.txt", outside)
    receive(DownloadFolder(root, conflict), "report.txt", local("2100-06-01"))
    assert outside.exists() != dangling
    assert dangling or outside.read_bytes() == OLD
    assert (root / "report.txt").is_symlink() == (conflict in (Conflict.RENAME, Conflict.SKIP))


@pytest.mark.parametrize("there", ["report.txt", "REPORT.TXT"])
def test_skip_is_known_before_the_first_byte(root: Path, there: str) -> None:
    """Nothing is opened, what is sent all the same is only counted, and the outcome names what is there."""
    (root / there).write_bytes(OLD)
    with DownloadFolder(root, Conflict.SKIP).begin("report.txt", len(NEW)) as incoming:
        assert incoming.skipped is not None
        assert incoming.skipped.path.samefile(root / there)
        assert list(root.iterdir()) == [root / there]
        incoming.write(NEW)
        assert incoming.finish() == incoming.skipped
    assert contents(root) == {there: OLD}


@pytest.mark.parametrize("there", ["report.txt", "REPORT.txt"])
def test_skip_of_a_file_that_came_meanwhile(root: Path, there: str) -> None:
    """A file that appears while ours arrives is left as it is, and ours is not kept."""
    with DownloadFolder(root, Conflict.SKIP).begin("report.txt", len(NEW)) as incoming:
        assert incoming.skipped is None
        (root / there).write_bytes(OLD)
        incoming.write(NEW)
        outcome = incoming.finish()
    assert isinstance(outcome, Skipped)
    assert "is there already and was left as it is." in outcome.reason
    assert contents(root) == {there: OLD}


def test_skip_of_a_file_that_came_at_the_last_moment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk has the last word on whether the name is free."""
    (root / "report.txt").write_bytes(OLD)
    monkeypatch.setattr(folder_module, "find_entry", lambda root, name: None)
    assert isinstance(receive(DownloadFolder(root, Conflict.SKIP), "report.txt"), Skipped)
    assert contents(root) == {"report.txt": OLD}


def test_replace_takes_the_place_of_a_file(root: Path) -> None:
    """The user has given up what is there, and only when the new file is whole."""
    (root / "report.txt").write_bytes(OLD)
    folder = DownloadFolder(root, Conflict.REPLACE)
    with folder.begin("report.txt", len(NEW)) as incoming:
        incoming.write(NEW)
        assert (root / "report.txt").read_bytes() == OLD
        assert incoming.finish() == Saved(root / "report.txt")
    assert contents(root) == {"report.txt": NEW}


@pytest.mark.parametrize("conflict", [Conflict.REPLACE, Conflict.NEWEST])
def test_replace_spares_what_the_disk_takes_for_another_file(root: Path, conflict: Conflict) -> None:
    """Where the disk tells cases apart, a file that differs in case is not the one that was given up."""
    (root / "REPORT.txt").write_bytes(OLD)
    if (root / "report.txt").exists():
        pytest.skip("this disk does not tell cases apart")
    outcome = receive(DownloadFolder(root, conflict), "report.txt", local("2100-06-01"))
    assert outcome == Saved(root / "report (2).txt")
    assert contents(root) == {"REPORT.txt": OLD, "report (2).txt": NEW}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (local("2021-06-01 12:00:01"), {"report.txt": NEW}),
        (local("2021-06-01 12:00:00"), {"report.txt": OLD}),
        (local("2021-06-01 11:59:59"), {"report.txt": OLD}),
        (None, {"report.txt": OLD, "report (2).txt": NEW}),
        (local("0001-01-01"), {"report.txt": OLD, "report (2).txt": NEW}),
    ],
)
def test_newest_goes_by_the_sent_date(root: Path, sent: datetime | None, expected: dict[str, bytes]) -> None:
    """Newer replaces, the same or older is skipped, and without a date both are kept."""
    there = root / "report.txt"
    there.write_bytes(OLD)
    kept = local("2021-06-01 12:00:00").timestamp()
    os.utime(there, (kept, kept))
    outcome = receive(DownloadFolder(root, Conflict.NEWEST), "report.txt", sent)
    assert contents(root) == expected
    assert isinstance(outcome, Saved) == (NEW in expected.values())


def test_two_files_of_one_name_at_once_never_mix(root: Path) -> None:
    """Each has a `.part` of its own and gets a name of its own."""
    folder = DownloadFolder(root)
    with folder.begin("report.txt", 4) as one, folder.begin("report.txt", 4) as other:
        one.write(b"11")
        other.write(b"22")
        one.write(b"11")
        other.write(b"22")
        assert other.finish() == Saved(root / "report.txt")
        assert one.finish() == Saved(root / "report (2).txt")
    assert contents(root) == {"report.txt": b"2222", "report (2).txt": b"1111"}
