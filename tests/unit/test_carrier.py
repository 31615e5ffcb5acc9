"""Carrying out orders: what is done without a hub, and with links and pumps that nobody needs any more.

Thread: pytest's main thread. With real connections: tests/integration/test_file_batches.py.
"""

from collections.abc import Callable
from pathlib import Path

from commonlib.wire.way_messages import FilesCancelled, Role, WayOpened
from tcpipclient.core.batch_events import BatchEnded, BatchState, WayKind
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import TransferBook
from tcpipclient.core.transfers.orders import Verb
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.net.clock import SystemClock
from tcpipclient.net.exchange.carrier import Carrier
from tcpipclient.net.exchange.disk import DiskLooks
from tcpipclient.net.peer.link import LinkStands, PeerLink, WayFailed
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tests.support.clock import NOW
from tests.support.stub_socket import StubSocket

BOB = Peer(2, b"b" * 32, "Bob")
TOKEN = bytes(32)


class AtOnce(DiskLooks):
    """Looks at the disk at once, unless what is to be looked at is to be kept for later."""

    def __init__(self) -> None:
        super().__init__("test")
        self.is_slow = self.is_broken = False
        self.later: list[Callable[[], None]] = []

    def look(self, job: Callable[[], None], fail: Callable[[], object]) -> None:
        if self.is_slow:
            self.later.append(job)
        elif self.is_broken:
            fail()
        else:
            job()


class Desk:
    """A carrier and its book; what is posted happens at once, until the exchange is closed."""

    def __init__(self) -> None:
        self.is_closed = False
        self.disk = AtOnce()
        self.told: list[object] = []
        self.considered: list[orders.Consider] = []
        self.book = TransferBook(3, lambda: 1)
        self.carrier = Carrier(
            self.book,
            SystemClock(),
            SpeedLimiter(),
            self.disk,
            self.post,
            consider=self.considered.append,
            tell=lambda order: self.told.append(order.event),
        )

    def post(self, call: Callable[[float], object]) -> bool:
        if not self.is_closed:
            call(NOW)
        return not self.is_closed

    def carry_out(self, *ordered: orders.Order) -> None:
        self.carrier.carry_out(ordered)
        while more := self.book.take_orders():
            self.carrier.carry_out(more)


def test_without_a_hub_nothing_is_said_and_no_way_is_made() -> None:
    """Whoever wanted the way is told that there is none."""
    desk = Desk()
    opened = WayOpened(transfer=bytes(16), role=Role.SENDER, peer=2, peer_key=BOB.key, token=TOKEN)
    desk.carry_out(
        orders.Say(2, FilesCancelled(transfer=bytes(16))),
        orders.WantWay(2, bytes(16), Role.SENDER),
        orders.Listen(),
        orders.OpenWay(opened),
        orders.GiveUpWay(bytes(16)),
        orders.DropLink(TOKEN),
        orders.TellPump(1, 1, Verb.LEAVE),
        orders.AddToPump(1, 1, 0),
        orders.Forget(1),
    )
    assert desk.carrier.listening_port == 0
    desk.carrier.use(None)
    desk.carrier.close()


def test_who_does_not_want_to_listen_does_not() -> None:
    """No ways are made for it."""
    desk = Desk()
    desk.carrier.may_listen = False
    desk.carry_out(orders.Listen())
    assert desk.carrier.listening_port == 0


def test_what_is_to_be_sent_is_looked_through(tmp_path: Path) -> None:
    """What is not there is the end of the batch."""
    desk = Desk()
    desk.book.find_hub([BOB], NOW)
    (tmp_path / "file").write_bytes(b"12345")
    desk.book.send(1, bytes(16), BOB, [tmp_path / "file"], NOW)
    desk.book.send(2, b"2" * 16, BOB, [tmp_path / "nothing"], NOW)
    desk.carry_out()
    ended = [event for event in desk.told if isinstance(event, BatchEnded)]
    assert [(event.transfer, event.state) for event in ended] == [(2, BatchState.FAILED)]
    assert desk.book.is_ongoing(1)


def test_a_look_that_fails_is_the_end_of_the_batch(tmp_path: Path) -> None:
    """With a sentence: else it would wait for ever."""
    desk = Desk()
    desk.book.find_hub([BOB], NOW)
    desk.disk.is_broken = True
    desk.book.send(1, bytes(16), BOB, [tmp_path], NOW)
    desk.carry_out()
    (ended,) = [event for event in desk.told if isinstance(event, BatchEnded)]
    assert ended.state is BatchState.FAILED
    assert "unexpected error" in ended.reason


def test_what_was_looked_through_for_an_earlier_try_counts_for_nothing(tmp_path: Path) -> None:
    """A batch that is cancelled and tried again keeps its number, and has all its files in one offer then."""
    desk = Desk()
    desk.book.find_hub([BOB], NOW)
    for name in "ab":
        (tmp_path / name).write_bytes(b"12345")
    desk.disk.is_slow = True
    desk.book.send(1, bytes(16), BOB, [tmp_path / "a"], NOW)
    desk.book.add(1, [tmp_path / "b"], NOW)
    desk.carry_out()
    desk.book.add(1, [tmp_path / "nothing"], NOW)
    desk.carry_out()
    desk.book.cancel(1, "", NOW)
    desk.carry_out()
    late, desk.disk.is_slow = list(desk.disk.later), False
    assert len(late) == 3
    (tmp_path / "nothing").write_bytes(b"12345")
    desk.book.retry(1, b"2" * 16, NOW)
    desk.carry_out()
    said = desk.carrier._scanned[1, 0]
    assert said.totals.files == 3
    for job in late:
        job()
        desk.carry_out()
    assert list(desk.carrier._scanned.values()) == [said]
    assert desk.book.is_ongoing(1)
    desk.carry_out(orders.Forget(1))
    assert not desk.carrier._scanned


def test_a_link_that_nobody_needs_is_closed() -> None:
    """And so is one that nobody came to use when all ends."""
    desk = Desk()
    sockets = [StubSocket(), StubSocket()]
    news = [
        LinkStands(bytes(16), bytes([number]) * 32, PeerLink(socket, WayKind.DIRECT, Role.SENDER, BOB.key))  # type: ignore[arg-type]
        for number, socket in enumerate(sockets)
    ]
    desk.carrier._receive_way(news[0])
    desk.carry_out()
    assert sockets[0].is_closed
    desk.carrier._links[news[1].token] = news[1].link
    desk.carrier._receive_way(WayFailed(bytes(16), TOKEN, "No."))
    desk.carrier.close()
    assert sockets[1].is_closed


def test_a_link_that_comes_too_late_is_closed() -> None:
    """Nobody takes it any more: the exchange has closed meanwhile."""
    desk = Desk()
    desk.is_closed = True
    connected = StubSocket()
    link = PeerLink(connected, WayKind.DIRECT, Role.SENDER, BOB.key)  # type: ignore[arg-type]
    desk.carrier._receive_way(LinkStands(bytes(16), TOKEN, link))
    assert connected.is_closed
    desk.carrier._receive_way(WayFailed(bytes(16), TOKEN, "No."))
