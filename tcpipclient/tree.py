"""The one place that writes received folders: what a manifest lists goes below the folder for downloads, or nowhere.

Owns the way from a judged entry and its bytes to a file, folder or link, and the parts that outlive a run. Must never
write outside the folder, follow a link below it, write over what the user has not given up by his choice, or delete
anything but parts and links of its own.
Blocks on the disk. A DownloadTree belongs to one thread at a time.

Parts lie in a hidden folder beside what is received, one for each sender, under the names that `part_name` gives them;
no entry can come to lie there, for names at the top never begin with a dot. They are found again after any cut, crash
or restart. Saved means that the bytes were given to the system and the file has its name. That outlives our own end; a
power cut may take what the system has not written yet.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from commonlib.conflict import Conflict
from commonlib.safename import LARGEST_NUMBER, numbered_name
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.paths import Path as TreePath
from commonlib.transfer.resume import Choices, Found, OnDisk, Prefix, is_same_time, part_name
from tcpipclient.folder import Saved, Skipped
from tcpipclient.folder_errors import FolderError
from tcpipclient.tree_folders import TreeFolder

_PARTS_PREFIX = ".tcpipchat-"
_READ_SIZE = 1 << 20
_ENDED = -1


class ArrivingFile:
    """One file whose bytes are coming; ended by `finish` or `keep`."""

    def __init__(self, tree: "DownloadTree", listed: Listed, descriptor: int) -> None:
        self.listed = listed
        self._tree = tree
        self._descriptor = descriptor

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes. Raises FolderError; the part stays then, up to what was written."""
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            self.keep()
            raise self._tree.error(self.listed, error) from error

    def finish(self) -> Saved | Skipped:
        """Give the whole file its date, its mode and its name. Raises FolderError."""
        descriptor, self._descriptor = self._descriptor, _ENDED
        return self._tree.finish(self.listed, descriptor)

    def keep(self) -> None:
        """Close the part and leave it for another run; does nothing after the end."""
        if self._descriptor != _ENDED:
            os.close(self._descriptor)
            self._descriptor = _ENDED


