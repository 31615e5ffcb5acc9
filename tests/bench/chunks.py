"""The file that a benchmark sends: FileChunk packets of which every byte is known from its place in the stream.

Owns the blocks that are sent, and the check that what arrived is what was sent. Must never touch a socket. Pure: a
ChunkSource belongs to the thread that sends, a ChunkCheck to the one that receives.
"""

import random
import struct

from commonlib.classic.file_layouts import CHUNK_CAPACITY, FileChunkPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType

BLOCK_PACKETS = 256
"""Packets in a block: so many that the lowest byte of ChunkCount is the same in every block."""
BLOCK_BYTES = BLOCK_PACKETS * PACKET_SIZE

_HEADER = struct.Struct("<5HI")
_COUNT_OFFSET = 10
_SEED = 1024


class WrongBytesError(Exception):
    """Something else arrived than was sent.

    Attributes:
        position: Byte of the stream, counted from 0, at which the packet begins that is wrong.
    """

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position

    def __str__(self) -> str:
        return f"What arrived is not what was sent: see the packet at byte {self.position:,} of the stream."


class ChunkSource:
    """Blocks of packets from one sender to one recipient. ChunkCount goes on from block to block as in a real file."""

    def __init__(self, sender: int, recipient: int, file_id: int) -> None:
        content = random.Random(_SEED)
        packets = (
            FileChunkPacket(
                PacketType.FILE_CHUNK,
                id_to=recipient,
                id_from=sender,
                file_id=file_id,
                chunk_size=CHUNK_CAPACITY,
                chunk_count=count,
                content=content.randbytes(CHUNK_CAPACITY),
            )
            for count in range(BLOCK_PACKETS)
        )
        self._block = bytearray(b"".join(packet.encode() for packet in packets))
        self._prepared = 0

    def block(self, index: int) -> bytearray:
        """The block with that number, counted from 0; the same object each time, good until the next call."""
        before, self._prepared = self._prepared, index
        for place in range(1, 4):
            value = index >> 8 * (place - 1) & 0xFF
            if value != before >> 8 * (place - 1) & 0xFF:
                column = slice(_COUNT_OFFSET + place, None, PACKET_SIZE)
                self._block[column] = bytes((value,)) * BLOCK_PACKETS
        return self._block


class ChunkCheck:
    """Compares what arrives with what a ChunkSource of the same numbers sends.

    Args:
        thorough: Compare every byte, which takes longer than receiving them; else one packet's header per piece.
    """

    def __init__(self, sender: int, recipient: int, file_id: int, *, thorough: bool) -> None:
        self._numbers = (PacketType.FILE_CHUNK, recipient, sender, file_id, CHUNK_CAPACITY)
        self._source = ChunkSource(sender, recipient, file_id) if thorough else None
        self.position = 0
        """Bytes that have arrived."""

    def receive(self, data: memoryview) -> None:
        """Take the next piece of the stream, of any size.

        Raises:
            WrongBytesError: It is not what was sent.
        """
        if self._source is not None:
            self._compare_all(self._source, data)
        else:
            self._compare_header(data)
        self.position += len(data)

    def _compare_header(self, data: memoryview) -> None:
        start = -self.position % PACKET_SIZE
        header = data[start : start + _HEADER.size]
        if len(header) < _HEADER.size:
            return
        position = self.position + start
        if header != _HEADER.pack(*self._numbers, position // PACKET_SIZE):
            raise WrongBytesError(position)

    def _compare_all(self, source: ChunkSource, data: memoryview) -> None:
        done = 0
        while done < len(data):
            index, offset = divmod(self.position + done, BLOCK_BYTES)
            piece = data[done : done + BLOCK_BYTES - offset]
            expected = memoryview(source.block(index))[offset : offset + len(piece)]
            if piece != expected:
                wrong = next(place for place, byte in enumerate(piece) if byte != expected[place])
                raise WrongBytesError((self.position + done + wrong) // PACKET_SIZE * PACKET_SIZE)
            done += len(piece)
