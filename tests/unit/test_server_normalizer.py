"""The hub's normalizer: from raw chunks to batches of packets. Threads: pytest's main thread and the normalizer's."""

import queue

import pytest

from commonlib.classic.layouts import DataPacket
from tcpipserver.net.connection import Connection
from tcpipserver.net.normalizer import Chunk, Cut, Ended, Normalizer
from tests.support.hub_connections import secure_connection, stub_connection

SECONDS = 20.0
PACKET = DataPacket(777, id_to=5).encode()


def normalized(*chunks: Chunk) -> list[list[Cut | Ended]]:
    """The batches that come of chunks which are all there when the normalizer starts."""
    raw: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
    batches: list[list[Cut | Ended]] = []
    for chunk in chunks:
        raw.put(chunk)
    normalizer = Normalizer(raw, batches.append, pytest.fail)
    raw.put(None)
    normalizer.start()
    assert normalizer.stop(SECONDS)
    return batches


def connection(number: int) -> Connection:
    """Somebody who sends."""
    return stub_connection(number)[0]


def test_what_is_there_is_handed_over_in_one_batch() -> None:
    """Chunks of several connections, in the order in which they came."""
    ann, bob = connection(1), connection(2)
    batches = normalized(Chunk(ann, PACKET * 3), Chunk(bob, PACKET), Chunk(ann, PACKET))
    assert [[cut.connection for cut in batch] for batch in batches] == [[ann, bob, ann]]
    assert [run.count for cut in batches[0] if isinstance(cut, Cut) for run in cut.pieces] == [3, 1, 1]


def test_a_batch_has_an_end() -> None:
    """The dispatcher gets something to do before everything is cut."""
    ann = connection(1)
    batches = normalized(*[Chunk(ann, PACKET)] * 150)
    assert [len(batch) for batch in batches] == [64, 64, 22]


def test_packets_are_put_together_per_connection() -> None:
    """A packet that is cut by chunks, with others' in between, comes out whole; each chunk's size is given back."""
    ann, bob = connection(1), connection(2)
    (batch,) = normalized(Chunk(ann, PACKET[:1000]), Chunk(bob, PACKET[:1]), Chunk(ann, PACKET[1000:] + b"x"))
    assert [
        (cut.connection, [run.packets for run in cut.pieces], cut.size) for cut in batch if isinstance(cut, Cut)
    ] == [
        (ann, [], 1000),
        (bob, [], 1),
        (ann, [PACKET], 25),
    ]


def test_an_end_comes_behind_the_last_packet() -> None:
    """With its reason; what was not a whole packet is not handed over."""
    ann = connection(1)
    (batch,) = normalized(Chunk(ann, PACKET + b"half"), Chunk(ann, b"", "it closed the connection"))
    assert isinstance(batch[0], Cut)
    assert batch[1] == Ended(ann, "it closed the connection")


def test_stopping_works_off_the_queue_first() -> None:
    """Whatever was read before the end of the readers is still cut."""
    raw: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
    batches: list[list[Cut | Ended]] = []
    normalizer = Normalizer(raw, batches.append, pytest.fail)
    normalizer.start()
    ann = connection(1)
    for _ in range(1000):
        raw.put(Chunk(ann, PACKET))
    assert normalizer.stop(SECONDS)
    assert sum(map(len, batches)) == 1000


def test_what_is_encrypted_is_cut_in_the_clear() -> None:
    """Packets cut anywhere, records too; the credit that is given back is for the bytes as they were read."""
    ann, _, _, theirs = secure_connection()
    theirs.encrypt(PACKET * 2)
    stream = theirs.data_to_send()
    (batch,) = normalized(Chunk(ann, stream[:1500]), Chunk(ann, stream[1500:]))
    assert [(cut.size, cut.fault) for cut in batch if isinstance(cut, Cut)] == [
        (1500, None),
        (len(stream) - 1500, None),
    ]
    assert b"".join(run.packets for cut in batch if isinstance(cut, Cut) for run in cut.pieces) == PACKET * 2


def test_what_cannot_be_read_is_a_fault_and_breaks_nothing() -> None:
    """It comes behind what could be read, and others go on."""
    ann, _, _, theirs = secure_connection(1)
    bob = connection(2)
    theirs.encrypt(PACKET)
    good = theirs.data_to_send()
    (batch,) = normalized(Chunk(ann, good), Chunk(ann, b"garbage" * 10), Chunk(bob, PACKET))
    assert [(len(cut.pieces), bool(cut.fault)) for cut in batch if isinstance(cut, Cut)] == [
        (1, False),
        (0, True),
        (1, False),
    ]
