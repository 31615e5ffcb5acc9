"""reading: what the receiver has is compared before anything is sent, and the hash is over the whole file."""

import pytest
from blake3 import blake3

from commonlib.transfer.messages import Mark
from commonlib.transfer.reading import Reading

CONTENT = bytes(range(256)) * 10
WHOLE = blake3(CONTENT).digest()


def mark(offset: int, *, good: bool = True) -> Mark:
    """What a receiver says of its first bytes."""
    return Mark(offset, blake3(CONTENT[:offset] if good else b"other").digest())


def run(marks: list[Mark], step: int = 100) -> tuple[int, bytes, bytes, int]:
    """Read a file: where sending begins, what is sent, the hash at the end, and how many bytes were read at all."""
    reading = Reading(3, len(CONTENT), marks)
    read, sent, begin, digest = 0, b"", -1, b""
    while reading.due:
        data = CONTENT[reading.position : reading.position + min(step, reading.due)]
        read += len(data)
        if reading.is_comparing:
            reading.compare(memoryview(data))
        else:
            begin = reading.position if begin < 0 else begin
            sent += data
            digest = reading.send(memoryview(data))
    return begin, sent, digest, read


@pytest.mark.parametrize("step", [100, len(CONTENT)])
def test_a_file_without_a_part_is_sent_whole(step: int) -> None:
    """Once, from its first byte, whether it comes in pieces or at once."""
    assert run([], step) == (0, CONTENT, WHOLE, len(CONTENT))


@pytest.mark.parametrize("step", [1, 7, 100, 5000])
def test_a_good_part_is_compared_and_not_sent(step: int) -> None:
    """Sending begins at the last mark, in one pass over the file."""
    assert run([mark(10), mark(1000)], step) == (1000, CONTENT[1000:], WHOLE, len(CONTENT))


def test_a_part_whose_end_is_spoilt_is_good_up_to_the_mark_before() -> None:
    """What is behind it is read again, to be sent."""
    begin, sent, digest, _ = run([mark(10), mark(1000), mark(2000, good=False)])
    assert (begin, sent, digest) == (1000, CONTENT[1000:], WHOLE)


def test_nothing_is_believed_behind_a_mark_that_differs() -> None:
    """Later marks are not even looked at."""
    begin, sent, digest, read = run([mark(10, good=False), mark(1000)])
    assert (begin, sent, digest) == (0, CONTENT, WHOLE)
    assert read == len(CONTENT) + 10


def test_a_part_that_is_the_whole_file_needs_its_end_alone() -> None:
    """No bytes are left to send, and the hash is that of the file."""
    reading = Reading(3, len(CONTENT), [mark(len(CONTENT))])
    reading.compare(memoryview(CONTENT))
    assert (reading.due, reading.position) == (0, len(CONTENT))
    assert reading.send(memoryview(b"")) == WHOLE


def test_an_empty_file_ends_at_once() -> None:
    """With the hash of nothing."""
    assert Reading(0, 0, []).send(memoryview(b"")) == blake3(b"").digest()
