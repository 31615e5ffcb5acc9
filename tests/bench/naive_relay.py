"""What the hub is compared with: a relay of the classic wire as one writes it on the first day.

A thread per client reads packet after packet, every packet is one item of one queue, and one thread takes them out and
sends each on its own. It greets, it registers, it puts the sender's id where it belongs; it knows no roster, no
keep-alive, no limits. Owns its own process. Must never be made clever: it is the yardstick. Threads: one that accepts,
one per client, the main one dispatches.
"""

import queue
import socket
import threading

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType
from tests.bench.listening import listen_until_ended

_FILE_TYPES = (PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END)

packets: "queue.Queue[tuple[int, bytes]]" = queue.Queue()
clients: dict[int, socket.socket] = {}


def accept(listening: socket.socket) -> None:
    """Give every newcomer the next id and a thread."""
    while True:
        connected, _ = listening.accept()
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client_id = len(clients) + 1
        clients[client_id] = connected
        threading.Thread(target=read, args=(client_id, connected), daemon=True).start()


def read(client_id: int, connected: socket.socket) -> None:
    """Greet a client, then put all that it sends into the queue."""
    connected.sendall(DataPacket(PacketType.REQUEST_CREDENTIALS, id_to=client_id).encode())
    while packet := read_packet(connected):
        packets.put((client_id, packet))
    connected.close()


def read_packet(connected: socket.socket) -> bytes:
    """The next packet, or nothing when the client has gone."""
    packet = b""
    while len(packet) < PACKET_SIZE:
        try:
            data = connected.recv(PACKET_SIZE - len(packet))
        except OSError:
            return b""
        if not data:
            return b""
        packet += data
    return packet


def dispatch() -> None:
    """Take packet after packet and send each to whom it is for."""
    while True:
        sender, packet = packets.get()
        packet_type = int.from_bytes(packet[:2], "little")
        if packet_type == PacketType.MY_CREDENTIALS:
            recipient, packet = sender, DataPacket(PacketType.REGISTERED, id_from=sender).encode()
        elif packet_type in _FILE_TYPES:
            recipient = int.from_bytes(packet[2:4], "little")
            packet = packet[:4] + sender.to_bytes(2, "little") + packet[6:]
        else:
            recipient = int.from_bytes(packet[8:12], "little")
            packet = packet[:12] + sender.to_bytes(4, "little") + packet[16:]
        try:
            clients[recipient].sendall(packet)
        except (KeyError, OSError):
            pass  # He is not here, or has gone.


def serve(listening: socket.socket) -> None:
    """Accept on one thread, dispatch on this one."""
    threading.Thread(target=accept, args=(listening,), daemon=True).start()
    dispatch()


if __name__ == "__main__":
    listen_until_ended(serve)
