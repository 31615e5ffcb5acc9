"""A member of a hub who sends files as no client of ours would: whatever a test has him say, in whatever order.

Owns his connections. It must never use the client's package: what both got wrong alike would not show. Every wait ends
at a deadline. Thread: the test's own.
"""

import os
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from blake3 import blake3

from commonlib.identity import Fingerprint
from commonlib.storage.keyfile import Identity
from commonlib.transfer.messages import (
    Accept,
    End,
    Entry,
    EntryKind,
    Manifest,
    Message,
    Offer,
    Outcome,
    Settled,
    TopEntry,
    Totals,
    Wanted,
    encode_message,
    maybe_message,
)
from commonlib.transfer.stream import HEADER, OFFSET, DataFlag, MessageFrame, StreamCutter, TransferType
from commonlib.wire.preface import Preface, way_proof_message
from commonlib.wire.way_messages import FilesAnswered, FilesOffered, Role, WayOpened
from tests.support.modern_client import SECONDS, ModernClient
from tests.support.tls_pairs import any_client_context

_Said = TypeVar("_Said", bound=Message)


class HostileStream:
    """A connection on which the receiver waits for files."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection
        self._cutter = StreamCutter()
        self._heard: list[Message] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def say(self, *messages: Message) -> None:
        """Send messages, in one go."""
        self.send_bytes(b"".join(map(encode_message, messages)))

    def send_bytes(self, data: bytes) -> None:
        """Send this, whatever it is."""
        self._connection.sendall(data)

    def send_file(self, entry: int, content: bytes, digest: bytes | None = None, offset: int = 0) -> None:
        """A file in one frame; its hash may be another's."""
        body = OFFSET.pack(offset) + content + (blake3(content).digest() if digest is None else digest)
        flags = DataFlag.BEGINS | DataFlag.ENDS
        self.send_bytes(HEADER.pack(len(body), TransferType.DATA, flags, entry) + body)

    def wait_for(self, kind: type[_Said]) -> _Said:
        """The next message of a kind; those before it are passed over."""
        while True:
            while self._heard:
                message = self._heard.pop(0)
                if isinstance(message, kind):
                    return message
            assert self._receive(), f"the connection ended before a {kind.__name__} came"

    def wait_for_end(self) -> list[Message]:
        """All that the receiver still says before it ends the connection."""
        while self._receive():
            pass
        return self._heard

    def settle(
        self, contents: Mapping[int, bytes], count: int, when_asked: Callable[[], object] = lambda: None
    ) -> dict[int, Outcome]:
        """Send what is asked for until so many entries have their outcome: what it is of each.

        Args:
            when_asked: Called each time before anything of it is sent.
        """
        outcomes: dict[int, Outcome] = {}
        while len(outcomes) < count:
            while not self._heard:
                assert self._receive(), f"the connection ended after {outcomes}"
            match self._heard.pop(0):
                case Wanted(items=items):
                    when_asked()
                    for item in items:
                        for entry in range(item.first, item.first + item.count):
                            self.send_file(entry, contents[entry])
                case Settled(items=runs):
                    for run in runs:
                        if run.outcome is not Outcome.VERIFIED:
                            outcomes |= dict.fromkeys(range(run.first, run.first + run.count), run.outcome)
        return outcomes

    def finish(self) -> None:
        """Come to the end in order."""
        self.say(End())
        self.wait_for(End)

    def _receive(self) -> bool:
        try:
            data = self._connection.recv(64 << 10)
        except (ConnectionError, ssl.SSLError):
            return False
        for piece in self._cutter.receive_data(data):
            assert isinstance(piece, MessageFrame)
            message = maybe_message(piece.type, piece.body)
            assert message is not None
            self._heard.append(message)
        return bool(data)


class HostileSender:
    """Such a member.

    Attributes:
        member: His connection to the hub.
    """

    def __init__(self, port: int, name: str = "Eve") -> None:
        self.member = ModernClient(port).register(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.member.close()

    @property
    def identity(self) -> Identity:
        return self.member.identity

    def offer(
        self, to: int, totals: Totals, top: Sequence[TopEntry], others: int = 0, transfer: bytes | None = None
    ) -> bytes:
        """Offer something to somebody; returns the transfer's name."""
        transfer = transfer or os.urandom(16)
        self.member.send(FilesOffered(transfer=transfer, totals=totals, top=list(top), others=others), to=to)
        return transfer

    def answered(self, transfer: bytes) -> FilesAnswered:
        """What the other one says to it."""
        return self.member.wait_for(FilesAnswered, lambda answer: answer.transfer == transfer)

    def opened(self, to: int, transfer: bytes) -> WayOpened:
        """Have the hub open a way to somebody who wants one, too."""
        self.member.want_way(to, transfer, Role.SENDER)
        return self.member.wait_for(WayOpened, lambda opened: opened.transfer == transfer)

    def open(self, to: int, transfer: bytes) -> HostileStream:
        """A direct connection to somebody who has accepted something."""
        opened = self.opened(to, transfer)
        return HostileStream(connected(opened, opened.role, self.identity))

    def begin(self, to: int, entries: Sequence[Entry], totals: Totals | None = None) -> HostileStream:
        """Offer entries to somebody who takes everything, come to the stream, and list them there."""
        totals, top = totals or totals_of(entries), top_of(entries)
        others = sum(not entry.depth for entry in entries) - len(top)
        transfer = self.offer(to, totals, top, others)
        assert self.answered(transfer).accepted
        stream = self.open(to, transfer)
        stream.say(Offer(offer=0, totals=totals, top=top, others=others))
        stream.wait_for(Accept)
        stream.say(Manifest(offer=0, first=0, entries=list(entries), last=True))
        return stream


def connected(
    opened: WayOpened,
    role: Role,
    identity: Identity,
    *,
    token: bytes | None = None,
    transfer: bytes | None = None,
    claimed: Fingerprint | None = None,
) -> ssl.SSLSocket:
    """A connection to where the other end listens, with TLS, and with a preface that may be another's.

    Args:
        claimed: Whose proof our own key is said to have signed.
    """
    plain = socket.create_connection(("127.0.0.1", opened.port), SECONDS)
    inside = any_client_context().wrap_socket(plain)
    name, shown = transfer or opened.transfer, token or opened.token
    message = way_proof_message(shown, name, role, Fingerprint(opened.peer_key), claimed or identity.fingerprint)
    inside.sendall(Preface(name, role, shown, identity.spki, identity.sign(message)).encode())
    return inside


def totals_of(entries: Sequence[Entry]) -> Totals:
    """As an honest sender would count."""
    counts = [sum(entry.kind is kind for entry in entries) for kind in EntryKind]
    return Totals(files=counts[0], folders=counts[1], links=counts[2], size=sum(entry.size for entry in entries))


def top_of(entries: Sequence[Entry]) -> list[TopEntry]:
    """As an honest sender would show it."""
    return [TopEntry(entry.kind, entry.name, entry.size) for entry in entries if not entry.depth][:64]
