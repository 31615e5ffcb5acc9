"""What two clients say to each other about files through a whole hub, up to the way that it opens.

Threads: the hub's own, and pytest's main thread as every client.
"""

from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
    WayWanted,
)
from tests.support.running_hub import running_hub
from tests.support.tls_pairs import identity_of
from tests.support.way_pairs import TRANSFER, opened_way


def test_offers_and_answers_pass_with_their_true_sender() -> None:
    """Whole, to the one who is named, and to nobody else."""
    offered = FilesOffered(transfer=TRANSFER, totals=Totals(files=1, size=3), top=[TopEntry(EntryKind.FILE, "ä", 3)])
    with running_hub() as hub:
        ann, bob, eve = hub.join_modern("Ann"), hub.join_modern("Bob"), hub.join_modern("Eve")
        ann.send(offered, to=bob.id)
        frame, said = bob.wait_for_frame(FilesOffered)
        assert (frame.sender, frame.to, said) == (ann.id, bob.id, offered)
        bob.send(FilesAnswered(transfer=TRANSFER, accepted=True), to=ann.id)
        frame, _ = ann.wait_for_frame(FilesAnswered)
        assert frame.sender == bob.id
        ann.send(FilesCancelled(transfer=TRANSFER, why="no"), to=bob.id)
        assert bob.wait_for(FilesCancelled).why == "no"
        eve.echo()
        assert eve.count(FilesOffered) == eve.count(FilesAnswered) == eve.count(FilesCancelled) == 0


def test_who_cannot_hear_of_files_is_told_of() -> None:
    """One who has gone, and one on the classic wire."""
    with running_hub() as hub:
        ann, cid = hub.join_modern("Ann"), hub.join("Cid")
        for nobody in (cid.id, 4711):
            ann.send(FilesCancelled(transfer=TRANSFER), FilesAnswered(transfer=TRANSFER, accepted=True), to=nobody)
            frame, _ = ann.wait_for_frame(FilesCancelled)
            assert frame.sender == 0
            ann.want_way(nobody, TRANSFER, Role.SENDER)
            frame, refused = ann.wait_for_frame(WayRefused)
            assert (frame.sender, refused.transfer) == (0, TRANSFER)
            assert refused.why.endswith(".")
        ann.echo()
        assert (ann.count(FilesCancelled), ann.count(WayOpened)) == (2, 0)


def test_both_ends_are_told_of_each_other_when_both_want_a_way() -> None:
    """With one token, the other's key, and where he listens: first where the hub sees him."""
    with running_hub() as hub:
        ann, bob = hub.join_modern("Ann", identity_of("ann")), hub.join_modern("Bob", identity_of("bob"))
        ann.want_way(bob.id, TRANSFER, Role.SENDER, 10_001, ("192.0.2.1", "127.0.0.1"))
        bob.wait_for(WayWanted)
        bob.echo()
        assert bob.count(WayOpened) == 0
        bob.want_way(ann.id, TRANSFER, Role.RECEIVER)
        to_ann, to_bob = ann.wait_for(WayOpened), bob.wait_for(WayOpened)
        assert to_ann == WayOpened(
            transfer=TRANSFER,
            role=Role.SENDER,
            peer=bob.id,
            peer_key=identity_of("bob").fingerprint,
            token=to_bob.token,
            addresses=("127.0.0.1",),
        )
        assert to_bob == WayOpened(
            transfer=TRANSFER,
            role=Role.RECEIVER,
            peer=ann.id,
            peer_key=identity_of("ann").fingerprint,
            token=to_ann.token,
            port=10_001,
            addresses=("127.0.0.1", "192.0.2.1"),
        )
        assert opened_way(ann, bob)[0].token != to_ann.token
