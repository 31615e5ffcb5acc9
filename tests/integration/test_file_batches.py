"""Batches between real clients over a real hub on loopback: they arrive, by each way, and both ends say the same.

Threads: the hub's and the clients' own; pytest's main thread as their users.
"""

from pathlib import Path

import pytest

from commonlib.classic.file_layouts import FileStartPacket
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tcpipclient import Accept, Conflict, FileSaved, FileSent, UnsendableFileError
from tcpipclient.core.batch_events import BatchChanged, BatchState, WayKind
from tcpipclient.core.way_rule import WayRule
from tests.support.batch_clients import contents, make_tree, meeting
from tests.support.classic_client import ClassicClient

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


def test_to_the_classic_wire_files_go_one_by_one(tmp_path: Path) -> None:
    """By the article's packets; the batch is saved when their receiver has said so of each. A folder is refused."""
    files = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path in files:
        path.write_bytes(path.name.encode())
    with meeting(tmp_path) as hub, ClassicClient(hub.server.port) as cid:
        cid.register("Cid")
        ann = hub.join("Ann")
        with pytest.raises(UnsendableFileError, match="pack it into an archive"):
            ann.client.send_files([tmp_path], cid.id)
        batch = ann.client.send_files(files, cid.id)
        for path in files:
            start = FileStartPacket.decode(cid.wait_for(PacketType.FILE_START))
            assert start.name == path.name
            cid.wait_for(PacketType.FILE_END)
            done = DataPacket(PacketType.DONE_RECEIVING_FILE, id_to=ann.id, text_a=start.name)
            cid.send(done.encode())
        assert batch.wait(SECONDS) is BatchState.SAVED
        assert [it.name for it in ann.heard.all(FileSent)] == ["a.txt", "b.txt"]


def test_what_a_classic_sender_sends_comes_as_single_files(tmp_path: Path) -> None:
    """As before, beside the batches of others."""
    with meeting(tmp_path) as hub, ClassicClient(hub.server.port) as cid:
        cid.register("Cid")
        bob = hub.join("Bob")
        start = FileStartPacket(
            PacketType.FILE_START, id_to=bob.id, file_id=7, file_size=5, name="old.txt", first_part=b"12345"
        )
        end = FileStartPacket(PacketType.FILE_END, id_to=bob.id, file_id=7, file_size=5)
        cid.send(start.encode() + end.encode())
        assert bob.heard.wait_for(FileSaved).name == "old.txt"
        assert (bob.downloads / "old.txt").read_bytes() == b"12345"


def test_an_offer_tells_what_is_there_and_how_much_room(tmp_path: Path) -> None:
    """And what is there is kept, or taken the place of, as its receiver chooses; links are made where he wants them."""
    tree = make_tree(tmp_path / "source")
    single = tmp_path / "single.txt"
    single.write_bytes(b"new")
    with meeting(tmp_path) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob", Accept.ASK)
        bob.downloads.mkdir()
        (bob.downloads / "single.txt").write_bytes(b"old")
        batch = ann.client.send_files([tree, single], bob.id)
        offered = bob.offered()
        assert {entry.name: entry.is_there for entry in offered.top} == {tree.name: False, "single.txt": True}
        assert offered.room is not None
        assert offered.room > 0
        bob.client.accept_batch(1, conflict=Conflict.REPLACE)
        assert batch.wait(SECONDS) is BatchState.SAVED
        assert (bob.downloads / "single.txt").read_bytes() == b"new"


def test_a_batch_can_be_kept_elsewhere(tmp_path: Path) -> None:
    """For this time, in a folder that is made."""
    tree = make_tree(tmp_path / "source")
    with meeting(tmp_path) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob", Accept.ASK)
        batch = ann.client.send_files([tree], bob.id)
        bob.offered()
        bob.client.accept_batch(1, folder=tmp_path / "else" / "where")
        assert batch.wait(SECONDS) is BatchState.SAVED
        assert contents(tmp_path / "else" / "where") == contents(tree.parent)
        assert not bob.downloads.exists()
