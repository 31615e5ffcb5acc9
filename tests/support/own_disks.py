"""Disks that do not exist: a file system in memory, small or not to be written to, that one program alone sees.

Owns how it is mounted: in a mount namespace of the program's own, with which it goes. Must never mount anything where
others see it. Needs the rights of root on Linux, and the commands `unshare` and `mount`. Thread: the test's own.
"""

import contextlib
import os
import subprocess
from pathlib import Path


def may_mount() -> bool:
    """Whether this is Linux, and we are root."""
    return Path("/proc/self/ns/mnt").exists() and os.geteuid() == 0


def with_disk(folder: Path, options: str) -> tuple[str, ...]:
    """The beginning of a command that has a disk of its own at this folder; `options`: of tmpfs, such as size=16m."""
    folder.mkdir(parents=True, exist_ok=True)
    script = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"'
    return ("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", options, str(folder))


def seen_by(process: "subprocess.Popen[str]", folder: Path) -> Path:
    """A folder as that program sees it, for as long as it runs."""
    return Path(f"/proc/{process.pid}/root") / folder.relative_to("/")


def fill(folder: Path) -> Path:
    """Take all room that is left where a folder is, by a file that is returned."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(64 << 10)):
            pass
    return filler
