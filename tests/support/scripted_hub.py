"""A hub that does nothing by itself: the test sends what it likes and looks at what comes.

Owns one connection's other end, cut into packets. It must never answer. Thread: the test's own.
"""

from concurrent.futures import ThreadPoolExecutor

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType, type_of
from tcpipclient import Client
from tests.support import hub_packets
from tests.support.memory_network import READ_SIZE, SECONDS, MemoryNetwork, MemoryTransport


class ScriptedHub:
    """One connection, seen from the hub."""

    def __init__(self, transport: MemoryTransport) -> None:
        self.transport = transport
        self._received = b""

    def send(self, *packets: bytes) -> None:
        """Send bytes, all at once."""
        self.transport.send(b"".join(packets))

    def take(self) -> bytes:
        """Wait for the next packet that the client sends. Raises EOFError when it has ended."""
        while len(self._received) < PACKET_SIZE:
            data = self.transport.coming.read(READ_SIZE, SECONDS)
            if not data:
                raise EOFError
            self._received += data
        packet, self._received = self._received[:PACKET_SIZE], self._received[PACKET_SIZE:]
        return packet

    def take_until(self, packet_type: PacketType) -> bytes:
        """Wait for the next packet of a type; what comes before it is passed over."""
        while type_of(packet := self.take()) != packet_type:
            pass
        return packet

    def take_rest(self) -> list[bytes]:
        """All packets until the client ends the connection."""
        packets = []
        while True:
            try:
                packets.append(self.take())
            except EOFError:
                return packets

    def let_in(self, client_id: int = 1, *people: bytes) -> DataPacket:
        """Greet the client, take its credentials, tell it about people and register it; returns the credentials."""
        self.send(hub_packets.greeting(client_id, wall=None))
        credentials = DataPacket.decode(self.take_until(PacketType.MY_CREDENTIALS))
        self.send(*people, hub_packets.registered(client_id))
        return credentials

    def end(self) -> None:
        """Close the connection in an orderly way."""
        self.transport.abort()


def connect(client: Client, network: MemoryNetwork, *people: bytes, client_id: int = 1) -> ScriptedHub:
    """Connect a client to a hub that lets it in; the client was made with the network's `connect`."""

    def let_in() -> ScriptedHub:
        hub = ScriptedHub(network.accept())
        hub.let_in(client_id, *people)
        return hub

    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(let_in)
        client.connect()
        return playing.result()
