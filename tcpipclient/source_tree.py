"""The one place that looks through what is sent: how much it is, and its entries in the order of a manifest.

Owns both walks. Must never follow a link below what the user has named, remember more than the names in the folders on
the way to where it is, nor keep anything open between two walks. Devices, pipes and sockets are left out, and so are
links unless they are wanted. `source_reader` reads what was found.
Blocks on the disk. Threads: any; each walk belongs to one at a time.
"""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from commonlib.printable import printable
from commonlib.transfer.events import Source
from commonlib.transfer.manifest import wire_name
from commonlib.transfer.messages import (
    LONGEST_TARGET,
    MOST_DEPTH,
    MOST_SHOWN_NAMES,
    Entry,
    EntryKind,
    Outcome,
    Place,
    TopEntry,
    Totals,
)
from commonlib.transfer.paths import order_key
from commonlib.values import dataclass
from tcpipclient.core.batch_events import BatchProblem
from tcpipclient.core.exceptions import UnsendableFileError
from tcpipclient.source_folders import FOLDER_FLAGS, Origin, SourceFolder, kind_of, modified_of

MOST_PROBLEMS = 100
"""Of what is left out so many are told one by one."""

_STEPS_BETWEEN_QUESTIONS = 256
_ON_POSIX = os.name == "posix"
_FILE = EntryKind.FILE

_NO_FILE = "it is a device, a pipe or a socket; copy what it gives into a file and send that"
_UNWANTED_LINK = "links are sent only when that is asked for"
_TOO_DEEP = f"it is in more than {MOST_DEPTH} folders; pack it into an archive and send that"


class ScanGivenUpError(Exception):
    """Nobody wants to know any more what there is."""


@dataclass(frozen=True, slots=True)
class _Top:
    """Something that the user has named: under which name it is sent, and where it is, links on the way followed."""

    name: str
    path: str


class ScannedOffer:
    """What is offered, as it was when it was looked through.

    Attributes:
        totals: How much it is.
        top: The first entries at the top, 64 at most, in the order of the manifest; `others`: how many more there are.
        problems: What is left out, the first hundred.
        failed: How many folders were left out that should have been sent: they may not be read.
    """

    def __init__(self, tops: Sequence[_Top], links: bool, wanted: Callable[[], bool]) -> None:
        self._tops = sorted(tops, key=lambda top: order_key(wire_name(top.name), inner=False))
        self._links = links
        self.problems: list[BatchProblem] = []
        self.failed = 0
        counts = [0, 0, 0]
        size = 0
        shown: list[TopEntry] = []
        for top in self._tops:
            count = _Count(links, wanted, self._tell)
            kind = count.look_at(top)
            size += count.size
            for index in EntryKind:
                counts[index] += count.counts[index]
            if len(shown) < MOST_SHOWN_NAMES:
                shown.append(TopEntry(kind, wire_name(top.name), count.size))
        self.totals = Totals(files=counts[0], folders=counts[1], links=counts[2], size=size)
        self.top = tuple(shown)
        self.others = len(self._tops) - len(shown)

    def entries(self) -> Generator[Source, None, None]:
        """The entries in the order of a manifest, as they are by now; each source's `origin` is an Origin.

        What cannot be looked at any more is left out. Close the generator: it may hold folders open.
        """
        for top in self._tops:
            yield from _walk(top, self._links)

    def _tell(self, path: str, outcome: Outcome, why: str) -> None:
        self.failed += outcome is Outcome.FAILED
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(BatchProblem(printable(path, limit=500), outcome, Place.SENDER, why))


def scan(paths: Sequence[Path], *, links: bool, wanted: Callable[[], bool] = lambda: True) -> ScannedOffer:
    """Look through files and folders that the user has named.

    A path that is a link stands for what it leads to, under the link's name.

    Args:
        links: Whether links below are sent, as links.
        wanted: Asked now and then whether anybody still wants to know.

    Raises:
        UnsendableFileError: One of them is not there, may not be read, or is neither a file nor a folder.
        ScanGivenUpError: Nobody wants to know any more.
    """
    tops: dict[str, _Top] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100 - `..` is to be taken off the name
        if not absolute.name:
            raise UnsendableFileError(str(path), "it is a whole disk; name the folders on it")
        try:
            tops.setdefault(str(absolute), _Top(absolute.name, str(absolute.resolve())))
        except (OSError, ValueError, RuntimeError) as error:
            raise _unsendable(str(path), error) from None
    if not tops:
        raise UnsendableFileError("nothing", "name a file or a folder")
    return ScannedOffer(list(tops.values()), links, wanted)


