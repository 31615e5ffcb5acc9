"""The one place that writes received folders: what a manifest lists goes below the folder for downloads, or nowhere.

Owns the way from a judged entry and its bytes to a file, folder or link, and the parts that outlive a run. Must never
write outside the folder, follow a link below it, write over what the user has not given up by his choice, or delete
anything but parts and links of its own.
Blocks on the disk. A DownloadTree belongs to one thread at a time.

Parts lie in a hidden folder beside what is received, one for each sender, under the names that `part_name` gives them;
no entry can come to lie there, for names at the top never begin with a dot. They are found again after any cut, crash
or restart.

What a power cut may do: the bytes of a file of 1 MiB or more are forced to the disk (fsync) before it gets its name.
Those of smaller ones are not, for with many of them that would take far longer than writing them: the last seconds' may
have their names and not their bytes then. Our own end costs nothing of either.
"""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.paths import Path as TreePath
from commonlib.transfer.resume import SMALLEST_RESUMED, Choices, Found, OnDisk, Prefix, part_name
from tcpipclient.folder import Skipped, free_space
from tcpipclient.folder_errors import FolderError
from tcpipclient.origin_mark import is_marked
from tcpipclient.tree_files import is_dated, set_mode, write_all
from tcpipclient.tree_folders import TreeFolder
from tcpipclient.tree_found import candidates, is_beside, kind_of
from tcpipclient.tree_parts import TreeParts
from tcpipclient.tree_short_way import maybe_save

_ON_WINDOWS = os.name == "nt"
_READ_SIZE = 1 << 20
_ENDED = -1
_OWNERS_FOLDER = 0o700
_MOST_NEW_FOLDERS = 4096


