"""Cutting the byte stream of the classic wire into whole packets, and blocks of packets into runs.

Owns the unfinished packet at the end of what has arrived. Must never look at a field beyond type and idTo. There is
nothing in a stream of fixed-size packets that could be malformed, so nothing here raises. Pure; a cutter belongs to one
connection and to one thread at a time: the arrival, later the normalizer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from commonlib.classic.packet import FILE_ID_OFFSET, PACKET_SIZE, Layout, LayoutTable, recipient_of, type_of


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
    """Consecutive packets of one type for one recipient (and of one file): handled as one, sent as one.

    Attributes:
        packets: One or more whole packets, joined.
        file_id: FileID for the file layouts, else 0.
    """

    packet_type: int
    layout: Layout
    id_to: int
    packets: bytes
    file_id: int = 0

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

    The usual block of a busy connection is one run (a file on its way); it is recognised by columns of every 1024th
    byte and returned without a copy. Otherwise packets are compared one by one.
    """
    if not block:
        return []
    layout = layouts.layout_of(type_of(block))
    if _is_uniform(block, layout):
        return [_run(block, layout)]
    runs = []
    start = 0
    key = _key(block, 0, layouts)
    for offset in range(PACKET_SIZE, len(block), PACKET_SIZE):
        here = _key(block, offset, layouts)
        if here != key:
            packets = block[start:offset]
            runs.append(_run(packets, layouts.layout_of(type_of(packets))))
            start, key = offset, here
    packets = block[start:]
    runs.append(_run(packets, layouts.layout_of(type_of(packets))))
    return runs


def _key(block: bytes, offset: int, layouts: LayoutTable) -> tuple[bytes, ...]:
    kind = block[offset : offset + 2]
    layout = layouts.layout_of(int.from_bytes(kind, "little"))
    return (kind, *(block[offset + begin : offset + end] for begin, end in _spans(layout)))


def _spans(layout: Layout) -> tuple[tuple[int, int], ...]:
    place = layout.place
    to_span = (place.to_offset, place.to_offset + place.width)
    if layout in _FILE_LAYOUTS:
        return (to_span, (FILE_ID_OFFSET, FILE_ID_OFFSET + 2))
    return (to_span,)


_FILE_LAYOUTS = (Layout.FILE_START, Layout.FILE_CHUNK)
_COLUMNS = {
    layout: (0, 1, *(index for begin, end in _spans(layout) for index in range(begin, end))) for layout in Layout
}


def _is_uniform(block: bytes, layout: Layout) -> bool:
    count = len(block) // PACKET_SIZE
    return count == 1 or all(block[index::PACKET_SIZE].count(block[index]) == count for index in _COLUMNS[layout])


def _run(packets: bytes, layout: Layout) -> Run:
    file_id = int.from_bytes(packets[FILE_ID_OFFSET : FILE_ID_OFFSET + 2], "little") if layout in _FILE_LAYOUTS else 0
    return Run(type_of(packets), layout, recipient_of(packets, layout), packets, file_id)
