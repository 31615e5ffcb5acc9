"""Somebody does not read what is sent to him: who writes to him waits, he is dropped in time, all others go on.

The hub goes by a clock that the test moves. Threads: the hub's own, pytest's main thread as every client, and a sender.
"""

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, PacketType, stamp_sender
from commonlib.meaning import Meaning
from tcpipserver.net.credit import CREDIT_BYTES, READ_BYTES
from tcpipserver.net.pacing import HIGH_MARK_BYTES, LEAST_READ_BYTES
from tests.support.classic_client import SECONDS
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.running_hub import running_hub

NUMBERED = 777
SMALL = 64 << 10
"""A receive buffer that is full soon."""
TWICE_HIS_PATIENCE = (10.0, 10.0)
"""In the first ten seconds his system may still take for him what he will never read."""
KEPT_WAITING = "it kept others waiting and read less than 64 KiB of it in ten seconds"


def block_for(id_to: int) -> bytes:
    """256 packets to somebody."""
    return DataPacket(NUMBERED, id_to=id_to).encode() * 256


def test_who_writes_to_a_deaf_one_waits_and_the_deaf_one_is_dropped() -> None:
    """The writer is held back with little in memory, others are served; after ten seconds the deaf one has to go."""
    with running_hub(clock=FakeClock()) as hub:
        ann, deaf, bob = hub.join("Ann"), hub.join("Deaf", SMALL), hub.join("Bob")
        of_deaf = hub.connection_of(deaf)
        block = block_for(deaf.id)
        taken = ann.send_until(lambda: hub.has_stopped_reading(ann), block)
        assert hub.waited_for_by(ann) is of_deaf
        assert of_deaf.outbox.waiting < HIGH_MARK_BYTES + 2 * READ_BYTES
        assert hub.service._budget.used < CREDIT_BYTES + READ_BYTES
        hub.advance(9.0)
        bob.echo()
        assert not bob.has_received(PacketType.CLIENT_DISCONNECTING)
        for seconds in (1.0, *TWICE_HIS_PATIENCE):
            hub.advance(seconds)
        assert DataPacket.decode(bob.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == deaf.id
        assert hub.log.wait_for("is gone") == f"Deaf (2) is gone: {KEPT_WAITING}."
        ann.send_rest(block, taken)
        ann.echo()
        deaf.wait_for_end()
        assert wait_until(lambda: of_deaf.socket.fileno() < 0, SECONDS)
        assert (hub.service._budget.used, hub.service._waiting.size) == (0, 0)


def test_nobody_else_waits_for_a_deaf_one() -> None:
    """Who writes to others, and who is written to, is read and served although somebody is waited for."""
    with running_hub(clock=FakeClock()) as hub:
        ann, deaf, bob, cid = hub.join("Ann"), hub.join("Deaf", SMALL), hub.join("Bob"), hub.join("Cid")
        ann.send_until(lambda: hub.is_waiting(ann), block_for(deaf.id))
        bob.send(block_for(cid.id) + block_for(ann.id))
        cid.take(NUMBERED, 256)
        ann.take(NUMBERED, 256)
        assert [hub.is_waiting(client) for client in (ann, deaf, bob, cid)] == [True, False, False, False]


def test_time_that_the_hub_keeps_somebody_waiting_is_not_his_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a writer is held back, so that nothing can be heard of him, he is not dropped for it."""
    monkeypatch.setattr("tcpipserver.net.pacing.PATIENCE_SECONDS", 3600.0)
    with running_hub(clock=FakeClock()) as hub:
        ann, deaf = hub.join("Ann"), hub.join("Deaf", SMALL)
        block = block_for(deaf.id)
        taken = ann.send_until(lambda: hub.has_stopped_reading(ann), block)
        for _ in range(12):
            hub.advance(60.0)
            deaf.send(DataPacket(PacketType.PING_RESPONSE).encode())
            hub.settle()
        assert len(hub.members()) == 2
        with ThreadPoolExecutor(1) as pool:
            blocks = pool.submit(ann.send_rest, block, taken)
            deaf.take(NUMBERED, -(-taken // len(block)) * 256)
            blocks.result(SECONDS)
        ann.echo()


def test_the_log_says_who_sends_more_than_somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line after ten seconds."""
    monkeypatch.setattr("tcpipserver.net.pacing.PATIENCE_SECONDS", 3600.0)
    with running_hub(clock=FakeClock()) as hub:
        ann, deaf = hub.join("Ann"), hub.join("Deaf", SMALL)
        ann.send_until(lambda: hub.has_stopped_reading(ann), block_for(deaf.id))
        for seconds in (1.0, 9.0, 1.0, 5.0):
            hub.advance(seconds)
        said = "Ann (1) has been sending more than Deaf (2) reads for 10 seconds, and is slowed down to that."
        assert hub.log.lines(Meaning.NOTE).count(said) == 1


def test_a_stream_through_a_slow_reader_arrives_whole() -> None:
    """A writer who is held back and goes on, again and again, loses no byte, and none comes too early."""
    count = 24 << 10
    random_bytes = random.Random(2)
    with running_hub(clock=FakeClock()) as hub:
        ann, slow = hub.join("Ann"), hub.join("Slow", SMALL)
        packets = [
            DataPacket(NUMBERED, id_to=slow.id, longs=(number, random_bytes.getrandbits(60))).encode()
            for number in range(count)
        ]
        stream = b"".join(packets)
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(ann.send, stream)
            received = hashlib.sha256()
            for _ in range(3):
                assert wait_until(lambda: hub.is_waiting(ann), SECONDS)
                received.update(b"".join(slow.take(NUMBERED, count // 8)))
            received.update(b"".join(slow.take(NUMBERED, count - 3 * (count // 8))))
            sending.result(SECONDS)
        assert received.digest() == hashlib.sha256(stamp_sender(stream, Layout.DATA, ann.id)).digest()
        assert not hub.is_waiting(ann)


def test_who_speaks_to_all_waits_when_most_cannot_keep_up() -> None:
    """He waits for the one who has least waiting, nobody is dropped, and everybody gets all of it."""
    with running_hub(clock=FakeClock()) as hub:
        ann, slow = hub.join("Ann"), [hub.join(f"Slow {number}", SMALL) for number in range(3)]
        block = block_for(0)
        taken = ann.send_until(lambda: hub.has_stopped_reading(ann), block)
        assert hub.waited_for_by(ann) in [hub.connection_of(one) for one in slow]
        assert all(hub.connection_of(one).outbox.waiting < HIGH_MARK_BYTES + CREDIT_BYTES for one in slow)
        with ThreadPoolExecutor(5) as pool:
            sending = pool.submit(ann.send_rest, block, taken)
            count = -(-taken // len(block)) * 256
            for reading in [pool.submit(one.take, NUMBERED, count) for one in (ann, *slow)]:
                assert len(reading.result(SECONDS)) == count
            sending.result(SECONDS)
        ann.echo()
        assert len(hub.members()) == 4


def test_a_broadcast_does_not_wait_for_one_of_several_and_drops_who_never_reads() -> None:
    """One deaf one of several never holds back who speaks to all; he alone has to go once his outbox is full."""
    with running_hub(clock=FakeClock()) as hub:
        ann, deaf, bob = hub.join("Ann"), hub.join("Deaf", SMALL), hub.join("Bob")
        of_deaf = hub.connection_of(deaf)
        block, most = block_for(0), 0
        for _ in range(40 << 20 >> 18):
            ann.send(block)
            ann.take(NUMBERED, 256)
            bob.take(NUMBERED, 256)
            assert not hub.is_waiting(ann)
            most = max(most, of_deaf.outbox.waiting)
            if of_deaf.is_dismissed:
                break
        assert HIGH_MARK_BYTES < most < (16 << 20) + 2 * READ_BYTES
        hub.settle()
        assert hub.log.lines(Meaning.CONNECTION)[-1] == (
            "Deaf (2) is gone: it does not read what is sent to it (16 MiB wait)."
        )
        assert DataPacket.decode(bob.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == deaf.id
        assert [member.person.name for member in hub.members()] == ["Ann", "Bob"]


def test_all_outboxes_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the common limit one who has much waiting has to go, and one who has little may stay."""
    monkeypatch.setattr("tcpipserver.net.dispatcher.LARGEST_OUTBOXES", 8 << 20)
    with running_hub(clock=FakeClock()) as hub:
        deaf = [hub.join(f"Deaf {number}", SMALL) for number in range(3)]
        lazy, bob = hub.join("Lazy", SMALL), hub.join("Bob")
        of_third = hub.connection_of(deaf[2])
        hub.fill_outbox(lazy, 1)
        hub.fill_outbox(deaf[0], 3 << 20)
        hub.fill_outbox(deaf[1], 3 << 20)
        hub.fill_outbox(deaf[2], 8 << 20)
        assert of_third.is_dismissed
        assert hub.service._waiting.size <= (8 << 20) + READ_BYTES
        bob.echo()
        assert [member.person.name for member in hub.members()] == ["Deaf 0", "Deaf 1", "Lazy", "Bob"]


def test_two_who_flood_each_other_without_reading_do_not_wait_for_ever() -> None:
    """They wait for each other, so neither would ever catch up; in time one of them at least has to go."""
    with running_hub(clock=FakeClock()) as hub:
        ann, bob, cid = hub.join("Ann", SMALL), hub.join("Bob", SMALL), hub.join("Cid")
        ann.send_until(lambda: hub.is_waiting(ann), block_for(bob.id))
        bob.send_until(lambda: hub.is_waiting(bob), block_for(ann.id))
        for _ in range(6):
            hub.advance(10.0)
            cid.echo()
        assert cid.has_received(PacketType.CLIENT_DISCONNECTING)
        assert all("kept others waiting" in line for line in hub.log.lines() if "is gone" in line)
        left = [client for client in (ann, bob) if client.id in {member.id for member in hub.members()}]
        assert not any(map(hub.is_waiting, left))
        assert wait_until(lambda: hub.service._budget.used == 0, SECONDS)


def test_one_who_reads_slowly_but_steadily_is_waited_for() -> None:
    """He does not catch up, but in all ten seconds something goes out to him; when he stops reading, he has to go."""
    with running_hub(clock=FakeClock()) as hub:
        ann, slow = hub.join("Ann"), hub.join("Slow", SMALL)
        ann.send_until(lambda: hub.has_stopped_reading(ann), block_for(slow.id))
        for _ in range(3):
            slow.take(NUMBERED, (SMALL + LEAST_READ_BYTES) * 5 // 4 // PACKET_SIZE)
            assert hub.is_waiting(ann)
            hub.advance(10.0)
            assert len(hub.members()) == 2
        for seconds in TWICE_HIS_PATIENCE:
            hub.advance(seconds)
        assert hub.log.wait_for("is gone") == f"Slow (2) is gone: {KEPT_WAITING}."


@pytest.mark.parametrize("is_reset", [False, True])
def test_one_who_goes_while_he_waits_is_gone_when_his_turn_comes(is_reset: bool) -> None:
    """What he sent before is still delivered, as far as it was read; then his end is told."""
    with running_hub(clock=FakeClock()) as hub:
        ann, slow = hub.join("Ann"), hub.join("Slow", SMALL)
        ann.send_until(lambda: hub.is_waiting(ann), block_for(slow.id))
        if is_reset:
            ann.reset()
        else:
            ann.close()
        assert DataPacket.decode(slow.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == 1
        assert slow.count(NUMBERED) > 1024
        hub.wait_for_members(1)


def test_one_who_waits_can_be_dropped_himself() -> None:
    """What he sent before is not worked off any more, and he does not have to wait for his own end."""
    with running_hub(clock=FakeClock()) as hub:
        ann, slow, bob = hub.join("Ann", SMALL), hub.join("Slow", SMALL), hub.join("Bob")
        of_ann = hub.connection_of(ann)
        ann.send_until(lambda: hub.has_stopped_reading(ann), block_for(slow.id))
        hub.fill_outbox(ann, 32 << 20)
        assert DataPacket.decode(bob.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == ann.id
        assert wait_until(lambda: of_ann.socket.fileno() < 0, SECONDS)
        assert hub.service._budget.used == 0
        assert [member.person.name for member in hub.members()] == ["Slow", "Bob"]


def test_one_who_leaves_while_others_wait_for_him_lets_them_go_on() -> None:
    """When a deaf one hangs up, whoever waited for him is read again at once."""
    with running_hub(clock=FakeClock()) as hub:
        ann, deaf = hub.join("Ann"), hub.join("Deaf", SMALL)
        block = block_for(deaf.id)
        taken = ann.send_until(lambda: hub.is_waiting(ann), block)
        deaf.reset()
        ann.send_rest(block, taken)
        ann.echo()
        assert not hub.is_waiting(ann)


def test_a_kick_of_time_does_not_drop_one_who_catches_up() -> None:
    """The ten seconds begin anew when a slow one has caught up."""
    with running_hub(clock=FakeClock()) as hub:
        ann, slow = hub.join("Ann"), hub.join("Slow", SMALL)
        block = block_for(slow.id)
        for _ in range(3):
            taken = ann.send_until(lambda: hub.is_waiting(ann), block)
            hub.advance(9.0)
            with ThreadPoolExecutor(1) as pool:
                sending = pool.submit(ann.send_rest, block, taken)
                slow.take(NUMBERED, -(-taken // len(block)) * 256)
                sending.result(SECONDS)
            ann.echo()
        assert len(hub.members()) == 2
