"""The hub's outbox under any order of sending, flushing and sockets that take as much as they like.

Thread: pytest's main thread.
"""

from hypothesis import given
from hypothesis import strategies as st

from tcpipserver.net.outbox import Outbox, Waiting
from tests.support.stub_socket import StubSocket

SEND = st.tuples(st.just("send"), st.integers(0, 3000))
FLUSH = st.tuples(st.just("flush"), st.just(0))
MAKE_ROOM = st.tuples(st.just("room"), st.integers(0, 4000))


@given(st.lists(st.one_of(SEND, FLUSH, MAKE_ROOM), max_size=60))
def test_every_byte_goes_out_once_and_in_order(steps: list[tuple[str, int]]) -> None:
    """What has gone out is a beginning of what was given, what waits is the rest, and in the end all has gone."""
    stub, total = StubSocket(0), Waiting()
    outbox = Outbox(stub, total)  # type: ignore[arg-type]
    given_bytes = bytearray()
    is_watched = False
    for step, size in steps:
        match step:
            case "send":
                data = bytes((len(given_bytes) + offset) % 251 for offset in range(size))
                given_bytes += data
                is_watched |= outbox.send(data)
            case "flush":
                is_watched &= not outbox.flush()
            case _:
                stub.room += size
        assert given_bytes.startswith(stub.stream)
        assert outbox.waiting == total.size == len(given_bytes) - len(stub.stream)
        assert is_watched or not outbox.waiting
    stub.room = 1 << 30
    assert outbox.flush()
    assert stub.stream == bytes(given_bytes)
