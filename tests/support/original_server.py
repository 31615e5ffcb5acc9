"""A small server that behaves as the original one does, for a client that has to get on with it.

Owns the original's behaviour as the recordings and the protocol's description give it, its faults included: receipts
and clients' pings go to everybody, the ids in file packets are believed, who leaves is told that he has left. It must
never be mended. Threads: one that accepts and one for each client, as the original has them.
"""

import socket
import socketserver
import threading
import time
from types import TracebackType
from typing import Self

from commonlib.classic.cutter import PacketCutter
from commonlib.classic.layouts import ClientDataPacket, DataPacket, integers
from commonlib.classic.packet import (
    PACKET_SIZE,
    SERVER,
    Layout,
    LayoutTable,
    MessagePart,
    PacketType,
    recipient_of,
    stamp_sender,
    type_of,
)
from commonlib.ticks import ticks_from_unix

VERSION = (1, 0, 0)
_TRUSTED_LAYOUTS = (Layout.FILE_START, Layout.FILE_CHUNK)


class _Connection(socketserver.BaseRequestHandler):
    """One client: its thread, its id, what it said about itself."""

    request: socket.socket
    server: "_Listener"

    def setup(self) -> None:
        self._sending = threading.Lock()
        self.client_id = self.server.original.add(self)
        self.credentials: DataPacket | None = None

    def handle(self) -> None:
        original = self.server.original
        greeting = DataPacket(
            PacketType.REQUEST_CREDENTIALS,
            packet_size=16,
            id_to=self.client_id,
            longs=(ticks_from_unix(time.time()),),
            text_a=self.client_address[0],
        )
        self.send(greeting.encode())
        cutter = PacketCutter()
        try:
            while data := self.request.recv(65536):
                block = cutter.receive_data(data)
                for offset in range(0, len(block), PACKET_SIZE):
                    if not original.receive(self, block[offset : offset + PACKET_SIZE]):
                        return
        except OSError:
            pass  # A client that is gone is a client that has left.

    def finish(self) -> None:
        self.server.original.remove(self)

    def send(self, packet: bytes) -> None:
        try:
            with self._sending:
                self.request.sendall(packet)
        except OSError:
            pass  # Its own thread notices.

    def details(self) -> bytes:
        assert self.credentials is not None
        return ClientDataPacket(
            PacketType.CLIENT_DATA,
            packet_size=PACKET_SIZE,
            user_name=self.credentials.text_150[:50],
            address=self.client_address[0],
            station_name=self.credentials.text_a[:50],
            client_id=self.client_id,
            listening_port=9998,
        ).encode()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    original: "OriginalServer"


class OriginalServer:
    """Listens on a free port of the loopback address while it is entered.

    Attributes:
        port: Where it listens.
        texts: What was said to the server itself: the sender's id and the text.
        ping_answers: The sender's id and the clock that he echoes.
    """

    def __init__(self) -> None:
        self.texts: list[tuple[int, str]] = []
        self.ping_answers: list[tuple[int, int]] = []
        self._layouts = LayoutTable()
        self._lock = threading.Lock()
        self._connections: dict[int, _Connection] = {}
        self._last_id = 0
        self._pieces: dict[int, list[str]] = {}
        self._listener = _Listener(("127.0.0.1", 0), _Connection)
        self._listener.original = self
        self.port: int = self._listener.server_address[1]
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="original-server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Tell everybody that the server is going away, then go."""
        self._listener.shutdown()
        self.send_to_all(DataPacket(PacketType.HOST_EXITING, packet_size=PACKET_SIZE).encode())
        self.vanish()

    def vanish(self) -> None:
        """Be gone without a word."""
        self._listener.shutdown()
        for connection in self._all():
            try:
                connection.request.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It has ended by itself.
        self._listener.server_close()
        if self._thread.is_alive():
            self._thread.join()

    def ping(self) -> int:
        """Ask everybody whether he is there; returns the clock that the ping carries, in ticks."""
        ticks = ticks_from_unix(time.time())
        self.send_to_all(DataPacket(PacketType.PING, longs=(ticks,)).encode())
        return ticks

    def send_to_all(self, packet: bytes) -> None:
        """Send everybody who has registered a packet."""
        for connection in self._all():
            if connection.credentials is not None:
                connection.send(packet)

    def add(self, connection: _Connection) -> int:
        """A connection is made; returns its id."""
        with self._lock:
            self._last_id += 1
            self._connections[self._last_id] = connection
            return self._last_id

    def remove(self, connection: _Connection) -> None:
        """A connection has ended. Who leaves is told so himself, if he still listens."""
        with self._lock:
            there = self._connections.get(connection.client_id)
        if there is None:
            return
        gone = DataPacket(PacketType.CLIENT_DISCONNECTING, packet_size=PACKET_SIZE, id_from=connection.client_id)
        self.send_to_all(gone.encode())
        with self._lock:
            del self._connections[connection.client_id]

    def receive(self, connection: _Connection, packet: bytes) -> bool:
        """Do with a packet what the original does; False when the client leaves by it."""
        match type_of(packet):
            case PacketType.MY_CREDENTIALS:
                self._register(connection, DataPacket.decode(packet))
            case PacketType.CLOSE:
                return False
            case PacketType.PING_RESPONSE:
                self.ping_answers.append((connection.client_id, DataPacket.decode(packet).long(1)))
            case PacketType.CREDENTIALS_UPDATE:
                pass  # The original never minded it.
            case PacketType.MESSAGE if DataPacket.decode(packet).id_to == SERVER:
                self._take_text(connection, DataPacket.decode(packet))
            case _:
                self._pass_on(connection, packet)
        return True

    def _register(self, connection: _Connection, credentials: DataPacket) -> None:
        connection.credentials = credentials
        others = [other for other in self._all() if other is not connection and other.credentials is not None]
        for other in others:
            connection.send(other.details())
        for other in others:
            other.send(connection.details())
        version = integers(dict(zip((6, 7, 8), VERSION, strict=True)))
        self.send_to_all(
            DataPacket(
                PacketType.REGISTERED, packet_size=PACKET_SIZE, id_from=connection.client_id, integers=version
            ).encode()
        )

    def _take_text(self, connection: _Connection, packet: DataPacket) -> None:
        pieces = self._pieces.setdefault(connection.client_id, [])
        if packet.data_type != MessagePart.END:
            pieces.append(packet.text_a)
            return
        self.texts.append((connection.client_id, "".join(self._pieces.pop(connection.client_id))))
        connection.send(DataPacket(PacketType.MESSAGE_RECEIVED).encode())

    def _pass_on(self, connection: _Connection, packet: bytes) -> None:
        layout = self._layouts.layout_of(type_of(packet))
        if layout not in _TRUSTED_LAYOUTS:
            packet = stamp_sender(packet, layout, connection.client_id)
        recipient = recipient_of(packet, layout)
        if recipient == SERVER:
            self.send_to_all(packet)
            return
        with self._lock:
            there = self._connections.get(recipient)
        if there is not None:
            there.send(packet)

    def _all(self) -> list[_Connection]:
        with self._lock:
            return list(self._connections.values())
