"""What is sent in the measurements of files, and whether a copy is what it should be.

Owns the building of files and folders, of bytes that no compression makes smaller, and the comparing of names and
contents. Must never be inside a measured time. The main thread.
"""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1 << 20
SMALL_BYTES = 4096
_MEMORY = Path("/dev/shm")
_SEED = 5
_MIXED_FOLDER = 50
_MIXED_SPREAD = (6.0, 18.3)
"""Of the sizes in the mixed tree, powers of 2: 64 bytes to 320 KiB, as many of each magnitude; 38 KB on average."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A file or a folder that is sent.

    Attributes:
        name: In tables.
        path: Its last part is its name at the recipient's, too.
        must, goal: How many times as fast as scp it is to be.
    """

    name: str
    path: Path
    must: float
    goal: float


class WrongCopyError(Exception):
    """A copy is not what was sent; its text says what differs first."""


@contextmanager
def memory_folder(place: Path | None = None) -> Iterator[Path]:
    """A folder, in memory where the system has such a place unless another is named; taken away at the end."""
    if place is None and _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK):
        place = _MEMORY
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as folder:
        yield Path(folder)


def write_file(path: Path, mebibytes: int) -> Path:
    """Write a file of bytes that cannot be compressed."""
    with path.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(MEBIBYTE))
    return path


def write_sparse_file(path: Path, size: int) -> Path:
    """Make a file of so many zeros that takes no room where the file system knows holes."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def write_small_files(folder: Path, count: int, size: int = SMALL_BYTES) -> Path:
    """Write a folder with so many files of a size, 1,000 in each of its folders."""
    random_bytes = random.Random(_SEED)
    for number in range(count):
        inner = folder / f"{number // 1000:03}"
        if number % 1000 == 0:
            inner.mkdir(parents=True)
        (inner / f"file {number:06}.bin").write_bytes(random_bytes.randbytes(size))
    return folder


def write_mixed_tree(folder: Path, count: int) -> Path:
    """Write a tree with so many files of many sizes (2,500 have about 95 MB), three folders deep, and an empty one."""
    choices = random.Random(_SEED)
    for number in range(count):
        place = number // _MIXED_FOLDER
        inner = folder / f"part {place % 5}" / f"chapter {place}" / ("notes" if number % 3 == 0 else "")
        inner.mkdir(parents=True, exist_ok=True)
        (inner / f"page {number:05}.dat").write_bytes(choices.randbytes(int(2 ** choices.uniform(*_MIXED_SPREAD))))
    (folder / "part 0" / "still empty").mkdir(parents=True)
    return folder


def check_copy(original: Path, copy: Path) -> None:
    """Compare names and contents, of a file or of everything in a folder.

    Raises:
        WrongCopyError: Something is missing, too much or different.
    """
    for where in _names(original) ^ _names(copy):
        raise WrongCopyError(f"{copy.name}: {where or 'it'} is on one side alone, or not of the same kind")
    for where in _names(original):
        before, after = original / where, copy / where
        if before.is_file() and not _same_bytes(before, after):
            raise WrongCopyError(f"{copy.name}: {where or 'it'} has other bytes than what was sent")


def remove(path: Path) -> None:
    """Take a copy away again, whatever it is."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _names(top: Path) -> set[str]:
    """Everything at and below a place: folders end with a slash."""
    if not top.is_dir():
        return {""} if top.exists() else set()
    return {f"{found.relative_to(top).as_posix()}{'/' if found.is_dir() else ''}" for found in top.rglob("*")}


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while data := left.read(MEBIBYTE):
            if data != right.read(MEBIBYTE):
                return False
    return True
