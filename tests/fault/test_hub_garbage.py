"""Clients that send what no program of ours would: the log says what and who, others go on, memory stays bounded.

The garbage is made from fixed seeds. Threads: the hub's own, and pytest's main thread as every client.
"""

import random
from collections.abc import Callable

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, MessagePart, PacketType
from commonlib.classic.texts import LARGEST_TEXT, MOST_OPEN_TEXTS
from commonlib.meaning import Meaning
from commonlib.printable import printable
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tests.support.classic_client import SECONDS, credentials
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub

CROWD = 20
PACKETS = 60
LARGEST_LINE = 1500


def pure_noise(chance: random.Random) -> bytes:
    """Bytes without any sense, not even of whole packets."""
    return chance.randbytes(chance.randrange(1, PACKETS * PACKET_SIZE))


def noise_with_known_types(chance: random.Random) -> bytes:
    """Packets of the protocol's types and of one more, all else in them being noise, the last one cut anywhere."""
    types = [*range(1, 10), *range(11, 18)]
    packets = [chance.choice(types).to_bytes(2, "little") + chance.randbytes(PACKET_SIZE - 2) for _ in range(PACKETS)]
    return b"".join(packets)[: -chance.randrange(PACKET_SIZE)]


def noise_to_those_who_are_here(chance: random.Random) -> bytes:
    """The same, addressed to ids that exist or to all, in the places of either kind of layout."""
    packets = []
    for _ in range(PACKETS):
        packet_type, to = chance.randrange(1, 20), chance.randrange(CROWD + 2)
        if packet_type == PacketType.CLOSE:
            continue
        packet = bytearray(packet_type.to_bytes(2, "little") + chance.randbytes(PACKET_SIZE - 2))
        packet[4:6] = chance.randrange(4).to_bytes(2, "little")
        place = slice(2, 4) if packet_type in (13, 14, 15) else slice(8, 12)
        packet[place] = to.to_bytes(place.stop - place.start, "little")
        packets.append(bytes(packet))
    return b"".join(packets)


def texts_without_end(chance: random.Random) -> bytes:
    """Texts that are begun to everybody and never ended."""
    packets = [
        DataPacket(PacketType.MESSAGE, data_type=part, id_to=chance.randrange(200), text_a="x" * 300).encode()
        for part in (0, 1, 1)
        for _ in range(PACKETS)
    ]
    chance.shuffle(packets)
    return b"".join(packets)


def check_bounds(hub: RunningHub) -> None:
    """Nothing that people sent is kept beyond what one may keep."""
    assert wait_until(lambda: hub.service._budget.used == 0, SECONDS)
    assert hub.service._raw.empty()
    for connection in tuple(hub.service._dispatcher._connections.values()):
        assert connection.dialect._cutter.unfinished < PACKET_SIZE
    for joiner in tuple(hub.service._unfinished._joiners.values()):
        assert len(joiner._begun) <= MOST_OPEN_TEXTS
        assert sum(len(text.packets) for text in joiner._begun.values()) <= LARGEST_TEXT // 300 + 1
    for member in hub.members():
        assert len(member.person.name) <= 50
    assert all(line == printable(line, LARGEST_LINE) for line in hub.log.lines())


def test_unfinished_texts_of_all_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds most loses a text and is named; others' texts arrive; of those who have gone nothing is kept."""
    monkeypatch.setattr("tcpipserver.service.UnfinishedTexts", lambda: UnfinishedTexts(1000))
    begun = [DataPacket(PacketType.MESSAGE, data_type=part, text_a="x" * 300).encode() for part in (0, *[1] * 599)]
    with running_hub() as hub:
        greedy, modest, ann, bob = (hub.join(name) for name in ("Greedy", "Modest", "Ann", "Bob"))
        modest.send(b"".join(begun[:500]))
        modest.echo()
        greedy.send(b"".join(begun))
        greedy.echo()
        ann.say("word " * 2000, bob.id)
        while MessagePart(DataPacket.decode(bob.wait_for(PacketType.MESSAGE)).data_type) is not MessagePart.END:
            pass
        assert hub.service._unfinished.packet_count == 500
        trouble = hub.log.lines(Meaning.TROUBLE)
        assert trouble[0].startswith("Greedy (1) does not keep to the protocol: of all texts that were begun and not")
        assert all(line.startswith("Greedy") for line in trouble)
        modest.close()
        hub.wait_for_members(3)
        assert wait_until(lambda: hub.service._unfinished.packet_count == 0, SECONDS)


