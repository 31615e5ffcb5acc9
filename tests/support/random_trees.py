"""Trees of files made by a seed, and the comparing of two of them as they lie on a disk.

Owns both. It must never write outside of the folder that it is given. Thread: the test's own.
"""

import os
import stat
import sys
import unicodedata
from pathlib import Path
from random import Random

from tests.support.disks import make_link

NAMES = (
    "a",
    "B.TXT",
    "grün",
    "日本語",
    "e\u0301t\u00e9",
    ".hidden",
    "two words",
    "x" * 120,
    "ß",
    "tail.tar.gz",
    "0",
    "~",
)
SIZES = (0, 0, 1, 17, 4096, 5000, 70_000, 300_000)
SECOND = 1_000_000_000


def make_tree(root: Path, seed: int, *, entries: int = 60, largest: int = 3 << 20, links: bool = False) -> None:
    """A folder with files of all sizes, one of `largest` bytes, empty folders, dates and modes, and maybe links."""
    random = Random(seed)
    root.mkdir()
    folders = [root]
    for number in range(entries):
        above = random.choice(folders)
        path = above / f"{random.choice(NAMES)}{number}"
        kind = random.random()
        if kind < 0.25 and len(path.relative_to(root).parts) < 8:
            path.mkdir()
            folders.append(path)
        elif kind < 0.35 and links and above is not root:
            make_link(path, Path(f"no-such-{number}"))
        else:
            _make_file(path, random.randbytes(random.choice(SIZES)), random)
    _make_file(root / "largest.bin", random.randbytes(largest), random)
    for folder in reversed(folders):
        if os.name == "posix":
            folder.chmod(random.choice((0o700, 0o755, 0o750)))
        _date(folder, random)


def described(root: Path, *, dated: bool = True) -> dict[str, object]:
    """A folder and all below: what each entry is, its content, date and mode; our own hidden places left out.

    Names are compared as a receiver writes them, in NFC.
    """
    found: dict[str, object] = {}
    for path in [root, *root.rglob("*")]:
        place = path.relative_to(root)
        if place.parts and place.parts[0].startswith(".tcpipchat-"):
            continue
        shown = unicodedata.normalize("NFC", str(place))
        state = path.lstat()
        date = (state.st_mtime_ns, stat.S_IMODE(state.st_mode)) if dated else None
        if path.is_symlink():
            found[shown] = ("link", path.readlink().as_posix())
        elif path.is_dir():
            found[shown] = ("folder", date)
        else:
            found[shown] = ("file", path.read_bytes(), date)
    return found


def _make_file(path: Path, content: bytes, random: Random) -> None:
    path.write_bytes(content)
    if os.name == "posix":
        path.chmod(random.choice((0o600, 0o644, 0o755, 0o444)))
    _date(path, random)


def _date(path: Path, random: Random) -> None:
    step = 100 if sys.platform == "win32" else 1
    modified = random.randrange(1, 2_000_000_000) * SECOND + random.randrange(SECOND // step) * step
    os.utime(path, ns=(modified, modified))
