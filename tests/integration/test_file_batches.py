"""Batches between real clients over a real hub on loopback: they arrive, by each way, and both ends say the same.

Threads: the hub's and the clients' own; pytest's main thread as their users.
"""

from pathlib import Path

import pytest

from tcpipclient import Accept
from tcpipclient.core.batch_events import BatchChanged, BatchState, WayKind
from tcpipclient.core.way_rule import WayRule
from tests.support.batch_clients import contents, make_tree, meeting

SECONDS = 20.0


@pytest.mark.parametrize("ways", list(WayRule))
def test_a_folder_arrives_as_it_was_by_each_way(tmp_path: Path, ways: WayRule) -> None:
    """With empty files and folders, and names of many scripts; both ends tell the same end, and where it is."""
    tree = make_tree(tmp_path / "source")
    with meeting(tmp_path) as hub:
        ann, bob = hub.join("Ann", ways=ways), hub.join("Bob", ways=ways)
        batch = ann.client.send_files([tree], bob.id)
        assert batch.wait(SECONDS) is BatchState.SAVED
        received = bob.ended(1)
        sent = ann.ended(batch.number)
        assert (received.state, received.saved, received.size) == (sent.state, sent.saved, sent.size)
        assert (sent.saved, sent.failed, batch.done, batch.size) == (7, 0, sent.size, sent.size)
        assert received.paths == (bob.downloads / tree.name,)
        assert bob.received() == contents(tree.parent)
        way = WayKind.HUB if ways is WayRule.HUB else WayKind.DIRECT
        assert {it.way for it in ann.heard.all(BatchChanged)} <= {way, None}
        # Only who has accepted something listens, and nobody where all goes through the hub.
        assert ann.client.listening_port == 0
        assert (bob.client.listening_port != 0) is (ways is not WayRule.HUB)


def test_what_is_declined_is_not_sent(tmp_path: Path) -> None:
    """Both ends say so, and the sender is shown why."""
    tree = make_tree(tmp_path / "source")
    with meeting(tmp_path) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob", Accept.ASK)
        batch = ann.client.send_files([tree], bob.id)
        offered = bob.offered()
        assert (offered.sender_name, [entry.name for entry in offered.top]) == ("Ann", [tree.name])
        bob.client.decline_batch(offered.transfer, "not today")
        assert batch.wait(SECONDS) is BatchState.DECLINED
        assert bob.ended(offered.transfer).state is BatchState.DECLINED
        assert "not today" in ann.ended(batch.number).reason
        assert not bob.downloads.exists()