class DownloadTree:
    """The receiving end of one sender's offers on the disk.

    Args:
        root: The folder for downloads; made when it is first needed.
        sender: The sender's fingerprint: parts are kept for each sender by himself.
        choices: What the user has decided for all entries.
    """

    def __init__(self, root: Path, sender: bytes, choices: Choices) -> None:
        self.root = root.absolute()
        self._choices = choices
        self._parts_name = _PARTS_PREFIX + sender.hex()[:16]
        self._open: list[TreeFolder] = []  # The root, and the folders on the way to the last entry.
        self._way: TreePath = ()
        self._parts: TreeFolder | None = None
        self._mask = _current_mask()

    def close(self) -> None:
        """Let go of all folders; the parts' own goes when it is empty."""
        for folder in self._open[1:]:
            folder.close()
        if self._parts is not None:
            self._parts.close()
            self._parts = None
            try:
                self._open[0].remove_folder(self._parts_name)
            except OSError:
                pass  # Parts are left for another run.
        for folder in self._open[:1]:
            folder.close()
        self._open.clear()
        self._way = ()

    def look(self, listed: Listed) -> OnDisk:
        """What is there of an entry. Raises FolderError where the disk does not say."""
        try:
            try:
                folder = self._enter(listed.path[:-1])
            except (NotADirectoryError, FileNotFoundError):
                return OnDisk(Found.BLOCKED)
            there = folder.maybe_lstat(listed.path[-1])
            part = self._parts_folder().maybe_lstat(part_name(listed)) if listed.size else None
            part_size = part.st_size if part is not None and stat.S_ISREG(part.st_mode) else 0
            if there is None:
                return OnDisk(part_size=part_size)
            saved_before = listed.kind is not EntryKind.FOLDER and self._is_beside(folder, listed)
            return OnDisk(_kind_of(there), there.st_size, there.st_mtime_ns, part_size, saved_before)
        except OSError as error:
            raise self.error(listed, error) from error

    def prefix(self, listed: Listed, offsets: tuple[int, ...]) -> Iterator[Prefix]:
        """Read a part up to the last offset; gives the prefix again and again, for it may take long, until it is done.

        Raises FolderError.
        """
        prefix = Prefix(offsets)
        try:
            descriptor = self._parts_folder().open_file(part_name(listed))
            try:
                while due := prefix.due:
                    data = os.read(descriptor, min(due, _READ_SIZE))
                    if not data:
                        break
                    prefix.receive_data(data)
                    yield prefix
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self.error(listed, error) from error
        yield prefix

    def begin(self, listed: Listed, offset: int) -> ArrivingFile:
        """Get ready for the bytes of a file from `offset` on; what its part has behind that is cut off.

        Raises FolderError.
        """
        try:
            descriptor = self._open_part(listed, fresh=not offset)
            try:
                os.ftruncate(descriptor, offset)
                os.lseek(descriptor, offset, os.SEEK_SET)
            except OSError:
                os.close(descriptor)
                raise
        except OSError as error:
            raise self.error(listed, error) from error
        return ArrivingFile(self, listed, descriptor)

    def save(self, listed: Listed, data: bytes | memoryview) -> Saved | Skipped:
        """A file that came whole. Raises FolderError."""
        arriving = self.begin(listed, 0)
        arriving.write(data)
        return arriving.finish()

    def make_folder(self, listed: Listed) -> None:
        """Make a folder, or use the one that is there. Raises FolderError."""
        try:
            self._enter(listed.path[:-1]).make(listed.path[-1]).close()
        except OSError as error:
            raise self.error(listed, error) from error

    def make_link(self, listed: Listed) -> Saved:
        """Make a link that the manifest's reader has let pass, beside what has its name. Raises FolderError."""
        try:
            folder = self._enter(listed.path[:-1])
            for name in _candidates(listed.path[-1]):
                try:
                    folder.make_link(name, str(Path(*listed.target)))
                except FileExistsError:
                    continue
                return Saved(folder.path / name)
            raise FileExistsError
        except OSError as error:
            raise self.error(listed, error) from error

    def finish(self, listed: Listed, descriptor: int) -> Saved | Skipped:
        """Close a whole part and give it its name; called by ArrivingFile alone. Raises FolderError."""
        try:
            try:
                if listed.mode and os.name == "posix":
                    os.fchmod(descriptor, listed.mode & 0o777 & ~self._mask)
            finally:
                os.close(descriptor)
            parts, part = self._parts_folder(), part_name(listed)
            if listed.modified_ns:
                try:
                    parts.set_time(part, listed.modified_ns)
                except (OSError, OverflowError):
                    pass  # Not every disk can hold every date; the file keeps the time of its arrival.
            return self._place(listed, parts, part)
        except OSError as error:
            raise self.error(listed, error) from error

    def error(self, listed: Listed, error: OSError) -> FolderError:
        """What went wrong with an entry, as a sentence."""
        return FolderError(self.root.joinpath(*listed.path), error)

    def _place(self, listed: Listed, parts: TreeFolder, part: str) -> Saved | Skipped:
        folder, name = self._enter(listed.path[:-1]), listed.path[-1]
        there = folder.maybe_lstat(name)
        conflict = self._choices.conflict
        if there is not None:
            is_newer = 0 < listed.modified_ns <= there.st_mtime_ns
            if conflict is Conflict.SKIP or (conflict is Conflict.NEWEST and stat.S_ISREG(there.st_mode) and is_newer):
                parts.remove(part)
                return Skipped(folder.path / name, f'"{name}" is there already and was left as it is.')
            is_plain = stat.S_ISREG(there.st_mode) or stat.S_ISLNK(there.st_mode)
            is_given_up = conflict is Conflict.REPLACE or (conflict is Conflict.NEWEST and listed.modified_ns > 0)
            if is_plain and is_given_up:
                folder.take_over(parts, part, name)
                return Saved(folder.path / name)
        for candidate in _candidates(name):
            try:
                folder.take_exclusively(parts, part, candidate)
            except FileExistsError:
                continue
            return Saved(folder.path / candidate)
        raise FileExistsError

    def _is_beside(self, folder: TreeFolder, listed: Listed) -> bool:
        """Whether an earlier run has saved this very file or link, maybe under a further name as its own was taken."""
        for name in _candidates(listed.path[-1]):
            found = folder.maybe_lstat(name)
            if found is None:
                return False
            if _is_same(folder, name, found, listed):
                return True
        return False

    def _open_part(self, listed: Listed, *, fresh: bool) -> int:
        parts, name = self._parts_folder(), part_name(listed)
        if not fresh:
            return parts.open_file(name)
        try:
            return parts.open_new(name)
        except FileExistsError:
            # Of an earlier run: nothing of it is used, and it may be anything by now.
            parts.remove(name)
            return parts.open_new(name)

    def _parts_folder(self) -> TreeFolder:
        if self._parts is None:
            self._parts = self._root().make(self._parts_name, 0o700)
        return self._parts

    def _root(self) -> TreeFolder:
        if not self._open:
            self._open.append(TreeFolder.open_root(self.root))
        return self._open[0]

    def _enter(self, path: TreePath) -> TreeFolder:
        """The folder of that path; what it has in common with the last one stays open."""
        self._root()
        common = 0
        for ours, theirs in zip(self._way, path, strict=False):
            if ours != theirs:
                break
            common += 1
        for folder in self._open[common + 1 :]:
            folder.close()
        del self._open[common + 1 :]
        self._way = self._way[:common]
        for name in path[common:]:
            self._open.append(self._open[-1].open(name))
            self._way = (*self._way, name)
        return self._open[-1]


def _candidates(name: str) -> Iterator[str]:
    """The name, and those that are taken when it is."""
    yield name
    for number in range(2, LARGEST_NUMBER + 1):
        yield numbered_name(name, number)


def _kind_of(found: os.stat_result) -> Found:
    if stat.S_ISREG(found.st_mode):
        return Found.FILE
    return Found.FOLDER if stat.S_ISDIR(found.st_mode) else Found.OTHER


def _is_same(folder: TreeFolder, name: str, found: os.stat_result, listed: Listed) -> bool:
    """Whether what was found is the entry itself, as far as can be told without reading it."""
    if listed.kind is EntryKind.LINK:
        return stat.S_ISLNK(found.st_mode) and Path(folder.read_link(name)).parts == listed.target
    is_file = stat.S_ISREG(found.st_mode) and found.st_size == listed.size
    return is_file and is_same_time(listed.modified_ns, found.st_mtime_ns)


def _current_mask() -> int:
    """The permissions that the user does not give to new files. Asking sets it for a moment, to the strictest."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
