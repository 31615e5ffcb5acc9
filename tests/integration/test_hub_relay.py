"""Ways between two clients: introduced by the hub, and through it, with real sockets.

Threads: the hub's own, one that feeds a half of a way, and pytest's main thread as every client.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

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
from tcpipserver.config import ServerConfig
from tcpipserver.hub.limits import Limits
from tests.support.clock import FakeClock
from tests.support.modern_client import ModernClient
from tests.support.running_hub import RunningHub, running_hub
from tests.support.tls_pairs import identity_of

TRANSFER = bytes(range(16))
CHUNK = 64 << 10


@dataclass
class Pair:
    """Two who want to pass files to each other.

    Attributes:
        ann, bob: On the hub; she sends.
        to_ann, to_bob: What each was told of the way.
    """

    hub: RunningHub
    ann: ModernClient
    bob: ModernClient
    to_ann: WayOpened
    to_bob: WayOpened

    def half(self, opened: WayOpened, behind: bytes = b"") -> socket.socket:
        """A further connection, as one half of the way."""
        return self.hub.connect_modern().join_relay(opened, behind)

    def both_halves(self) -> tuple[socket.socket, socket.socket]:
        """Ann's and Bob's, joined."""
        return self.half(self.to_ann), self.half(self.to_bob)


def opened_way(ann: ModernClient, bob: ModernClient, transfer: bytes = TRANSFER) -> tuple[WayOpened, WayOpened]:
    """Both want a way; what each is told."""
    ann.want_way(bob.id, transfer, Role.SENDER)
    bob.wait_for(WayWanted)
    bob.want_way(ann.id, transfer, Role.RECEIVER)
    return ann.wait_for(WayOpened), bob.wait_for(WayOpened)


@contextmanager
def pair_on_hub(limits: Limits | None = None, clock: FakeClock | None = None) -> Iterator[Pair]:
    """A hub on which Ann and Bob have a way open."""
    with running_hub(ServerConfig(limits=limits or Limits()), clock=clock) as hub:
        ann, bob = hub.join_modern("Ann", identity_of("ann")), hub.join_modern("Bob", identity_of("bob"))
        yield Pair(hub, ann, bob, *opened_way(ann, bob))


def read(half: socket.socket, size: int) -> bytes:
    """Exactly so many bytes, or all until the end."""
    taken = bytearray()
    while len(taken) < size and (data := half.recv(size - len(taken))):
        taken += data
    return bytes(taken)


def is_ended(half: socket.socket) -> bool:
    """Whether the hub ends this connection without another byte."""
    try:
        return half.recv(1) == b""
    except ConnectionError:
        return True


# What is said before


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


# Through the hub


def test_bytes_pass_both_ways_at_once_whatever_is_cut_where() -> None:
    """From the first byte behind each RelayJoin to the last one before the end."""
    random = Random(5)
    there, back = random.randbytes(3 << 20), random.randbytes(1 << 20)
    with pair_on_hub() as pair:
        half_of_ann = pair.half(pair.to_ann, behind=there[:1000])
        half_of_bob = pair.half(pair.to_bob, behind=back[:1])

        def send(half: socket.socket, data: bytes) -> None:
            random_cuts = Random(7)
            while data:
                size = random_cuts.randint(1, CHUNK)
                half.sendall(data[:size])
                data = data[size:]
            half.shutdown(socket.SHUT_WR)

        senders = [
            threading.Thread(target=send, args=(half_of_ann, there[1000:])),
            threading.Thread(target=send, args=(half_of_bob, back[1:])),
        ]
        for thread in senders:
            thread.start()
        assert read(half_of_bob, len(there) + 1) == there
        assert read(half_of_ann, len(back) + 1) == back
        for thread in senders:
            thread.join()
        assert "Ann (1) sends files to Bob (2) through the hub" in pair.hub.log.wait_for("sends files")
        assert "4.2 MB passed" in pair.hub.log.wait_for("has ended sending files")
        status = pair.hub.service.picture().status
        assert (status.relays, status.relayed_bytes) == (0, len(there) + len(back))
