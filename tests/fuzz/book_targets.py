"""The book of batches under attack: the hub and people on it say anything about files, in any order.

Owns what the book promises whatever comes. It must never share anything with the book that the promise is about.
Thread: the caller's own.
"""

from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import PurePosixPath
from random import Random

from commonlib.exceptions import ProtocolError
from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.wire.frames import FrameCutter
from commonlib.wire.messages import decode_message, encode_message
from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
    WayWanted,
)
from tcpipclient.core.batch_events import BatchEnded, BatchOffered, BatchState, WayKind
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import TransferBook
from tcpipclient.core.transfers.orders import Order
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.said import TransferMessage

_BOB, _EVE = Peer(2, b"b" * 32, "Bob"), Peer(3, b"e" * 32, "Eve")
_SENDERS = (0, _BOB.id, _EVE.id, _EVE.id, 9)
_OURS, _HERS, _UNKNOWN = (bytes([number]) * 16 for number in range(3))
_TOKENS = (bytes(32), bytes(range(32)))
_TOTALS, _TOP = Totals(files=1, size=3), [TopEntry(EntryKind.FILE, "a", 3)]
_MOST_QUESTIONS = 32
"""16 of each of two people."""


@cache
def good_frames() -> Sequence[bytes]:
    """All that can be said of a batch of ours to Bob, of one of Eve's, and of one that there is not."""
    said: list[TransferMessage] = []
    for transfer in (_OURS, _HERS, _UNKNOWN):
        said += [FilesOffered(transfer=transfer, offer=offer, totals=_TOTALS, top=_TOP) for offer in (0, 1)]
        said += [FilesAnswered(transfer=transfer, accepted=accepted) for accepted in (True, False)]
        said += [FilesCancelled(transfer=transfer, why="x"), WayRefused(transfer=transfer)]
        for role in Role:
            said += [WayWanted(transfer=transfer, role=role, port=9)]
            said += [
                WayOpened(transfer=transfer, role=role, peer=peer.id, peer_key=peer.key, token=token)
                for peer in (_BOB, _EVE)
                for token in _TOKENS
            ]
    return tuple(map(encode_message, said))


class BookTarget:
    """What is Bob's goes to Bob, nobody is spoken to who is not here, and nothing grows without end."""

    name = "book"

    def packets(self) -> Sequence[bytes]:
        """What comes over the hub."""
        return good_frames()

    def attack(self, stream: bytes, random: Random) -> None:
        """All of it comes, from anybody, while time passes, ways come about or not, and our user answers or not."""
        numbers, now = count(1), 0.0
        book = TransferBook(3, lambda: next(numbers))
        world = _World(book, random)
        book.find_hub([_BOB, _EVE], now)
        book.send(next(numbers), _OURS, _BOB, [PurePosixPath("a")], now)
        world.carry_out(now)
        try:
            frames = FrameCutter().receive_data(stream)
        except ProtocolError:
            return
        for frame in frames:
            now += random.choice((0.0, 0.0, 0.1, 1.0, 25.0))
            try:
                message = decode_message(frame)
            except ProtocolError:
                continue
            if isinstance(message, TransferMessage):
                book.receive(random.choice(_SENDERS), message, now)
            due = book.due
            if due is not None and due <= now:
                book.tick(now)
            world.carry_out(now)
            assert world.questions <= _MOST_QUESTIONS
        book.close(now)
        world.carry_out(now)
        assert book.due is None
        assert world.ended == world.known, "every batch has one end"


class _World:
    """What a shell would do, and what it must never be told to."""

    def __init__(self, book: TransferBook, random: Random) -> None:
        self.known: list[int] = [1]
        self.ended: list[int] = []
        self._book = book
        self._random = random
        self._links: dict[bytes, bytes] = {}
        self._keys = {1: _BOB.key}
        self._open: set[tuple[int, int]] = set()

    @property
    def questions(self) -> int:
        return len(self._open)

    def carry_out(self, now: float) -> None:
        """All orders, and those that come of them."""
        while ordered := self._book.take_orders():
            for order in ordered:
                self._carry_out(order, now)
        self.known.sort()
        self.ended.sort()

    def _carry_out(self, order: Order, now: float) -> None:
        match order:
            case orders.Scan(number, offer):
                self._book.scanned(number, offer, _TOTALS, _TOP, 0, (), now)
            case orders.Say(to) | orders.WantWay(to):
                assert to in (_BOB.id, _EVE.id)
            case orders.Consider(offered):
                if offered.transfer not in self.known:
                    self.known.append(offered.transfer)
                    self._keys[offered.transfer] = offered.sender_key
                self._ask(offered, now)
            case orders.OpenWay(opened):
                key = self._random.choice((_BOB.key, _EVE.key))
                transfer = self._random.choice((_OURS, _HERS, _UNKNOWN, opened.transfer))
                if self._book.link_stands(transfer, opened.role, key, opened.token, WayKind.DIRECT, now):
                    assert (key, transfer) == (opened.peer_key, opened.transfer)
                    self._links[opened.token] = key
            case orders.DropLink(token):
                del self._links[token]
            case orders.StartPump(number, token=token):
                assert self._links.pop(token) == self._keys[number], "a link to one carries what is another's"
            case orders.Tell(BatchEnded(transfer=number, state=state)):
                assert state in (BatchState.FAILED, BatchState.DECLINED, BatchState.CANCELLED)
                self.ended.append(number)
                self._open = {question for question in self._open if question[0] != number}
            case _:
                pass

    def _ask(self, offered: BatchOffered, now: float) -> None:
        """Our user sees it, and answers at once, or not at all."""
        number, offer = offered.transfer, offered.offer
        self._book.was_told(number, offer)
        match self._random.randrange(3):
            case 0:
                self._book.accept(number, now, offer)
            case 1:
                self._book.decline(number, "no", now, offer)
            case _:
                self._open.add((number, offer))
