"""partial: which dates are kept, and that only our own file is ever dated, sealed or deleted."""

import os
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tcpipclient.partial import PartialFile, maybe_timestamp, open_new
from tests.support.disks import make_link
from tests.support.downloads import NEW, OLD, local

# Clocks go forward at 02:00 on the last Sunday of March and back at 03:00 on the last one of October.
CENTRAL_EUROPE = "CET-1CEST,M3.5.0,M10.5.0/3"


@pytest.fixture
def part(tmp_path: Path) -> Iterator[PartialFile]:
    path = tmp_path / "report.txt.part"
    part = PartialFile(path, open_new(path))
    yield part
    part.discard()


@pytest.fixture
def _central_european_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local time of a zone that changes its clocks."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", CENTRAL_EUROPE)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has one time zone for all programs")
@pytest.mark.usefixtures("_central_european_clock")
@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2024-07-01 12:00:00", 1719828000),
        ("2024-12-01 12:00:00", 1733050800),
        ("2024-03-31 01:59:59", 1711846799),
        ("2024-03-31 02:00:00", None),
        ("2024-03-31 02:59:59", None),
        ("2024-03-31 03:00:00", 1711846800),
        ("2024-10-27 01:59:59", 1729987199),
        ("2024-10-27 02:00:00", None),
        ("2024-10-27 02:59:59", None),
        ("2024-10-27 03:00:00", 1729994400),
    ],
)
def test_local_time_of_two_moments_or_none_is_no_date(written: str, seconds: int | None) -> None:
    """In the hours in which clocks change, a local time does not say when a file was modified."""
    assert maybe_timestamp(local(written)) == seconds


@pytest.mark.parametrize(
    "modified",
    [None, *map(local, ("0001-01-01", "0001-01-02", "1601-01-01", "1969-12-01", "2108-02-01", "9999-12-31"))],
)
def test_date_that_not_every_disk_holds_is_no_date(modified: datetime | None) -> None:
    """Absurd dates are no dates; none makes the conversion fail."""
    assert maybe_timestamp(modified) is None


@pytest.mark.parametrize("written", ["1970-02-01", "1980-01-01", "2038-02-01", "2107-11-30 23:59:59"])
def test_date_that_disks_hold_is_kept(written: str) -> None:
    """From the first year of Unix to the last one of FAT."""
    assert maybe_timestamp(local(written)) == local(written).timestamp()


def test_date_that_the_disk_refuses_is_told(part: PartialFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file keeps the time of its arrival, and whoever compares dates is not told another one."""

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError

    part.seal()
    monkeypatch.setattr(os, "utime", refuse)
    assert part.maybe_dated(local("2020-06-01")) is None


def test_sealed_file_holds_every_byte(part: PartialFile) -> None:
    """Sealing writes out what the buffer holds, and closes: Windows moves no file that is open."""
    part.write(NEW)
    assert part.seal()
    with pytest.raises(ValueError, match="closed"):
        part.write(NEW)
    assert part.path.read_bytes() == NEW


def test_bytes_are_forced_to_the_disk_before_the_file_is_sealed(
    part: PartialFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after the file got its name must not leave holes in it."""
    forced: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: forced.append(part.path.read_bytes()))
    part.write(NEW)
    part.seal()
    assert forced == [NEW]


def test_deleted_file_is_not_sealed(part: PartialFile) -> None:
    """A name that leads to nothing any more is told."""
    if os.name == "nt":
        pytest.skip("Windows keeps the name while the file is open")
    part.path.unlink()
    assert not part.seal()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the name while the file is open")
@pytest.mark.parametrize("by", ["file", "link", "folder"])
def test_what_took_the_files_place_is_neither_sealed_nor_deleted(part: PartialFile, by: str, tmp_path: Path) -> None:
    """A stranger's file, link or folder under our name is left as it is, and so is what the link leads to."""
    outside = tmp_path / "outside"
    outside.write_bytes(OLD)
    part.path.unlink()
    if by == "file":
        part.path.write_bytes(OLD)
    elif by == "link":
        make_link(part.path, outside)
    else:
        part.path.mkdir()
    kind = stat.S_IFMT(part.path.lstat().st_mode)
    assert not part.seal()
    part.discard()
    assert stat.S_IFMT(part.path.lstat().st_mode) == kind
    assert outside.read_bytes() == OLD


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder"])
def test_nothing_that_is_there_is_opened(tmp_path: Path, kind: str) -> None:
    """A new file is made, or none: what is there keeps its bytes, and no link is followed."""
    path, outside = tmp_path / "taken", tmp_path / "outside"
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.write_bytes(OLD)
    else:
        if kind == "link":
            outside.write_bytes(OLD)
        make_link(path, outside)
    with pytest.raises(FileExistsError):
        open_new(path)
    assert outside.exists() == (kind == "link")
    assert kind == "folder" or kind == "dangling link" or path.read_bytes() == OLD
