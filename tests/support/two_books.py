"""Two books of batches with all that lies between them: a hub that brings them together, ways, and simple pumps.

Owns the passing on of orders, and the time. It must never decide anything that a book decides. Everything is on its way
until the test has it arrive, in any order that a network allows: `settle` has all of it arrive, `step` the next thing.
Thread: the test's own.
"""

from collections import deque
from collections.abc import Callable
from itertools import count
from pathlib import PurePosixPath
from random import Random

from commonlib.wire.way_messages import FilesOffered, Role, WayOpened, WayWanted
from tcpipclient.core.batch_events import BatchEnded, BatchEvent, BatchOffered, BatchState, WayKind
from tcpipclient.core.events import PacketIgnored
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import TransferBook
from tcpipclient.core.transfers.orders import Order
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.pump_news import PumpNews, WayLost
from tests.support.clock import NOW
from tests.support.simple_pumps import PumpEnd, Stream, top, totals


class BookEnd:
    """One book and what its shell would do."""

    def __init__(self, world: "TwoBooks", number: int, key: bytes = b"") -> None:
        self.world = world
        self.peer = Peer(number, key or bytes([number]) * 32, f"Person {number}")
        numbers = count(1)
        self.book = TransferBook(3, lambda: next(numbers))
        self.take_number: Callable[[], int] = lambda: next(numbers)
        self.ordered: list[Order] = []
        self.told: list[BatchEvent | PacketIgnored] = []
        self.pumps: dict[tuple[int, int], PumpEnd] = {}
        self.transfers: dict[int, bytes] = {}
        self.disk: dict[tuple[bytes, int], int] = {}
        self.sent: list[tuple[bytes, int, int]] = []
        self.is_connected = False
        self.accepts: bool | None = True
        self.is_listening = False

    @property
    def now(self) -> float:
        return self.world.now

    def do(self, act: Callable[[], object]) -> None:
        """Have something done with the book, and its orders carried out."""
        act()
        while ordered := self.book.take_orders():
            for order in ordered:
                self.ordered.append(order)
                self.world.carry_out(self, order)

    def send(self, name: str = "file") -> int:
        """Send a file to the other end; the number of the batch."""
        number, transfer = self.take_number(), self.world.random.randbytes(16)
        self.transfers[number] = transfer
        other = self.world.other(self)
        self.do(lambda: self.book.send(number, transfer, other.peer, [PurePosixPath(name)], self.now))
        return number

    def retry(self, number: int) -> None:
        """Send it again under another name."""
        self.transfers[number] = transfer = self.world.random.randbytes(16)
        self.do(lambda: self.book.retry(number, transfer, self.now))

    def take_news(self, pump: PumpEnd, news: PumpNews) -> None:
        """As PumpOwner."""
        number, serial = pump.order.number, pump.order.pump
        if pump.is_over:
            del self.pumps[number, serial]
        self.do(lambda: self.book.receive_news(number, serial, news, self.now))

    def do_later(self, act: Callable[[], None]) -> None:
        """As PumpOwner."""
        self.world.due.append(act)

    def link_stands(self, transfer: bytes, role: Role, token: bytes, way: WayKind) -> None:
        """A connection to the other end was made."""
        key = self.world.other(self).peer.key
        if not self.book.link_stands(transfer, role, key, token, way, self.now):
            self.world.drop(self, token)
        self.do(lambda: None)

    def events(self, number: int) -> list[BatchEvent]:
        """What was told of a batch."""
        return [it for it in self.told if not isinstance(it, PacketIgnored) and it.transfer == number]

    def states(self, number: int) -> list[BatchState]:
        """The states that it was in, as told."""
        return [it.state for it in self.events(number) if not isinstance(it, BatchOffered) and hasattr(it, "state")]

    def ended(self, number: int) -> BatchEnded:
        """How it ended."""
        (ended,) = [it for it in self.events(number) if isinstance(it, BatchEnded)]
        return ended


