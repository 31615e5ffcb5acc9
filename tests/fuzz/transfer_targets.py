"""The machines of a transfer under attack: the stream, the manifest, and both ends.

Owns what each promises whatever it is fed with. It must never share anything with a machine's own code that the promise
is about. How frames are spoilt is told in tests/support/transfer_mutation.py.
Thread: the caller's own.
"""

import struct
from collections.abc import Sequence
from random import Random

from blake3 import blake3

from commonlib.safename import LONGEST_COMPONENT, collision_key, safe_name
from commonlib.transfer.events import FilesArrived, OfferEnded, OfferMade, ReceivingEvent
from commonlib.transfer.manifest import ManifestReader, shown_paths
from commonlib.transfer.messages import WINDOW, Manifest, Offer, maybe_message
from commonlib.transfer.resume import Choices
from commonlib.transfer.states import OfferState
from commonlib.transfer.stream import DataPiece, GivenUp, MessageFrame, StreamCutter, TransferError
from tests.support.fuzzing import divided_at_random
from tests.support.memory_transfer import MemoryReceiver, MemorySender
from tests.support.memory_tree import Link
from tests.support.transfer_mutation import HEADER, recorded, small_disk, small_tree, spoilt_frames

OFFER, MANIFEST = 1, 4
LARGEST_BODY = 1 << 20


def assert_safe(path: tuple[str, ...]) -> None:
    """Whatever a name was, it names an entry of its folder on every system."""
    for component in path:
        assert component not in ("", ".", "..")
        assert len(component.encode()) <= LONGEST_COMPONENT
        assert safe_name(component.removeprefix(".")).name == component.removeprefix(".")


class StreamTarget:
    """StreamCutter: any division gives the same, and what was cut is what was there."""

    name = "transfer-stream"

    def packets(self) -> Sequence[bytes]:
        """What both ends say."""
        return [*recorded()[0], *recorded()[1]]

    def attack(self, stream: bytes, random: Random) -> None:
        """Cut the stream whole and divided; put together again, both are the beginning of the stream."""
        whole, whole_failed = self._cut([stream])
        parts, parts_failed = self._cut(divided_at_random(stream, random))
        assert whole_failed is parts_failed
        # A stream that was refused in the whole has told nothing of what came before.
        if not whole_failed:
            assert b"".join(whole) == b"".join(parts)

    def _cut(self, chunks: Sequence[bytes]) -> tuple[list[bytes], bool]:
        cutter, told = StreamCutter(), list[bytes]()
        try:
            for chunk in chunks:
                for piece in cutter.receive_data(chunk):
                    match piece:
                        case MessageFrame(kind, body):
                            assert len(body) <= LARGEST_BODY
                            told.append(struct.pack("<H", kind) + body)
                        case GivenUp(entry, why):
                            told.append(struct.pack("<Q", entry) + why.encode())
                        case DataPiece(_, offset, content, digest):
                            told.append((struct.pack("<Q", offset) if offset != -1 else b"") + bytes(content) + digest)
        except TransferError:
            return told, True
        return told, False


class ManifestTarget:
    """Offer and manifest: paths are safe and no two alike; nothing goes beyond what was offered."""

    name = "manifest"

    def packets(self) -> Sequence[bytes]:
        """What a sender says about entries."""
        return [frame for frame in recorded()[0] if HEADER.unpack_from(frame)[1] in (OFFER, MANIFEST)]

    def attack(self, stream: bytes, random: Random) -> None:
        """Read each manifest that came against each offer that came."""
        frames = spoilt_frames(random, self.packets()) + spoilt_frames(random, self.packets())
        offers: list[Offer] = []
        for frame in frames:
            try:
                message = maybe_message(HEADER.unpack_from(frame)[1], frame[HEADER.size :])
            except TransferError:
                continue
            if isinstance(message, Offer):
                offers.append(message)
                assert all(map(assert_safe_at_top, shown_paths(message)))
            elif isinstance(message, Manifest) and offers:
                self._read(random.choice(offers), message)

    def _read(self, offer: Offer, manifest: Manifest) -> None:
        try:
            listed = ManifestReader(offer).read(manifest)
        except TransferError:
            return
        totals = offer.totals
        assert len(listed) <= totals.entries
        assert sum(entry.size for entry in listed) <= totals.size
        keys = [tuple(map(collision_key, entry.path)) for entry in listed]
        assert len(set(keys)) == len(keys)
        folders = {entry.path for entry in listed if entry.kind == 1}
        for entry in listed:
            assert_safe(entry.path)
            assert len(entry.path) == 1 or entry.path[:-1] in folders
            assert_stays_inside(entry.path, entry.target)
        shown = shown_paths(offer)
        tops = [entry.path for entry in listed if len(entry.path) == 1]
        assert tops[: len(shown)] == shown[: len(tops)]


