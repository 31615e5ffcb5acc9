"""Cutting the byte stream of the classic wire into whole packets, and blocks of packets into runs.

Owns the unfinished packet at the end of what has arrived. Must never look at a field beyond the type, the two addresses
and FileID. There is nothing in a stream of fixed-size packets that could be malformed, so nothing here raises. Pure; a
cutter belongs to one connection and to one thread at a time: the arrival, later the normalizer.
"""

import struct
from collections.abc import Iterator
from typing import Literal

from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, type_of
from commonlib.values import dataclass


class PacketCutter:
    """Takes chunks of any size, gives back blocks of whole packets."""

    def __init__(self) -> None:
        self._unfinished = b""

    def receive_data(self, data: bytes) -> bytes:
        """Add a chunk; returns all whole packets that there are now, as one block (possibly empty).

        A chunk that starts and ends on a packet's border is returned as it is, without a copy.
        """
        if self._unfinished:
            data = self._unfinished + data
        rest = len(data) % PACKET_SIZE
        if not rest:
            self._unfinished = b""
            return data
        self._unfinished = data[-rest:]
        return data[:-rest]

    @property
    def unfinished(self) -> int:
        """Bytes of the packet that has begun to arrive, 0 to 1023."""
        return len(self._unfinished)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive packets of one type from one sender to one recipient (and of one file): handled as one, sent as one.

    Attributes:
        packets: One or more whole packets, joined.
        file_id: FileID for the file layouts, else 0.
        id_from: As the packets state it. A server does not believe it, a client has nothing else to go by.
    """

    packet_type: int
    layout: Layout
    id_to: int
    packets: bytes
    file_id: int = 0
    id_from: int = 0

    @property
    def count(self) -> int:
        """Number of packets."""
        return len(self.packets) // PACKET_SIZE

    def each(self) -> Iterator[bytes]:
        """The packets one by one, 1024 bytes each."""
        packets = self.packets
        for offset in range(0, len(packets), PACKET_SIZE):
            yield packets[offset : offset + PACKET_SIZE]


def cut_runs(block: bytes, layouts: LayoutTable) -> list[Run]:
    """Divide a block of whole packets into runs, in their order.

    The usual block of a busy connection is one run (a file on its way); it is recognised by comparing columns
    and returned without a copy. Otherwise packets are compared one by one.
    """
    if not block:
        return []
    layout = layouts.layout_of(type_of(block))
    if _is_uniform(block, layout):
        return [_run(block, layout)]
    runs = []
    start = 0
    key = _KEYS[layout].unpack_from(block)
    for offset in range(PACKET_SIZE, len(block), PACKET_SIZE):
        layout_here = layouts.layout_of(block[offset] + 256 * block[offset + 1])
        key_here = _KEYS[layout_here].unpack_from(block, offset)
        if key_here != key:
            runs.append(_run(block[start:offset], layout))
            start, layout, key = offset, layout_here, key_here
    runs.append(_run(block[start:], layout))
    return runs


_FILE_KEY = struct.Struct("<4H")
_KEYS = {
    Layout.DATA: struct.Struct("<H6x2I"),
    Layout.CLIENT_DATA: struct.Struct("<H6x2I"),
    Layout.BIG_STRING: struct.Struct("<H2I"),
    Layout.FILE_START: _FILE_KEY,
    Layout.FILE_CHUNK: _FILE_KEY,
}
"""Type, idTo, idFrom and, in the file layouts, FileID: what the packets of a run have in common."""


_KEY_COLUMNS: dict[Layout, tuple[tuple[Literal["H", "Q"], int], ...]] = {
    Layout.DATA: (("H", 0), ("Q", 1)),
    Layout.CLIENT_DATA: (("H", 0), ("Q", 1)),
    Layout.BIG_STRING: (("Q", 0), ("H", 4)),
    Layout.FILE_START: (("Q", 0),),
    Layout.FILE_CHUNK: (("Q", 0),),
}
"""The same as columns of a block: the format of their items (2 or 8 bytes wide), and which item of a packet it is."""


def _is_uniform(block: bytes, layout: Layout) -> bool:
    """Whether all packets have the same key: each is compared with its neighbour, a column at a time."""
    view = memoryview(block)
    for item_format, index in _KEY_COLUMNS[layout]:
        items = view.cast(item_format)
        column = items[index :: PACKET_SIZE // items.itemsize]
        if column[1:] != column[:-1]:
            return False
    return True


def _run(packets: bytes, layout: Layout) -> Run:
    packet_type, id_to, id_from, *file_id = _KEYS[layout].unpack_from(packets)
    return Run(packet_type, layout, id_to, packets, file_id[0] if file_id else 0, id_from)
