"""Our hub, fed what the original clients said, answers packet for packet as the original server did.

The recordings are per connection, so STORY tells in which order things happened between the two (README.md beside
them). What our hub does on purpose otherwise is listed here, each with its reason; all else must be equal byte for byte
and in the same order for each recipient.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from commonlib.classic.packet import PACKET_SIZE, PacketType, type_of
from tests.support.hubs import WALL_TICKS
from tests.support.memory_hub import MemoryHub
from tests.support.recordings import (
    ALICE_TO_SERVER,
    BOB_TO_SERVER,
    SERVER_TO_ALICE,
    SERVER_TO_BOB,
    divided,
    recorded_packets,
)

ALICE, BOB = 1, 2
"""Who is who: their connections, and their ids."""
SAID = {ALICE: ALICE_TO_SERVER, BOB: BOB_TO_SERVER}
HEARD = {ALICE: SERVER_TO_ALICE, BOB: SERVER_TO_BOB}
THE_ADDRESS = "127.0.0.1"

A_FILE_OF_ONE_PACKET = ((ALICE, 1), (ALICE, 1), (BOB, 1), (ALICE, 2), (BOB, 1))
"""A ping that goes before the file, Alice's and Bob's answers to it, FileStart and FileEnd, Bob's confirmation."""
STORY = (
    (ALICE, 1),  # Who she is; she has connected before.
    (BOB, 1),  # Who he is; he connects now, when she is registered.
    (ALICE, 2),  # A short text for Bob: start and end.
    (BOB, 1),  # His receipt.
    (ALICE, 4),  # A long text for Bob: start, two guts, end.
    (BOB, 1),  # His receipt.
    (ALICE, 2),  # A text for the server.
    *A_FILE_OF_ONE_PACKET,  # small.txt
    *A_FILE_OF_ONE_PACKET,  # exact914.bin
    *((ALICE, 1), (ALICE, 1), (BOB, 1), (ALICE, 6), (BOB, 1)),  # mid.bin, with four chunks.
    (BOB, 2),  # He leaves, and says so twice.
    (ALICE, 1),  # She leaves.
)
"""Who spoke when, and how many packets."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A field that is not compared byte by byte, but must hold what is ours: `ours` replaces it in the recording."""

    packet_type: PacketType
    begin: int
    end: int
    ours: bytes
    reason: str


MASKED = (
    Masked(
        PacketType.REQUEST_CREDENTIALS,
        begin=178,
        end=186,
        ours=WALL_TICKS.to_bytes(8, "little"),
        reason="DataLong1 is the server's clock, and the tests have a clock of their own",
    ),
    Masked(
        PacketType.CLIENT_DATA,
        begin=126,
        end=156,
        ours=b"0.0.0".ljust(30, b"\0"),
        reason="UsersClientVersion: the original leaves it empty, ours passes what the client said of itself",
    ),
)

LEFT_OUT = {
    (BOB, 5): "his own first receipt, which the original shows to all: ours goes to the text's writer alone",
    (BOB, 10): "his own second receipt, likewise",
    (BOB, 11): "Alice's first ping, which the original passes to all: ours answers it, to her alone",
    (BOB, 14): "Alice's second ping, likewise",
    (BOB, 17): "Alice's third ping, likewise",
}
"""What the original sent and ours does not: the recipient, and the packet's number in his recording."""

PING_OF_THE_HUB = b"\1\0" + bytes(176) + WALL_TICKS.to_bytes(8, "little") + bytes(838)
REPLACED = {
    (ALICE, 7): (PING_OF_THE_HUB, "her first ping, which the original gives back to her: ours answers with its clock"),
    (ALICE, 9): (PING_OF_THE_HUB, "her second ping, likewise"),
    (ALICE, 11): (PING_OF_THE_HUB, "her third ping, likewise"),
}
"""What ours sends in place of a packet of the original."""