@pytest.mark.parametrize(
    "garbage", [pure_noise, noise_with_known_types, noise_to_those_who_are_here, texts_without_end]
)
def test_garbage_from_a_crowd_costs_nobody_else_anything(garbage: Callable[[random.Random], bytes]) -> None:
    """While twenty clients send garbage and do not read, a bystander's echoes come back, and the crowd is named."""
    chance = random.Random(garbage.__name__)
    with running_hub() as hub:
        bob = hub.join("Bob")
        crowd = hub.join_many(CROWD)
        for client in crowd:
            client.send(garbage(chance))
            bob.echo()
        hub.settle()
        for client in crowd:
            client.send(b"\0" * 100)
        bob.echo()
        check_bounds(hub)
        trouble = hub.log.lines(Meaning.TROUBLE)
        assert trouble
        assert all(any(f" ({client.id}) " in line for client in crowd) for line in trouble)
        for client in crowd:
            client.reset()
        hub.wait_for_members(1)
        assert wait_until(lambda: hub.service._waiting.size == 0, SECONDS)
        bob.echo()


def test_garbage_before_the_credentials_ends_that_connection() -> None:
    """Noise as the first bytes is not looked at further, and nobody else notices."""
    chance = random.Random(3)
    with running_hub() as hub:
        bob = hub.join("Bob")
        for _ in range(CROWD):
            client = hub.connect()
            client.send(b"\xff" + chance.randbytes(5000))
            client.wait_for_end()
            bob.echo()
        assert hub.log.count("did not register: it began with something else than its credentials") == CROWD
        assert not bob.has_received(PacketType.CLIENT_DATA)


def test_credentials_full_of_noise_are_made_presentable() -> None:
    """Names without an end, with control characters or empty do not reach the log as they are, nor stop anybody."""
    chance = random.Random(4)
    with running_hub() as hub:
        bob = hub.join("Bob")
        for _ in range(CROWD):
            client = hub.connect()
            client.greet()
            client.send(credentials("x")[:2] + chance.randbytes(PACKET_SIZE - 2))
            client.echo()
        bob.echo()
        check_bounds(hub)
        assert len(hub.members()) == CROWD + 1
        assert all(member.person.name.strip() for member in hub.members())


def test_trouble_cannot_flood_the_log() -> None:
    """A client that breaks the protocol ten thousand times is told of a few times only."""
    with running_hub() as hub:
        rude = hub.join("Rude")
        rude.send(DataPacket(PacketType.REGISTERED).encode() * 512)
        for number in range(10_000):
            rude.send(DataPacket(60_000, id_to=5000 + number % 2).encode())
        rude.echo()
        lines = hub.log.lines(Meaning.TROUBLE)
        assert 5 <= len(lines) <= 10
        assert all(line.startswith("Rude (1) ") for line in lines)


@pytest.mark.parametrize(
    "packet_type",
    [
        PacketType.REQUEST_CREDENTIALS,
        PacketType.REGISTERED,
        PacketType.HOST_EXITING,
        PacketType.CLIENT_DISCONNECTING,
    ],
)
def test_what_only_servers_may_say_is_not_passed_on(packet_type: PacketType) -> None:
    """A client cannot ask for credentials, register anybody, or send others away; the log says who tried."""
    with running_hub() as hub:
        bob, rude = hub.join("Bob"), hub.join("Rude")
        bob.echo()
        before = bob.count(packet_type)
        rude.send(DataPacket(packet_type, id_from=bob.id).encode() + DataPacket(packet_type, id_to=bob.id).encode())
        rude.echo()
        said = f"it sent type {packet_type}, which is for servers to send"
        assert hub.log.count(f"Rude (2) does not keep to the protocol: {said}.") == 2
        bob.echo()
        assert bob.count(packet_type) == before
