"""Where batches stand: how they are found, and what is kept of those that are over.

Thread: pytest's main thread.
"""

import pytest

from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import BatchState
from tcpipclient.core.transfers.incoming import IncomingBatch
from tcpipclient.core.transfers.outgoing import OutgoingBatch
from tcpipclient.core.transfers.peers import Peer, Peers
from tcpipclient.core.transfers.shelf import Shelf

PEER = Peer(2, b"b" * 32, "Bob")


def ours(number: int) -> OutgoingBatch:
    """A batch that we send."""
    return OutgoingBatch(number, bytes([number]) * 16, PEER, Peers(), lambda _: None, 0.0, links=False)


def test_a_batch_is_found_by_number_by_name_and_by_role() -> None:
    """The other direction under the same name is another."""
    shelf = Shelf()
    sent, came = ours(1), IncomingBatch(2, bytes([1]) * 16, PEER, Peers(), lambda _: None, 0.0)
    shelf.put(sent)
    shelf.put(came)
    assert shelf.maybe(1) is shelf.maybe_outgoing(1) is sent
    assert shelf.maybe_incoming(2) is came
    assert (shelf.maybe_incoming(1), shelf.maybe_outgoing(2), shelf.maybe(3)) == (None, None, None)
    assert shelf.maybe_with(PEER.key, bytes([1]) * 16, Role.SENDER) is sent
    assert shelf.maybe_with(PEER.key, bytes([1]) * 16, Role.RECEIVER) is came
    assert shelf.maybe_with(b"e" * 32, bytes([1]) * 16, Role.SENDER) is None
    assert shelf.all() == [sent, came]
    assert shelf.incoming() == [came]


def test_what_was_cancelled_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of batches for us; what was declined or saved is not."""
    monkeypatch.setattr("tcpipclient.core.transfers.shelf.MOST_GIVEN_UP", 2)
    shelf = Shelf()
    ends = [BatchState.CANCELLED, BatchState.CANCELLED, BatchState.SAVED, BatchState.CANCELLED]
    for number, end in enumerate(ends):
        batch = IncomingBatch(number, bytes([number]) * 16, PEER, Peers(), lambda _: None, 0.0)
        shelf.put(batch)
        batch.end(end, "", 1.0)
        shelf.clear_up()
    assert [shelf.was_given_up(PEER.key, bytes([number]) * 16) for number in range(4)] == [False, True, False, True]


def test_of_what_is_over_the_last_ones_of_ours_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what is saved: that is not tried again."""
    monkeypatch.setattr("tcpipclient.core.transfers.shelf.MOST_OVER", 2)
    shelf = Shelf()
    batches = [ours(number) for number in range(1, 6)]
    for batch in batches:
        shelf.put(batch)
    for batch in batches[:3]:
        batch.end(BatchState.FAILED, "No.", 1.0)
    batches[3].end(BatchState.SAVED, "", 1.0)
    assert sorted(shelf.clear_up()) == [1, 4]
    assert shelf.all() == [batches[4]]
    assert shelf.maybe_take_over(1) is None
    assert shelf.maybe_take_over(2) is batches[1]
    assert shelf.maybe_take_over(2) is None