class _Count:
    """The first walk, below one thing that the user has named: as quick as the system can tell."""

    def __init__(self, links: bool, wanted: Callable[[], bool], tell: Callable[[str, Outcome, str], None]) -> None:
        self.counts = [0, 0, 0]
        self.size = 0
        self._links = links
        self._wanted = wanted
        self._tell = tell
        self._steps = 0

    def look_at(self, top: _Top) -> EntryKind:
        """Count it, and all that is in it. Raises UnsendableFileError."""
        try:
            found = Path(top.path).lstat()
            kind = kind_of(found)
            if kind is EntryKind.FOLDER:
                os.scandir(top.path).close()
            elif kind is not EntryKind.FILE:
                raise UnsendableFileError(top.path, _NO_FILE)
            elif not os.access(top.path, os.R_OK):
                raise PermissionError
        except (OSError, ValueError) as error:
            raise _unsendable(top.path, error) from None
        self.counts[kind] += 1
        if kind is EntryKind.FILE:
            self.size = found.st_size
        else:
            self._folder(top.path, top.name, 1)
        return kind

    def _folder(self, path: str, shown: str, depth: int) -> None:
        """Count what is in a folder; `depth` is that of its entries."""
        folders: list[str] = []
        size = files = links = 0
        try:
            with _scanned(path) as entries:
                for entry in entries:
                    self._maybe_stop()
                    if depth > MOST_DEPTH:
                        self._tell(f"{shown}/{entry.name}", Outcome.FAILED, _TOO_DEEP)
                        continue
                    try:
                        kind = _kind_of_entry(entry)
                        if kind is _FILE:
                            size += entry.stat(follow_symlinks=False).st_size
                            files += 1
                        elif kind is EntryKind.FOLDER:
                            folders.append(entry.name)
                        elif kind is EntryKind.LINK and self._links:
                            links += 1
                        else:
                            why = _NO_FILE if kind is None else _UNWANTED_LINK
                            self._tell(f"{shown}/{entry.name}", Outcome.SKIPPED, why)
                    except OSError:
                        continue  # It has gone by now.
        except OSError as error:
            self._tell(shown, Outcome.FAILED, f"the folder could not be read: {error.strerror or error}")
        self.counts[EntryKind.FILE] += files
        self.counts[EntryKind.FOLDER] += len(folders)
        self.counts[EntryKind.LINK] += links
        self.size += size
        for name in folders:
            self._folder(os.path.join(path, name), f"{shown}/{name}", depth + 1)  # noqa: PTH118 - a million of them

    def _maybe_stop(self) -> None:
        self._steps += 1
        if not self._steps % _STEPS_BETWEEN_QUESTIONS and not self._wanted():
            raise ScanGivenUpError


@contextmanager
def _scanned(path: str) -> Iterator[Iterator["os.DirEntry[str]"]]:
    """The entries of a folder; to ask for their sizes is quicker from within it than by their paths."""
    if os.scandir not in os.supports_fd:
        with os.scandir(path) as entries:
            yield entries
        return
    descriptor = os.open(path, FOLDER_FLAGS)
    try:
        with os.scandir(descriptor) as entries:
            yield entries
    finally:
        os.close(descriptor)


def _kind_of_entry(entry: "os.DirEntry[str]") -> EntryKind | None:
    """What an entry is, without asking the system again where it has told already."""
    if not _ON_POSIX:
        return kind_of(entry.stat(follow_symlinks=False))
    if entry.is_file(follow_symlinks=False):
        return _FILE
    if entry.is_dir(follow_symlinks=False):
        return EntryKind.FOLDER
    return EntryKind.LINK if entry.is_symlink() else None


def _walk(top: _Top, links: bool) -> Iterator[Source]:
    """The second walk: a folder before what is in it, and what is in it by `order_key`."""
    origin = Origin(None, top.path, top.name)
    try:
        found = Path(top.path).lstat()
    except OSError:
        return
    kind = kind_of(found)
    if kind is EntryKind.FILE or kind is EntryKind.FOLDER:
        yield _source(0, kind, top.name, found, origin)
    if kind is not EntryKind.FOLDER:
        return
    levels: list[tuple[SourceFolder, list[str]]] = []
    try:
        _go_down(levels, origin)
        while levels:
            folder, names = levels[-1]
            depth = len(levels)
            while names:
                name = names.pop()
                try:
                    found = folder.lstat(name)
                    kind = kind_of(found)
                    if kind is _FILE:
                        yield _source(depth, kind, name, found, Origin(folder, name))
                        continue
                    target = folder.read_link(name) if kind is EntryKind.LINK else ""
                except OSError:
                    continue
                if kind is None or (kind is EntryKind.LINK and not (links and 0 < len(target) <= LONGEST_TARGET)):
                    continue
                origin = Origin(folder, name)
                yield _source(depth, kind, name, found, origin, target)
                if kind is EntryKind.FOLDER and depth < MOST_DEPTH:
                    _go_down(levels, origin)
                    break
            else:
                levels.pop()[0].close()
    finally:
        for folder, _ in levels:
            folder.close()


def _go_down(levels: list[tuple[SourceFolder, list[str]]], origin: Origin) -> None:
    """Open a folder for the walk, unless it cannot be: it is sent without what is in it then."""
    folder = SourceFolder(origin)
    try:
        folder.open()
    except OSError:
        return
    try:
        names = folder.names()
    except OSError:
        folder.close()
        return
    names.sort(key=_inner_key, reverse=True)
    levels.append((folder, names))


def _inner_key(name: str) -> str:
    return order_key(wire_name(name), inner=True)


def _source(depth: int, kind: EntryKind, name: str, found: os.stat_result, origin: Origin, target: str = "") -> Source:
    if not name.isascii():
        name = wire_name(name)
    if kind is EntryKind.LINK:
        return Source(Entry(depth, kind, name, target=wire_name(target)), origin)
    size, mode = found.st_size if kind is _FILE else 0, found.st_mode & 0o777 if _ON_POSIX else 0
    return Source(Entry(depth, kind, name, size, modified_of(found), mode), origin)


def _unsendable(path: str, error: Exception) -> UnsendableFileError:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            detail = "there is no such file or folder; check the path"
        case PermissionError():
            detail = "you may not read it; change its permissions, or close the program that has it open"
        case OSError():
            detail = f"the system says: {error.strerror or error}; check the path and the disk"
        case _:
            detail = "this is no path that the system knows; check its spelling"
    return UnsendableFileError(path, detail)
