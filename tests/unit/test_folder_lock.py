"""One hub for each data folder, however the one before it ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tcpipserver.control.folder_lock import FolderInUseError, FolderLock

SECONDS = 30.0
ROOT = Path(__file__).resolve().parents[2]
HOLDING = """
import sys
from pathlib import Path
from tcpipserver.control.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]), Path("."))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_is_held_by_one_and_can_be_had_again(tmp_path: Path) -> None:
    """In one process too; the sentence names the folder and both ways out."""
    first, second = (FolderLock(tmp_path / "lock", tmp_path) for _ in range(2))
    first.acquire()
    with pytest.raises(FolderInUseError) as caught:
        second.acquire()
    assert str(caught.value) == (
        f"Another hub is working with the data folder {tmp_path}: stop it with 'tcpipserver ctl --data-dir {tmp_path} "
        "stop', or name another folder with --data-dir."
    )
    second.release()
    with pytest.raises(FolderInUseError):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()


def test_a_process_that_is_killed_gives_it_back(tmp_path: Path) -> None:
    """The system takes the lock from it; the file stays and does no harm."""
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().split() == [b"held"]
        lock = FolderLock(path, tmp_path)
        with pytest.raises(FolderInUseError):
            lock.acquire()
        process.kill()
        process.wait(SECONDS)
    lock.acquire()
    lock.release()
    assert path.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights, and links only for some")
def test_the_file_is_the_owners_alone_and_no_link(tmp_path: Path) -> None:
    """A link would let somebody else choose what is opened."""
    lock = FolderLock(tmp_path / "lock", tmp_path)
    lock.acquire()
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
    lock.release()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="link"):
        FolderLock(tmp_path / "link", tmp_path).acquire()
    assert not (tmp_path / "elsewhere").exists()
