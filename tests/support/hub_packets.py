"""The packets that a hub sends, as an original one makes them.

Owns their making, for tests that play the hub. It must never be used by a program: ours are in the dialects.
Thread: the test's own.
"""

from datetime import datetime

from commonlib.classic.file_sending import FileSending
from commonlib.classic.layouts import ClientDataPacket, DataPacket, integers
from commonlib.classic.packet import PacketType
from commonlib.classic.texts import split_text
from commonlib.ticks import ticks_from_unix
from tests.support.clock import WALL

VERSION = (1, 2, 3)
DATE = datetime(2026, 11, 23, 3, 32, 47)  # noqa: DTZ001 - as the wire has it


def greeting(client_id: int, wall: float | None = WALL, address: str = "192.0.2.7") -> bytes:
    """RequestCredentials; None gives no clock, for a client that goes by the real one."""
    return DataPacket(
        PacketType.REQUEST_CREDENTIALS,
        packet_size=16,
        id_to=client_id,
        longs=(0 if wall is None else ticks_from_unix(wall),),
        text_a=address,
    ).encode()


def person(client_id: int, name: str, **details: object) -> bytes:
    """ClientData; `details` are further fields of ClientDataPacket."""
    fields = {"station_name": "vm", "address": "192.0.2.7", "listening_port": 9998, **details}
    return ClientDataPacket(
        PacketType.CLIENT_DATA,
        client_id=client_id,
        user_name=name,
        **fields,  # type: ignore[arg-type]
    ).encode()


def registered(client_id: int) -> bytes:
    """Registered."""
    numbers = integers({6: VERSION[0], 7: VERSION[1], 8: VERSION[2]})
    return DataPacket(PacketType.REGISTERED, id_from=client_id, integers=numbers).encode()


def left(client_id: int) -> bytes:
    """ClientDisconnecting."""
    return DataPacket(PacketType.CLIENT_DISCONNECTING, id_from=client_id).encode()


def exiting(sender: int = 0) -> bytes:
    """HostExiting; a real one has no sender."""
    return DataPacket(PacketType.HOST_EXITING, id_from=sender).encode()


def ping(ticks: int = 0, sender: int = 0) -> bytes:
    """Ping, of the hub's own or passed on from a client."""
    return DataPacket(PacketType.PING, id_from=sender, longs=(ticks,)).encode()


def text(sender: int, said: str, numbers: tuple[int, int] = (0, 0), to: int = 1) -> bytes:
    """All packets of a text."""
    return split_text(said, id_to=to, id_from=sender, numbers=numbers)


def receipt(sender: int, to: int = 0) -> bytes:
    """MessageReceived; with idTo 0, as an original client sends it and an original hub shows it to all."""
    return DataPacket(PacketType.MESSAGE_RECEIVED, id_to=to, id_from=sender).encode()


def done(sender: int, name: str, to: int = 1) -> bytes:
    """DoneRecievingFile."""
    return DataPacket(PacketType.DONE_RECEIVING_FILE, id_to=to, id_from=sender, text_a=name).encode()


def file(sender: int, name: str, content: bytes, *, file_id: int = 7, to: int = 1) -> bytes:
    """All packets of a file."""
    sending = FileSending(
        file_id=file_id, id_to=to, id_from=sender, name=name, size=len(content), created=DATE, modified=DATE
    )
    return sending.send_data(content) + sending.finish()
