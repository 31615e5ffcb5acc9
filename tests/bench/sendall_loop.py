"""What the hub's fan-out is compared with: a process that does nothing but send one packet to every socket it has.

It greets whoever connects; then every packet from the first one goes to all, one `sendall` after the other, the first
one included. Owns its own process. Must never be made clever: it is the yardstick. Threads: one that accepts, the main
one sends.
"""

import socket
import threading

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tests.bench.ends import ProtocolBrokenError, receive_packet
from tests.bench.listening import listen_until_ended

connected: list[socket.socket] = []
somebody_came = threading.Event()


def accept(listening: socket.socket) -> None:
    """Keep and greet everybody."""
    greeting = DataPacket(PacketType.REQUEST_CREDENTIALS).encode()
    while True:
        newcomer, _ = listening.accept()
        newcomer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.append(newcomer)
        newcomer.sendall(greeting)
        somebody_came.set()


def serve(listening: socket.socket) -> None:
    """Pass on what the first one sends, until he has gone."""
    threading.Thread(target=accept, args=(listening,), daemon=True).start()
    somebody_came.wait()
    first = connected[0]
    try:
        while True:
            packet = receive_packet(first)
            for recipient in connected:
                recipient.sendall(packet)
    except (ProtocolBrokenError, OSError):
        pass  # The benchmark is over.


if __name__ == "__main__":
    listen_until_ended(serve)
