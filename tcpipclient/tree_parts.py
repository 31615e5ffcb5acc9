"""The hidden place where files lie while they arrive, and what is left of them for another run.

Owns the parts of one sender below one folder for downloads: their names, who of this program writes to which, and the
deleting of old ones. Must never delete anything that does not have the name of a part of ours, is no plain file, or is
young, nor anything of a place that another running program is seen to use. Blocks on the disk. A TreeParts belongs to
one thread at a time; several may be open for one place.
"""

import errno
import os
import re
import secrets
import stat
import threading
from collections import Counter

from commonlib.storage.file_lock import maybe_lock
from commonlib.transfer.manifest import Listed
from tcpipclient.tree_folders import TreeFolder

KEPT_SECONDS = 30 * 24 * 3600.0
"""Parts that nobody has gone on with for so long are deleted."""

_PREFIX = ".tcpipchat-"
_PLACE = re.compile(re.escape(_PREFIX) + "[0-9a-f]{16}")
_PART = re.compile("[0-9a-f]{32}")
_WHOLE_FILE = re.compile("arriving-[0-9a-f]{8}")
_WHOLE_KEPT_SECONDS = 24 * 3600.0
_OWNERS = 0o600
_MOST_TRIES = 10
"""To make a place while other programs take it away: they would have to do it each time in the same moment."""

_lock = threading.Lock()
# What is in use in this program, by the identities of places: how many have each open, and the parts written to.
_users: Counter[tuple[int, int]] = Counter()
_taken: set[tuple[int, int, str]] = set()


class TreeParts:
    """The parts of one sender.

    Args:
        root: The folder for downloads.
        now: Unix seconds.

    Attributes:
        whole_file: The part of a file that comes in one piece: of no use to another run, and nobody else's.
        left_over: The names of parts that may be there.
    """

    def __init__(self, root: TreeFolder, sender: bytes, now: float) -> None:
        self._root = root
        self._name = _PREFIX + sender.hex()[:16]
        self._ours: set[str] = set()
        self.whole_file = f"arriving-{secrets.token_hex(4)}"
        with _lock:
            _delete_old(root, now)
            self.folder = self._open_place()
            self._identity = self._enter_place()
        try:
            self.left_over = {name for name in self.folder.names() if _PART.fullmatch(name)}
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the place; it goes when it is empty and nobody else has it open."""
        with _lock:
            _taken.difference_update((*self._identity, part) for part in self._ours)
            self.folder.close()
            self._leave_place()
            _tidy(self._root, self._name, None)

    def size(self, part: str) -> int:
        """Bytes of a part that is there and that nobody else writes to."""
        if part not in self.left_over or (part not in self._ours and (*self._identity, part) in _taken):
            return 0
        found = self.folder.maybe_lstat(part)
        return found.st_size if found is not None and stat.S_ISREG(found.st_mode) else 0

    def open_fresh(self, listed: Listed, part: str) -> int:
        """A new part, as a descriptor; nothing that an earlier run left is used. Raises OSError."""
        self._take(part)
        mode = (listed.mode or 0o666) | _OWNERS
        try:
            return self._locked(part, self.folder.open_new(part, mode))
        except FileExistsError:
            self.folder.remove(part)  # It may be anything by now.
        except FileNotFoundError:
            self._renew_place()  # Another program of ours has found it empty.
        return self._locked(part, self.folder.open_new(part, mode))

    def open_again(self, part: str, offset: int) -> int:
        """A part that is there, cut off behind `offset`, where the next byte goes. Raises OSError."""
        self._take(part)
        descriptor = self._locked(part, self.folder.open_file(part))
        try:
            os.ftruncate(descriptor, offset)
            os.lseek(descriptor, offset, os.SEEK_SET)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _locked(self, part: str, descriptor: int) -> int:
        """An open part, once no other program writes to it. Raises OSError where one does; it is closed then."""
        try:
            is_free = part == self.whole_file or maybe_lock(descriptor)
        except OSError:
            is_free = True  # This disk has no locks.
        if not is_free:
            os.close(descriptor)
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return descriptor

    def require_same(self, part: str, descriptor: int) -> None:
        """Raise OSError where another program has put something else in the place of an open part."""
        if part == self.whole_file:
            return
        found = self.folder.maybe_lstat(part)
        if found is None or not os.path.samestat(found, os.fstat(descriptor)):
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    def remove(self, part: str) -> None:
        """Delete a part that is of no use any more, if it is there."""
        try:
            self.folder.remove(part)
        except OSError:
            pass  # It is not there, as a rule; and whatever keeps it, nothing depends on it.
        self.forget(part)

    def forget(self, part: str) -> None:
        """A part has got its name, or has gone."""
        self.left_over.discard(part)
        if part in self._ours:
            self._ours.remove(part)
            with _lock:
                _taken.discard((*self._identity, part))

    def _open_place(self) -> TreeFolder:
        """The place, made where it is not there; other programs see from now on that it is in use. Raises OSError."""
        for _ in range(_MOST_TRIES):
            try:
                is_new = self._root.maybe_make(self._name, 0o700)
                folder = self._root.open(self._name)
            except FileNotFoundError:
                continue  # Another program of ours has found it empty and taken it away.
            folder.use()
            if self._root.maybe_lstat(self._name) is not None:
                if is_new:
                    folder.hide()
                return folder
            folder.close()
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self._root.path / self._name))

    def _enter_place(self) -> tuple[int, int]:
        identity = self.folder.identity()
        _users[identity] += 1
        return identity

    def _renew_place(self) -> None:
        with _lock:
            renewed = self._open_place()
            _taken.difference_update((*self._identity, part) for part in self._ours)
            self.folder.close()
            self._leave_place()
            self.folder = renewed
            self._identity = self._enter_place()
            _taken.update((*self._identity, part) for part in self._ours)

    def _leave_place(self) -> None:
        _users[self._identity] -= 1
        if not _users[self._identity]:
            del _users[self._identity]

    def _take(self, part: str) -> None:
        """Write to a part from now on. Raises OSError where another transfer of this program does."""
        if part in self._ours or part == self.whole_file:
            return
        with _lock:
            if (*self._identity, part) in _taken:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
            _taken.add((*self._identity, part))
        self._ours.add(part)
        self.left_over.add(part)


def _delete_old(root: TreeFolder, now: float) -> None:
    """Delete what has been left over for too long, of any sender, and places in which nothing is left."""
    for name in root.names():
        if _PLACE.fullmatch(name):
            _tidy(root, name, now)


def _tidy(root: TreeFolder, name: str, now: float | None) -> None:
    """Take a place away that is empty, with a time once what is old by then is deleted; one in use stays as it is.

    Programs that were killed leave empty ones: before a part is there, and behind the last that got its name.
    """
    try:
        place = root.open(name)
    except OSError:
        return  # A link, or no folder.
    try:
        if place.identity() in _users or not place.is_unused():
            return
        if now is not None:
            for part in place.names():
                _maybe_delete(place, part, now)
        root.remove_folder(name)
    except OSError:
        pass  # Parts are left for another run, as a rule; and what cannot be deleted stays.
    finally:
        place.close()


def _maybe_delete(folder: TreeFolder, name: str, now: float) -> None:
    kept = KEPT_SECONDS if _PART.fullmatch(name) else _WHOLE_KEPT_SECONDS if _WHOLE_FILE.fullmatch(name) else None
    found = folder.maybe_lstat(name) if kept is not None else None
    if kept is not None and found is not None and stat.S_ISREG(found.st_mode) and now - found.st_mtime > kept:
        folder.remove(name)
