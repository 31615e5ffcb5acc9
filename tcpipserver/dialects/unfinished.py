"""The texts that members have begun and not ended, on the whole hub: each bounded by its joiner, all together here.

Owns the joiners and what they hold together. Must never let one who fills the room cost others their texts: above the
bound the longest text of whoever holds most is forgotten. Pure: run by the dispatcher thread alone, since everybody's
packets are received there.
"""

from commonlib.classic.texts import JoinedText, TextJoiner

MOST_PACKETS = 32 << 10
"""Packets of all unfinished texts together: 32 MiB, ten of the longest texts."""


class UnfinishedTexts:
    """One joiner for each connection that has begun a text, known by the connection's number."""

    def __init__(self, most_packets: int = MOST_PACKETS) -> None:
        self._most_packets = most_packets
        self._joiners: dict[int, TextJoiner] = {}
        self._packet_count = 0

    @property
    def packet_count(self) -> int:
        """Packets that are kept."""
        return self._packet_count

    def receive_packet(self, connection: int, to: int, packet: bytes) -> JoinedText | None:
        """Add a Message packet of 1024 bytes for id `to`; returns the text that it ends, else None.

        Raises:
            ProtocolError: As TextJoiner.receive_packet.
        """
        joiner = self._joiners.get(connection) or TextJoiner()
        before = joiner.packet_count
        try:
            return joiner.receive_packet(to, packet)
        finally:
            self._count(connection, joiner, before)

    def maybe_make_room(self) -> int | None:
        """Where too much is kept, forget one text; returns the connection that had begun it."""
        if self._packet_count <= self._most_packets:
            return None
        most = max(self._joiners, key=lambda connection: self._joiners[connection].packet_count)
        joiner = self._joiners[most]
        before = joiner.packet_count
        joiner.forget_longest()
        self._count(most, joiner, before)
        return most

    def forget(self, connection: int) -> None:
        """A connection has ended."""
        joiner = self._joiners.pop(connection, None)
        if joiner is not None:
            self._packet_count -= joiner.packet_count

    def _count(self, connection: int, joiner: TextJoiner, before: int) -> None:
        """Note how many packets a joiner holds by now; one that holds none costs nothing."""
        self._packet_count += joiner.packet_count - before
        if joiner.packet_count:
            self._joiners[connection] = joiner
        else:
            self._joiners.pop(connection, None)