class ArrivingFile:
    """One file whose bytes are coming; ended by `finish` or `keep`.

    `write` and `force` may be called on another thread than the rest, while that lets it alone.
    """

    def __init__(self, tree: "DownloadTree", listed: Listed, descriptor: int, part: str) -> None:
        self.listed = listed
        self._tree = tree
        self._descriptor = descriptor
        self._part = part
        self._is_forced = False

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes. Raises FolderError; the part stays then, up to what was written."""
        try:
            write_all(self._descriptor, data)
        except OSError as error:
            self.keep()
            raise self._tree.error(self.listed, error) from error

    def force(self) -> None:
        """Have the disk itself hold what was written; else `finish` does so. Raises FolderError."""
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self.keep()
            raise self._tree.error(self.listed, error) from error
        self._is_forced = True

    def finish(self) -> str | Skipped:
        """Give the whole file its date and its name; returns that name. Raises FolderError."""
        descriptor, self._descriptor = self._descriptor, _ENDED
        return self._tree.finish(self.listed, descriptor, self._part, is_forced=self._is_forced)

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
        wall: Tells Unix seconds: old parts are deleted when the parts' place is first needed.
    """

    def __init__(self, root: Path, sender: bytes, choices: Choices, wall: Callable[[], float] = time.time) -> None:
        self.root = root.absolute()
        self._choices = choices
        self._sender = sender
        self._wall = wall
        self._open: list[TreeFolder] = []  # The root, and the folders on the way to the last entry.
        self._way: TreePath = ()
        self._parts: TreeParts | None = None
        # Folders that this run has made, some of them: whatever else is put into them, it is not what is looked for.
        self._new_folders: set[TreePath] = set()

    def close(self) -> None:
        """Let go of all folders; the parts' own goes when it is empty."""
        if self._parts is not None:
            self._parts.close()
            self._parts = None
        for folder in self._open:
            folder.close()
        self._open.clear()
        self._way = ()

    def is_untouched(self, folder: TreePath) -> bool:
        """Whether nothing that concerns files in a folder can be there: it was made by this run, and has no parts."""
        return folder in self._new_folders and self._parts is not None and not self._parts.left_over

    def look(self, listed: Listed) -> OnDisk:
        """What is there of an entry. Raises FolderError where the disk does not say."""
        try:
            try:
                folder = self._enter(listed.path[:-1])
            except (NotADirectoryError, FileNotFoundError):
                return OnDisk(Found.BLOCKED)
            parts = self._parts or self._parts_place()
            is_new = listed.path[:-1] in self._new_folders
            there = None if is_new else folder.maybe_lstat(listed.path[-1])
            part_size = parts.size(part_name(listed)) if parts.left_over else 0
            if there is None:
                return OnDisk(part_size=part_size)
            saved_before = listed.kind is not EntryKind.FOLDER and is_beside(folder, listed)
            if saved_before and part_size:
                # A run was killed between giving the file its name and taking away that of the part.
                parts.remove(part_name(listed))
            return OnDisk(kind_of(there), there.st_size, there.st_mtime_ns, part_size, saved_before)
        except OSError as error:
            raise self.error(listed, error) from error

    def prefix(self, listed: Listed, offsets: tuple[int, ...]) -> Generator[Prefix, None, None]:
        """Read a part up to the last offset; gives the prefix again and again, for it may take long, until it is done.

        Raises FolderError.
        """
        prefix = Prefix(offsets)
        try:
            descriptor = self._parts_place().folder.open_file(part_name(listed))
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
        part, parts = part_name(listed), self._parts_place_for(listed)
        try:
            descriptor = parts.open_again(part, offset) if offset else parts.open_fresh(listed, part)
        except OSError as error:
            raise self.error(listed, error) from error
        return ArrivingFile(self, listed, descriptor, part)

    def save(self, listed: Listed, data: bytes | memoryview) -> str | Skipped:
        """A file that came whole; returns the name that it got. Raises FolderError."""
        parts = self._parts or self._parts_place_for(listed)
        part, path = parts.whole_file, listed.path
        try:
            folder = self._enter(path[:-1])
            try:
                is_saved = not _ON_WINDOWS and maybe_save(
                    parts.folder.descriptor, part, folder.descriptor, listed, data
                )
                placed = path[-1] if is_saved else self._save_step_by_step(listed, data, parts)
            except FileExistsError:
                placed = self._place_beside(listed, parts.folder, part)
        except OSError as error:
            raise self.error(listed, error) from error
        if parts.left_over and (part := part_name(listed)) in parts.left_over:
            parts.remove(part)  # An earlier run had got less of it.
        return placed

    def _save_step_by_step(self, listed: Listed, data: bytes | memoryview, parts: TreeParts) -> str | Skipped:
        """The same, where the short way does not lead there."""
        try:
            descriptor = parts.open_fresh(listed, parts.whole_file)
        except OSError as error:
            raise self.error(listed, error) from error
        try:
            if os.write(descriptor, data) != len(data):
                os.lseek(descriptor, 0, os.SEEK_SET)
                write_all(descriptor, data)
        except OSError as error:
            os.close(descriptor)
            raise self.error(listed, error) from error
        return self.finish(listed, descriptor, parts.whole_file)

    def make_folder(self, listed: Listed) -> bool:
        """Make a folder, or use the one that is there: False then. Raises FolderError."""
        try:
            is_new = self._enter(listed.path[:-1]).maybe_make(listed.path[-1], (listed.mode or 0o777) | _OWNERS_FOLDER)
        except OSError as error:
            raise self.error(listed, error) from error
        if not is_new:
            self._new_folders.discard(listed.path)
        elif len(self._new_folders) < _MOST_NEW_FOLDERS:
            self._new_folders.add(listed.path)
        return is_new

    def finish_folder(self, listed: Listed, *, is_ours: bool) -> None:
        """Date a folder in which nothing more will change; one that we have made gets the rest of its mode as well.

        Never raises: a folder without its date is no less worth.
        """
        name = listed.path[-1]
        try:
            folder = self._enter(listed.path[:-1])
            if listed.modified_ns:
                folder.set_time(name, listed.modified_ns)
            if is_ours and listed.mode and listed.mode & _OWNERS_FOLDER != _OWNERS_FOLDER:
                folder.restrict(name, listed.mode)
        except (OSError, OverflowError):
            pass  # It has gone, or the disk cannot hold it.

    @property
    def free(self) -> int:
        """Bytes that the disk has room for, as far as it says. Raises FolderError."""
        try:
            self._root()
            free = free_space(self.root)
            return sys.maxsize if free is None else free
        except OSError as error:
            raise FolderError(self.root, error) from error

    def has_any(self, names: Iterable[str]) -> bool:
        """Whether something at the top has one of these names, or parts have been left over. Raises FolderError."""
        try:
            return bool(self._parts_place().left_over) or any(
                self._root().maybe_lstat(name) is not None for name in names
            )
        except OSError as error:
            raise FolderError(self.root, error) from error

    def make_link(self, listed: Listed) -> str:
        """Make a link that the manifest's reader has let pass, beside what has its name; returns its own.

        Raises FolderError.
        """
        try:
            folder = self._enter(listed.path[:-1])
            for name in candidates(listed.path[-1]):
                try:
                    folder.make_link(name, str(Path(listed.target)))
                except FileExistsError:
                    continue
                return name
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder.path / listed.path[-1]))
        except OSError as error:
            raise self.error(listed, error) from error

    def finish(self, listed: Listed, descriptor: int, part: str, *, is_forced: bool = False) -> str | Skipped:
        """Close a whole part and give it its name; called by ArrivingFile alone. Raises FolderError."""
        try:
            parts = self._parts or self._parts_place()
            try:
                set_mode(descriptor, listed)
                if listed.size >= SMALLEST_RESUMED and not is_forced:
                    os.fsync(descriptor)
                if part is not parts.whole_file:
                    parts.require_same(part, descriptor)
                has_date = is_dated(descriptor, listed.modified_ns)
                if _ON_WINDOWS:  # It moves nothing that is open.
                    os.close(descriptor)
                    descriptor = _ENDED
                if _ON_WINDOWS and is_marked(listed.path[-1]):
                    parts.folder.mark(part)
                if not has_date:
                    try:
                        parts.folder.set_time(part, listed.modified_ns)
                    except (OSError, OverflowError):
                        pass  # Not every disk can hold every date; the file keeps the time of its arrival.
                placed = self._place(listed, parts.folder, part)
            finally:
                if descriptor != _ENDED:
                    os.close(descriptor)  # And its lock with it: nobody else writes to it before it has its name.
        except OSError as error:
            raise self.error(listed, error) from error
        if part is not parts.whole_file:
            parts.forget(part)
        return placed

    def error(self, listed: Listed, error: OSError) -> FolderError:
        """What went wrong with an entry, as a sentence."""
        return FolderError(self.root.joinpath(*listed.path), error)

    def _place(self, listed: Listed, parts: TreeFolder, part: str) -> str | Skipped:
        folder, name = self._enter(listed.path[:-1]), listed.path[-1]
        try:
            folder.take_exclusively(parts, part, name)
        except FileExistsError:
            return self._place_beside(listed, parts, part)
        return name

    def _place_beside(self, listed: Listed, parts: TreeFolder, part: str) -> str | Skipped:
        """Something has the name: the user's choice says what happens."""
        folder, name = self._enter(listed.path[:-1]), listed.path[-1]
        there = folder.maybe_lstat(name)
        conflict = self._choices.conflict
        if there is not None:
            is_file = stat.S_ISREG(there.st_mode)
            is_newer = is_file and 0 < listed.modified_ns <= there.st_mtime_ns
            if conflict is Conflict.SKIP or (conflict is Conflict.NEWEST and is_newer):
                parts.remove(part)
                return Skipped(folder.path / name, f'"{name}" is there already and was left as it is.')
            is_given_up = conflict is Conflict.REPLACE or (conflict is Conflict.NEWEST and listed.modified_ns > 0)
            if is_given_up and (is_file or stat.S_ISLNK(there.st_mode)):
                try:
                    folder.take_over(parts, part, name)
                except OSError:
                    pass  # It is open in another program, or a folder by now: better both than none.
                else:
                    return name
        for candidate in candidates(name):
            try:
                folder.take_exclusively(parts, part, candidate)
            except FileExistsError:
                continue
            return candidate
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder.path / name))

    def _parts_place(self) -> TreeParts:
        if self._parts is None:
            self._parts = TreeParts(self._root(), self._sender, self._wall())
        return self._parts

    def _parts_place_for(self, listed: Listed) -> TreeParts:
        try:
            return self._parts_place()
        except OSError as error:
            raise self.error(listed, error) from error

    def _root(self) -> TreeFolder:
        if not self._open:
            self._open.append(TreeFolder.open_root(self.root))
        return self._open[0]

    def _enter(self, path: TreePath) -> TreeFolder:
        """The folder of that path; what it has in common with the last one stays open."""
        if path == self._way and self._open:
            return self._open[-1]
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