def expected(recipient: int) -> Iterator[bytes]:
    """What somebody must hear: his recording, with what is ours in its place."""
    for number, packet in enumerate(recorded_packets(HEARD[recipient])):
        if (recipient, number) in LEFT_OUT:
            continue
        if (recipient, number) in REPLACED:
            yield REPLACED[recipient, number][0]
            continue
        for field in MASKED:
            if field.packet_type == type_of(packet):
                packet = packet[: field.begin] + field.ours + packet[field.end :]
        yield packet


def in_one(packets: bytes) -> Iterator[bytes]:
    yield packets


def one_by_one(packets: bytes) -> Iterator[bytes]:
    yield from divided(packets)


def in_crumbs(packets: bytes) -> Iterator[bytes]:
    for offset in range(0, len(packets), 333):
        yield packets[offset : offset + 333]


def play_story(cut: Callable[[bytes], Iterator[bytes]] = in_one) -> MemoryHub:
    """A hub that has heard the whole story."""
    hub = MemoryHub()
    unsaid = {who: recorded_packets(name) for who, name in SAID.items()}
    for who, count in STORY:
        if who not in hub.links:
            assert hub.connect(THE_ADDRESS) == who
        spoken, unsaid[who] = unsaid[who][:count], unsaid[who][count:]
        for chunk in cut(b"".join(spoken)):
            hub.receive_data(who, chunk)
    assert unsaid == {ALICE: [], BOB: []}
    return hub


@pytest.mark.parametrize("cut", [in_one, one_by_one, in_crumbs])
@pytest.mark.parametrize("recipient", [ALICE, BOB], ids=["alice", "bob"])
def test_each_client_hears_what_it_heard_from_the_original(
    recipient: int, cut: Callable[[bytes], Iterator[bytes]]
) -> None:
    """Packet for packet, in the same order, however the stream is cut."""
    heard = divided(play_story(cut).data_to_send(recipient))
    wanted = list(expected(recipient))
    assert [PacketType(type_of(packet)).name for packet in heard] == [
        PacketType(type_of(packet)).name for packet in wanted
    ]
    for number, (ours, theirs) in enumerate(zip(heard, wanted, strict=True)):
        differing = [offset for offset in range(PACKET_SIZE) if ours[offset] != theirs[offset]]
        assert not differing, f"packet {number}, a {PacketType(type_of(ours)).name}, differs at {differing}"


def test_nothing_is_masked_in_vain() -> None:
    """Every listed difference is one: the original's bytes are others than ours."""
    recorded = {who: recorded_packets(name) for who, name in HEARD.items()}
    for field in MASKED:
        concerned = [packet for who in recorded for packet in recorded[who] if type_of(packet) == field.packet_type]
        assert all(packet[field.begin : field.end] != field.ours for packet in concerned)
        assert concerned
    for (who, number), (ours, _) in REPLACED.items():
        assert type_of(recorded[who][number]) == PacketType.PING
        assert recorded[who][number] != ours
    assert {PacketType(type_of(recorded[who][number])) for who, number in LEFT_OUT} == {
        PacketType.PING,
        PacketType.MESSAGE_RECEIVED,
    }


def test_both_connections_are_ended_and_nobody_is_left() -> None:
    """After the two goodbyes the roster is empty and both connections are to be ended."""
    hub = play_story()
    assert hub.hub.people() == ()
    assert all(link.is_dismissed for link in hub.links.values())


def test_the_event_log_tells_the_story() -> None:
    """Who came, what was said to the server, who left: one line each, and no trouble."""
    told = [record.text for record in play_story().lines]
    assert told == [
        "127.0.0.1 connected and was given id 1.",
        "Alice (1) registered from 127.0.0.1 (computer vm, version 0.0.0), not encrypted.",
        "127.0.0.1 connected and was given id 2.",
        "Bob (2) registered from 127.0.0.1 (computer vm, version 0.0.0), not encrypted.",
        "Alice (1) to the server, with 123456 and 54321: to the server only",
        "Bob (2) left.",
        "Alice (1) left.",
    ]
