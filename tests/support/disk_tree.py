"""A real folder for downloads behind the shells in memory, and real trees to compare with.

Owns the translation. It must never write anything itself.
Thread: the test's own.
"""

from pathlib import Path

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.resume import Choices, OnDisk, Prefix
from tcpipclient.tree import ArrivingFile, DownloadTree
from tests.support.memory_tree import File, Link

SENDER = bytes(range(32))


class RealDisk:
    """What a MemoryReceiver writes to, as one run of a receiver has it.

    Attributes:
        tree: The folder under test.
    """

    def __init__(self, root: Path, choices: Choices | None = None) -> None:
        self.tree = DownloadTree(root, SENDER, choices or Choices(links=True))
        self._arriving: ArrivingFile | None = None

    def found(self, listed: Listed) -> OnDisk:
        """What is there of an entry."""
        return self.tree.look(listed)

    def prefix(self, listed: Listed, offsets: tuple[int, ...]) -> Prefix:
        """The hash over a part."""
        if not offsets:
            return Prefix(())
        *_, prefix = self.tree.prefix(listed, offsets)
        return prefix

    def cut(self, listed: Listed, size: int) -> None:
        """A file begins at that offset."""
        self.stop()
        self._arriving = self.tree.begin(listed, size)

    def write(self, listed: Listed, offset: int, data: bytes | memoryview) -> None:
        """Its next bytes."""
        assert self._arriving is not None
        assert self._arriving.listed is listed
        self._arriving.write(data)

    def save(self, listed: Listed, conflict: Conflict, data: bytes | None = None) -> object:
        """Give it its name; the tree knows what its user chose."""
        if data is not None:
            return self.tree.save(listed, data)
        assert self._arriving is not None
        arriving, self._arriving = self._arriving, None
        return arriving.finish()

    def make_folder(self, listed: Listed) -> None:
        """A folder."""
        self.tree.make_folder(listed)

    def make_link(self, listed: Listed) -> object:
        """A link."""
        return self.tree.make_link(listed)

    def stop(self) -> None:
        """The connection is cut in the middle of a file."""
        if self._arriving is not None:
            self._arriving.keep()
            self._arriving = None

    def close(self) -> None:
        """The run ends."""
        self.stop()
        self.tree.close()


def nodes_below(root: Path, *, dated: bool = True) -> dict[tuple[str, ...], File | Link | None]:
    """All that is below a folder, parts included, in the form of a MemoryDisk's nodes; modes are left out."""
    nodes: dict[tuple[str, ...], File | Link | None] = {}
    for path in root.rglob("*"):
        place = path.relative_to(root).parts
        if path.is_symlink():
            nodes[place] = Link(path.readlink().as_posix())
        elif path.is_dir():
            nodes[place] = None
        else:
            nodes[place] = File(path.read_bytes(), path.stat().st_mtime_ns if dated else 0)
    return nodes
