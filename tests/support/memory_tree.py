"""Folders of files in memory: what a sender walks and reads, and what a receiver writes.

Owns a tree of files, folders and links, and a disk with the parts and the book of a receiver, which outlives cut
connections. It must never decide what a transfer decides.
Thread: the test's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from commonlib.conflict import Conflict
from commonlib.safename import LARGEST_NUMBER, numbered_name
from commonlib.transfer.events import Source
from commonlib.transfer.manifest import Listed, wire_name
from commonlib.transfer.messages import Entry, EntryKind, TopEntry, Totals
from commonlib.transfer.paths import Path, order_key
from commonlib.transfer.resume import Found, OnDisk, Prefix, part_name


@dataclass(frozen=True, slots=True)
class File:
    """A file with its content."""

    content: bytes
    modified_ns: int = 0
    mode: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `target` as it is kept on the disk."""

    target: str


@dataclass(slots=True)
class Folder:
    """A folder and what is in it, by name."""

    entries: dict[str, "Node"] = field(default_factory=dict)


Node = File | Folder | Link


def walk(folder: Folder, depth: int = 0) -> Iterator[Source]:
    """The entries of a folder as a sender lists them; each source's origin is its content."""
    for name in sorted(folder.entries, key=lambda name: order_key(wire_name(name), inner=depth > 0)):
        node, sent = folder.entries[name], wire_name(name)
        match node:
            case File(content, modified_ns, mode):
                yield Source(Entry(depth, EntryKind.FILE, sent, len(content), modified_ns, mode), content)
            case Link(target):
                yield Source(Entry(depth, EntryKind.LINK, sent, target=target), b"")
            case Folder():
                yield Source(Entry(depth, EntryKind.FOLDER, sent), b"")
                yield from walk(node, depth + 1)


def totals_of(folder: Folder) -> Totals:
    """How much a sender offers with this folder's content."""
    entries = [source.entry for source in walk(folder)]
    counts = [sum(entry.kind is kind for entry in entries) for kind in EntryKind]
    return Totals(files=counts[0], folders=counts[1], links=counts[2], size=sum(entry.size for entry in entries))


def top_of(folder: Folder) -> list[TopEntry]:
    """What stands at the top, in the order of the walk."""
    return [
        TopEntry(source.entry.kind, source.entry.name, source.entry.size)
        for source in walk(folder)
        if not source.entry.depth
    ]


class MemoryDisk:
    """A receiver's folder.

    Attributes:
        nodes: What was saved, by path.
        parts: Bytes of files that are still arriving, by the name of the part.
        book: The parts whose files were saved.
        written: Bytes that were written to parts.
    """

    def __init__(self) -> None:
        self.nodes: dict[Path, File | Link | None] = {}  # None is a folder.
        self.parts: dict[str, bytearray] = {}
        self.book: set[str] = set()
        self.written = 0

    def found(self, listed: Listed) -> OnDisk:
        """What is there of an entry."""
        name = part_name(listed)
        part = len(self.parts.get(name, b""))
        if any(self.nodes.get(listed.path[:end], "nothing") is not None for end in range(1, len(listed.path))):
            return OnDisk(Found.BLOCKED)
        if listed.path not in self.nodes:
            return OnDisk(part_size=part, saved_before=name in self.book)
        node = self.nodes[listed.path]
        match node:
            case File(content, modified_ns, _):
                return OnDisk(Found.FILE, len(content), modified_ns, part, name in self.book)
            case Link():
                return OnDisk(Found.OTHER, part_size=part, saved_before=name in self.book)
            case None:
                return OnDisk(Found.FOLDER, part_size=part)

    def prefix(self, listed: Listed, offsets: tuple[int, ...]) -> Prefix:
        """The hash over a part."""
        part = memoryview(bytes(self.parts.get(part_name(listed), b"")))
        prefix, position = Prefix(offsets), 0
        while due := prefix.due:
            prefix.receive_data(part[position : position + due])
            position += due
        return prefix

    def write(self, listed: Listed, offset: int, data: bytes | memoryview) -> None:
        """Bytes of a file that is arriving."""
        part = self.parts.setdefault(part_name(listed), bytearray())
        assert offset <= len(part)
        part[offset : offset + len(data)] = data
        self.written += len(data)

    def cut(self, listed: Listed, size: int) -> None:
        """Keep only the first bytes of a part."""
        part = self.parts.setdefault(part_name(listed), bytearray())
        del part[size:]

    def save(self, listed: Listed, conflict: Conflict, data: bytes | None = None) -> Path:
        """Give a whole file its name; its bytes are those of its part, or `data`."""
        name = part_name(listed)
        content = bytes(self.parts.pop(name, b"")) if data is None else data
        assert len(content) == listed.size
        path = listed.path
        if path in self.nodes and (conflict is Conflict.RENAME or not isinstance(self.nodes[path], File)):
            path = self._free_path(path)
        self._require_parents(path)
        self.nodes[path] = File(content, listed.modified_ns, listed.mode)
        self.book.add(name)
        return path

    def make_folder(self, listed: Listed) -> None:
        """A folder, which may be there."""
        self._require_parents(listed.path)
        self.nodes.setdefault(listed.path, None)
        assert self.nodes[listed.path] is None

    def make_link(self, listed: Listed) -> None:
        """A link, which takes the place of what is there unless that is a folder."""
        self._require_parents(listed.path)
        path = self._free_path(listed.path) if listed.path in self.nodes else listed.path
        self.nodes[path] = Link(listed.target)
        self.book.add(part_name(listed))

    def _require_parents(self, path: Path) -> None:
        for end in range(1, len(path)):
            assert self.nodes.get(path[:end], "nothing") is None, f"{path[:end]} is no folder"

    def _free_path(self, path: Path) -> Path:
        numbered = (numbered_name(path[-1], number) for number in range(2, LARGEST_NUMBER + 1))
        return next((*path[:-1], name) for name in numbered if (*path[:-1], name) not in self.nodes)


def flattened(folder: Folder, above: Path = ()) -> dict[Path, File | Link | None]:
    """A tree as a disk would hold it if no name had to be changed."""
    nodes: dict[Path, File | Link | None] = {}
    for name, node in folder.entries.items():
        path = (*above, name)
        if isinstance(node, Folder):
            nodes[path] = None
            nodes |= flattened(node, path)
        else:
            nodes[path] = node
    return nodes