class TwoBooks:
    """Ann, who is 1, and Bob, who is 2, on one hub unless it is said otherwise."""

    def __init__(self, seed: int = 0, *, connected: bool = True) -> None:
        self.random = Random(seed)
        self.now = NOW
        self.due: deque[Callable[[], None]] = deque()
        self.streams: dict[bytes, Stream] = {}
        self.wishes: dict[tuple[int, bytes, Role], float] = {}
        self.ways_fail = False
        self.way = WayKind.DIRECT
        self.ann, self.bob = BookEnd(self, 1), BookEnd(self, 2)
        if connected:
            self.connect(self.ann)
            self.connect(self.bob)

    def other(self, end: BookEnd) -> BookEnd:
        """The one at the other end."""
        return self.bob if end is self.ann else self.ann

    # The hub

    def connect(self, end: BookEnd, new_id: int | None = None) -> None:
        """One of them comes to the hub, maybe under another id."""
        if new_id is not None:
            end.peer = Peer(new_id, end.peer.key, end.peer.name)
        end.is_connected = True
        other = self.other(end)
        here = [other.peer] if other.is_connected else []
        end.do(lambda: end.book.find_hub(here, self.now))
        if other.is_connected:
            other.do(lambda: other.book.put_peer(end.peer, self.now))

    def disconnect(self, end: BookEnd) -> None:
        """One of them loses the hub."""
        end.is_connected = False
        gone = end.peer.id
        self.wishes = {key: at for key, at in self.wishes.items() if key[0] != gone}
        end.do(lambda: end.book.lose_hub(self.now))
        other = self.other(end)
        if other.is_connected:
            other.do(lambda: other.book.remove_peer(gone, self.now))

    def restart_bob(self) -> None:
        """Bob's program is killed and started again; he is not on the hub yet."""
        self.disconnect(self.bob)
        for pump in list(self.bob.pumps.values()):
            pump.is_over = True
        self.bob = BookEnd(self, self.bob.peer.id, key=self.bob.peer.key)

    # Orders

    def carry_out(self, end: BookEnd, order: Order) -> None:
        """What a shell does, or puts on its way."""
        match order:
            case orders.Tell(event):
                end.told.append(event)
            case orders.Scan(number, offer, paths, _):
                name = paths[0].name
                self.due.append(
                    lambda: end.do(lambda: end.book.scanned(number, offer, totals(), top(name), 0, (), self.now))
                )
            case orders.Consider(offered):
                self.due.append(lambda: self._consider(end, offered))
            case orders.Say(to, message):
                self._send(end, to, message)
            case orders.WantWay(to, transfer, role):
                self._send(end, to, WayWanted(transfer=transfer, role=role))
                self._want(end, transfer, role)
            case orders.Listen():
                end.is_listening = True
            case orders.OpenWay(opened):
                self._open(end, opened)
            case orders.DropLink(token):
                self.drop(end, token)
            case orders.StartPump():
                self._start(end, order)
            case orders.TellPump(number, pump):
                self.due.append(lambda: self._command(end, number, pump, order))
            case orders.AddToPump(number, pump, offer, agreed):
                self.due.append(lambda: self._add(end, number, pump, offer, agreed))
            case _:
                pass

    def _consider(self, end: BookEnd, offered: BatchOffered) -> None:
        end.told.append(offered)
        end.do(lambda: end.book.was_told(offered.transfer, offered.offer))
        if end.accepts is True:
            end.do(lambda: end.book.accept(offered.transfer, self.now, offered.offer))
        elif end.accepts is False:
            end.do(lambda: end.book.decline(offered.transfer, "not now", self.now, offered.offer))

    def _send(self, end: BookEnd, to: int, message: object) -> None:
        if not end.is_connected:
            return
        sender = end.peer.id
        other = self.other(end)

        def arrive() -> None:
            if other.is_connected and other.peer.id == to:
                if isinstance(message, FilesOffered):
                    other.transfers.setdefault(0, message.transfer)
                other.do(lambda: other.book.receive(sender, message, self.now))  # type: ignore[arg-type]

        self.due.append(arrive)

    def _want(self, end: BookEnd, transfer: bytes, role: Role) -> None:
        if not end.is_connected:
            return
        other = self.other(end)
        said = self.wishes.pop((other.peer.id, transfer, role.other), None)
        if said is None or self.now - said > 30:
            self.wishes[end.peer.id, transfer, role] = self.now
            return
        token = self.random.randbytes(32)
        self.streams[token] = Stream(transfer)
        for told, his_role in ((end, role), (other, role.other)):
            self.due.append(lambda told=told, his_role=his_role: self._introduce(told, transfer, his_role, token))  # type: ignore[misc]

    def _introduce(self, end: BookEnd, transfer: bytes, role: Role, token: bytes) -> None:
        if end.is_connected:
            peer = self.other(end).peer
            opened = WayOpened(transfer=transfer, role=role, peer=peer.id, peer_key=peer.key, token=token)
            end.do(lambda: end.book.receive(0, opened, self.now))
        if role not in self.streams[token].opened:
            self._fail(self.other(end), token)

    def _open(self, end: BookEnd, opened: WayOpened) -> None:
        stream = self.streams[opened.token]
        stream.opened.add(opened.role)
        if self.ways_fail:
            self._fail(end, opened.token)
        elif opened.role is Role.SENDER:
            way = self.way
            self.due.append(lambda: end.link_stands(opened.transfer, opened.role, opened.token, way))

    def _fail(self, end: BookEnd, token: bytes) -> None:
        self.due.append(lambda: end.do(lambda: end.book.way_failed(token, "Nobody answered.", self.now)))

    def drop(self, end: BookEnd, token: bytes) -> None:
        """A link is closed that nobody has used: at the receiver it has stood since the sender began his stream."""
        for role, pump in list(self.streams[token].ends.items()):
            if pump.end is not end:
                self.streams[token].waiting[role].append(("eof", 0, None))
        self._fail(self.other(end), token)

    def _start(self, end: BookEnd, order: orders.StartPump) -> None:
        stream = self.streams[order.token]
        pump = PumpEnd(end, order, stream, agreed=list(order.agreed), paused=order.paused)
        assert not [key for key in end.pumps if key[0] == order.number], "two pumps of one batch"
        end.pumps[order.number, order.pump] = pump
        stream.ends[order.role] = pump
        if stream.is_cut:
            self.due.append(lambda: pump.tell(WayLost("It had broken.", pump.tally)))
            self._fail(self.other(end), order.token)
            return
        if order.role is Role.SENDER:
            for offer in order.offers:
                pump.offer(offer)
            other, way, transfer = self.other(end), self.way, self.streams[order.token].transfer
            self.due.append(lambda: other.link_stands(transfer, Role.RECEIVER, order.token, way))

    def _command(self, end: BookEnd, number: int, pump: int, order: orders.TellPump) -> None:
        running = end.pumps.get((number, pump))
        if running is not None:
            running.command(order)

    def _add(self, end: BookEnd, number: int, pump: int, offer: int, agreed: object) -> None:
        running = end.pumps.get((number, pump))
        if running is not None and agreed is not None:
            running.agreed.append(agreed)
        elif running is not None:
            running.offer(offer)

    # Time and order

    def step(self) -> bool:
        """Have one thing happen: the next of what is on its way by the hub, or any that is on a stream."""
        streams = [(stream, role) for stream in self.streams.values() for role in stream.deliverable]
        choices = len(streams) + bool(self.due)
        if not choices:
            return False
        chosen = self.random.randrange(choices)
        if chosen < len(streams):
            stream, role = streams[chosen]
            stream.deliver(role)
        else:
            self.due.popleft()()
        return True

    def settle(self) -> None:
        """Have everything happen that is on its way."""
        for _ in range(100_000):
            if not self.step():
                return
        raise AssertionError("it never comes to an end")

    def pass_time(self, seconds: float) -> None:
        """Let time pass, second by second or to what is due before, and have all happen that comes of it."""
        until = self.now + seconds
        while self.now < until:
            dues = [due for end in (self.ann, self.bob) if (due := end.book.due) is not None and due > self.now]
            self.now = min([*dues, self.now + 1.0, until])
            for end in (self.ann, self.bob):
                end.do(lambda end=end: end.book.tick(self.now))  # type: ignore[misc]
            self.settle()

    def cut(self) -> None:
        """Break every connection between the two."""
        for stream in self.streams.values():
            stream.cut()
