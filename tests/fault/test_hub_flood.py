"""One client sends faster than the hub can work it off: he alone is not read for a while, and memory stays bounded.

Threads: the hub's own, and pytest's main thread as every client.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import PacketType
from commonlib.meaning import Meaning
from tcpipserver.net.connection import Connection
from tcpipserver.net.credit import CHUNK_BYTES, CREDIT_BYTES, FRUGAL_READ_BYTES, READ_BYTES, Budget
from tcpipserver.net.group import SocketGroup
from tests.support.classic_client import ECHO, SECONDS, ClassicClient
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub

NUMBERED = 777
BLOCK = 1024
"""Packets in a block: 1 MiB."""


def numbered_block(id_to: int) -> bytes:
    """A mebibyte of packets to somebody, with a number in each."""
    return b"".join(DataPacket(NUMBERED, id_to=id_to, longs=(number,)).encode() for number in range(BLOCK))


def has_all_in_order(client: ClassicClient, blocks: int) -> bool:
    """Whether so many blocks reach a client without a gap."""
    return all(
        DataPacket.decode(packet).long(1) == number
        for _ in range(blocks)
        for number, packet in enumerate(client.take(NUMBERED, BLOCK))
    )


def is_read(hub: RunningHub, client: ClassicClient) -> bool:
    """Whether the hub's reader looks at this client's socket."""
    connection = hub.connection_of(client)
    assert isinstance(connection.caretaker, SocketGroup)
    return connection.caretaker.reader.is_reading(connection)


def has_no_credit(connection: Connection) -> bool:
    """Whether a connection is not read for want of credit; one just registered is not read yet, either."""
    return connection.credit.is_used_up and connection.is_held_back


def test_a_flooder_alone_is_not_read_until_his_bytes_are_done() -> None:
    """With a mebibyte unprocessed his socket leaves the selector; others are read; then all goes on whole."""
    with running_hub() as hub:
        flooder, reader, bob = hub.join("Flooder"), hub.join("Reader"), hub.join("Bob")
        connection, bobs = hub.connection_of(flooder), hub.connection_of(bob)
        block = numbered_block(reader.id)
        with hub.dispatcher_standing_still():
            taken = flooder.send_until(lambda: has_no_credit(connection), block)
            assert CREDIT_BYTES <= connection.credit.unprocessed < CREDIT_BYTES + READ_BYTES + CHUNK_BYTES
            bob.send(DataPacket(ECHO, id_to=bob.id).encode())
            assert wait_until(lambda: bobs.credit.unprocessed == 1024 + CHUNK_BYTES, SECONDS)
            assert not bobs.is_held_back
            assert hub.service._budget.used == connection.credit.unprocessed + 1024 + CHUNK_BYTES
        with ThreadPoolExecutor(1) as pool:
            blocks = pool.submit(flooder.send_rest, block, taken)
            bob.wait_for(ECHO)
            assert has_all_in_order(reader, -(-taken // len(block)))
            assert blocks.result(SECONDS) == -(-taken // len(block))
        flooder.echo()
        assert is_read(hub, flooder)
        assert hub.service._budget.used == 0


def test_the_log_says_who_floods() -> None:
    """One line, though the flooder is read again and again in between."""
    with running_hub(clock=FakeClock()) as hub:
        flooder = hub.join("Flooder")
        connection = hub.connection_of(flooder)
        block = ClientDataPacket(PacketType.CLIENT_DATA).encode() * 256
        for _ in range(12):
            with hub.dispatcher_standing_still():
                taken = flooder.send_until(lambda: has_no_credit(connection), block)
            flooder.send_rest(block, taken)
            hub.advance(1.0)
        said = (
            "Flooder (1) floods: it has been sending more than the hub can work off for 10 seconds, "
            "and is slowed down to that."
        )
        assert hub.log.lines(Meaning.TROUBLE) == [said]


def test_a_flood_of_all_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the common budget used up only those with nothing unprocessed are read, a little; then all go on."""
    limit = 2 << 20
    monkeypatch.setattr("tcpipserver.service.Budget", lambda: Budget(limit))
    with running_hub() as hub:
        flooders = hub.join_many(6)
        connections = [(flooder, hub.connection_of(flooder)) for flooder in flooders]
        bob = hub.join("Bob")
        block = numbered_block(99)
        with hub.dispatcher_standing_still():
            taken = [flooder.send_until(lambda it=it: has_no_credit(it), block) for flooder, it in connections]
            used = hub.service._budget.used
            assert limit <= used < limit + READ_BYTES + len(flooders) * (FRUGAL_READ_BYTES + CHUNK_BYTES)
            bob.send(DataPacket(ECHO, id_to=bob.id).encode() * 64)
            assert wait_until(lambda: hub.service._budget.used == used + FRUGAL_READ_BYTES + CHUNK_BYTES, SECONDS)
        for flooder, sent in zip(flooders, taken, strict=True):
            flooder.send_rest(block, sent)
            flooder.echo()
        bob.take(ECHO, 64)
        assert hub.service._budget.used == 0


def test_one_who_floods_himself_and_does_not_read_is_dropped() -> None:
    """What he sends to himself cannot hold him back, as nobody else is to blame: at the limit he is let go."""
    with running_hub() as hub:
        flooder, bob = hub.join("Flooder"), hub.join("Bob")
        with pytest.raises(ConnectionError):
            flooder.send_until(lambda: False, numbered_block(flooder.id))
        hub.log.wait_for("Flooder (1) is gone: it does not read what is sent to it (16 MiB wait).")
        bob.echo()
        assert wait_until(lambda: hub.service._waiting.size == 0, SECONDS)


def test_a_flood_does_not_stop_a_bystander() -> None:
    """While one floods another who reads it all, a third one's echoes come back."""
    with running_hub() as hub:
        flooder, reader, bob = hub.join("Flooder"), hub.join("Reader"), hub.join("Bob")
        blocks = 32
        with ThreadPoolExecutor(2) as pool:
            sending = pool.submit(flooder.send, numbered_block(reader.id) * blocks)
            reading = pool.submit(has_all_in_order, reader, blocks)
            echoes = 0
            while not reading.done() or echoes < 20:
                bob.echo()
                echoes += 1
            sending.result(SECONDS)
            assert reading.result(SECONDS)
