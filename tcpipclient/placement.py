"""The step that gives a finished file its final name, without ever writing over another file.

Owns the atomic moves inside one folder and the question which entry a name means there. Must never decide whether a
file may be replaced (folder.py does), follow a link, or delete anything but what the same call has created.
Blocks on the disk: run by whichever thread writes the file. Safe to race against other threads and programs.
"""

import errno
import os
import stat
from itertools import chain
from pathlib import Path

from commonlib.safename import LARGEST_NUMBER, collision_key, numbered_name
from commonlib.storage.patience import patiently

CREATE_ONLY = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""Flags of `os.open` that make a file and never open one that is there, nor what a link points to."""

CREATE_MODE = 0o666
"""Permissions of a new file before the system takes off the user's umask."""

_ON_WINDOWS = os.name == "nt"


def find_entry(root: Path, name: str) -> Path | None:
    """The entry of `root` that is one with `name` on some disk, differing in case or accents' form at most.

    An entry that the disk itself finds under `name` comes first. Links are not followed: a dangling one is an entry.
    Raises OSError when the folder cannot be read.
    """
    exact = root / name
    if _maybe_lstat(exact) is not None:
        return exact
    key = collision_key(name)
    return next((entry for entry in root.iterdir() if collision_key(entry.name) == key), None)


def maybe_replaceable(path: Path) -> os.stat_result | None:
    """What is known of a plain file or a link at `path`; None for nothing, a folder or anything else."""
    found = _maybe_lstat(path)
    if found is None or not (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)):
        return None
    return found


def is_same_file(path: Path, identity: os.stat_result) -> bool:
    """True when `path`, its last component not followed if a link, is the very file that `identity` was taken of."""
    found = _maybe_lstat(path)
    return found is not None and os.path.samestat(found, identity)


def move_exclusively(part: Path, target: Path) -> None:
    """Move `part` to `target` in one step, which fails if anything at all is there, a link included.

    Raises FileExistsError when the name is taken, else OSError; `part` is then still where it was.
    """
    if _ON_WINDOWS:
        patiently(lambda: os.rename(part, target))  # noqa: PTH104 - a rename that never replaces, on Windows only
        return
    try:
        os.link(part, target, follow_symlinks=False)
    except OSError:
        # The disk has no hard links (FAT, exFAT, some network shares), or the name is taken, which this finds as well.
        _move_into_reservation(part, target)
        return
    try:
        part.unlink()
    except OSError:
        pass  # The file is in its place; a second name left over is no reason to say that it was not saved.


def move_to_free_name(part: Path, root: Path, name: str) -> Path:
    """Move `part` to the first free one of `name`, `name (2)`, `name (3)` ... and return where it is now.

    Free means that no entry has the same collision key, at the price of one listing of the folder.
    Raises FileExistsError when all `LARGEST_NUMBER` names are taken, else OSError.
    """
    taken = {collision_key(entry.name) for entry in root.iterdir()}
    numbered = (numbered_name(name, number) for number in range(2, LARGEST_NUMBER + 1))
    for candidate in chain([name], numbered):
        if collision_key(candidate) in taken:
            continue
        try:
            move_exclusively(part, root / candidate)
        except FileExistsError:
            continue
        return root / candidate
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(root / name))


def move_over(part: Path, target: Path) -> None:
    """Move `part` to `target` in one step, replacing a file or a link (never what the link points to).

    Raises OSError when `target` is a folder, or on Windows when another program has it open.
    """
    patiently(lambda: part.replace(target))


def _move_into_reservation(part: Path, target: Path) -> None:
    """Take the name with an empty file made exclusively, then replace that."""
    descriptor = os.open(target, CREATE_ONLY, CREATE_MODE)
    try:
        reserved = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    try:
        part.replace(target)
    except OSError:
        if is_same_file(target, reserved):
            target.unlink()
        raise


def _maybe_lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
