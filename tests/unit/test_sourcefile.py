"""Files of the user's that are to be sent.

Thread: pytest's main thread.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tcpipclient.core.exceptions import UnsendableFileError
from tcpipclient.net.sourcefile import open_source, size_of

MODIFIED = datetime.fromisoformat("2026-11-23 03:32:47")


def test_a_file_has_its_size_and_local_dates(tmp_path: Path) -> None:
    """Naive local times, as the wire has them."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello")
    os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    assert size_of(path) == 5
    source = open_source(path)
    with source.stream:
        assert source.stream.read() == b"hello"
    assert source.size == 5
    assert source.modified == MODIFIED
    if sys.platform == "linux":
        assert source.created == source.modified


@pytest.mark.parametrize("name", ["missing.txt", "a.txt/below", "nul\0name"])
def test_what_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    """Looking and opening say the same."""
    (tmp_path / "a.txt").touch()
    for look in (size_of, open_source):
        with pytest.raises(UnsendableFileError):
            look(tmp_path / name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """The sentence says what to do."""
    with pytest.raises(UnsendableFileError, match="pack it into an archive"):
        size_of(tmp_path)
    with pytest.raises(UnsendableFileError):
        open_source(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    """Opening one that has taken a file's place would wait for a writer for ever."""
    os.mkfifo(tmp_path / "pipe")
    for look in (size_of, open_source):
        with pytest.raises(UnsendableFileError, match="device or a pipe"):
            look(tmp_path / "pipe")


class Refusing(type(Path())):
    """A path that the system does not let us look at."""

    error: OSError

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [(PermissionError(13, "Permission denied"), "may not read it"), (OSError(5, "I/O error"), "I/O error")],
)
def test_what_the_system_says_is_told(error: OSError, said: str) -> None:
    """A file that may not be read, and any other trouble in the system's words."""
    path = Refusing("a.txt")
    path.error = error
    with pytest.raises(UnsendableFileError, match=said):
        size_of(path)


def test_a_date_that_is_none_stops_nothing(tmp_path: Path) -> None:
    """Some disks give dates before 1970 or after 9999; the file is sent all the same."""
    path = tmp_path / "old.txt"
    path.write_bytes(b"x")
    os.utime(path, (-1e9, -1e9))
    source = open_source(path)
    source.stream.close()
    assert source.modified.year in (1938, 1970)