def assert_safe_at_top(path: tuple[str, ...]) -> bool:
    """The same of what a prompt shows, where nothing may be hidden either."""
    assert_safe(path)
    return not path[0].startswith(".")


def assert_stays_inside(path: tuple[str, ...], target: str) -> None:
    """No step of a link leaves the folder at the top."""
    place = list(path[:-1])
    for component in target.split("/") if target else ():
        place = place[:-1] if component == ".." else [*place, component]
        assert place[:1] == [path[0]]


class WatchedReceiver(MemoryReceiver):
    """A receiver that holds what it is told against what it was told before."""

    def __init__(self, choices: Choices) -> None:
        self.disk = small_disk()
        self.ended: set[int] = set()
        self.offers = 0
        super().__init__(self.disk, choices)

    def _act(self, event: ReceivingEvent) -> None:
        if isinstance(event, OfferMade):
            self.offers += 1
        elif isinstance(event, FilesArrived):
            assert all(len(data) == self.listed[entry].size for entry, data in event.files)
        elif isinstance(event, OfferEnded):
            assert event.offer not in self.ended
            self.ended.add(event.offer)
        assert len(self.listed) <= WINDOW
        super()._act(event)


class ReceivingTarget:
    """Receiving: a lying sender writes only what hashes right, only in safe places, and ends an offer once."""

    name = "receiving"

    def packets(self) -> Sequence[bytes]:
        """What a sender says."""
        return recorded()[0]

    def attack(self, stream: bytes, random: Random) -> None:
        """Follow a stream that is spoilt in its bytes, or one that lies in good form."""
        receiver = WatchedReceiver(Choices(links=True))
        receiver.answer = lambda _: random.choice((True, True, True, False, None))
        receiver.refuse = lambda _: None if random.randrange(6) else "no"
        # A frame at a time, as a rule: what is answered too late is broken off before anything has happened.
        frames = spoilt_frames(random, self.packets()) if random.randrange(10) else [stream]
        try:
            for frame in frames:
                for chunk in divided_at_random(frame, random):
                    receiver.incoming(chunk)
                    receiver.outgoing()
                if receiver.offers and not random.randrange(40):
                    receiver.machine.cancel(0)
        except TransferError:
            pass
        self._check(receiver, b"".join(frames))

    def _check(self, receiver: WatchedReceiver, stream: bytes) -> None:
        for path, node in receiver.disk.nodes.items():
            assert_safe(path)
            if isinstance(node, Link):
                assert_stays_inside(path, node.target)
            elif node is not None and node.content != b"other":
                assert blake3(node.content).digest() in stream, "it was verified"


class SendingTarget:
    """Sending: a lying receiver is sent nothing that was not offered, and gets told an end once at most."""

    name = "sending"

    def packets(self) -> Sequence[bytes]:
        """What a receiver says."""
        return recorded()[1]

    def attack(self, stream: bytes, random: Random) -> None:
        """Answer an honest sender's work with what is spoilt."""
        sender = MemorySender(small_tree())
        sender.machine.finish()
        frames = spoilt_frames(random, self.packets()) if random.randrange(10) else [stream]
        sent = 0
        try:
            for frame in frames:
                for chunk in divided_at_random(frame, random):
                    sender.incoming(chunk)
                    sent += len(sender.outgoing())
        except TransferError:
            pass
        assert sent < 3 * 4096, "three tries of a small tree are little"
        tally = sender.machine.tally(0)
        assert tally.settled <= tally.listed <= 6
        assert sum(isinstance(event, OfferEnded) for event in sender.events) <= 1
        if sender.machine.state(0) is OfferState.SAVED:
            assert not tally.failed
            assert tally.settled == tally.listed
