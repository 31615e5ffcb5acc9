"""Carrying out what the book of batches orders: messages, ways, pumps, looks at the disk, and what users are told.

Owns the links that are not used yet, the pumps, and what was scanned. Must never decide anything. Threads: the
exchange's alone, but for the news of pumps and ways, which is posted to it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from commonlib.exceptions import ChatError
from commonlib.storage.contexts import server_context
from commonlib.wire.way_messages import Role, WayWanted
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import TransferBook
from tcpipclient.core.transfers.orders import Order, Verb
from tcpipclient.core.transfers.pump_news import PumpEnded, PumpNews, WayLost
from tcpipclient.net.clock import Clock
from tcpipclient.net.exchange.disk import DiskLooks
from tcpipclient.net.exchange.hub_line import HubLine
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.peer.link import LinkStands, PeerLink, WayNews
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.source_tree import ScanGivenUpError, ScannedOffer, scan

if TYPE_CHECKING:
    from commonlib.transfer.resume import Choices
    from tcpipclient.net.peer.receiving_pump import ReceivingPump
    from tcpipclient.net.peer.sending_pump import SendingPump
    from tcpipclient.net.peer.ways import Ways

# What makes ways and what moves files is imported where it is first needed, as it costs as much as connecting: an offer
# can be on its way before, and who sends receives nothing.

Post = Callable[[Callable[[float], object]], bool]
"""Has something done on the exchange's thread, with the time then; False, and it does not, once that has closed."""

JOIN_SECONDS = 5.0
"""How long pumps that were told to leave are waited for, all together; they may be at a slow disk."""

_NOT_COUNTED = "An unexpected error has kept it from being looked through; the log has the details. Send it again."
_NO_WAY = "The part of the program that makes connections could not begin. Connect to the hub again."

_log = LateLogger(__name__)


class Keeping(Protocol):
    """Where a batch goes that was accepted."""

    @property
    def folder(self) -> Path:
        """For downloads."""
        ...

    @property
    def choices(self) -> "Choices":
        """What is done with names that are there, and with links."""
        ...


class Carrier:
    """Of one exchange.

    Args:
        post: Has something done on the exchange's thread.
        consider: Is given what was offered, for the user or his rule.
        tell: Is given what users are told.

    Attributes:
        may_listen: Whether the user has nothing against listening; what listens already goes on.
    """

    def __init__(
        self,
        book: TransferBook,
        clock: Clock,
        limiter: SpeedLimiter,
        disk: DiskLooks,
        post: Post,
        *,
        consider: Callable[[orders.Consider], None],
        tell: Callable[[orders.Tell], None],
    ) -> None:
        self.keeping: dict[int, Keeping] = {}
        self.may_listen = True
        self._book = book
        self._clock = clock
        self._limiter = limiter
        self._disk = disk
        self._post = post
        self._consider = consider
        self._tell = tell
        self._line: HubLine | None = None
        self._ways: Ways | None = None
        self._links: dict[bytes, PeerLink] = {}
        self._pumps: dict[tuple[int, int], SendingPump | ReceivingPump] = {}
        self._ending: list[SendingPump | ReceivingPump] = []
        self._scanning: dict[tuple[int, int], orders.Scan] = {}
        self._scanned: dict[tuple[int, int], ScannedOffer] = {}

    @property
    def listening_port(self) -> int:
        """Where others may connect to us; 0 where they may not."""
        return 0 if self._ways is None else self._ways.port

    def use(self, line: HubLine | None) -> None:
        """Speak by another connection to a hub from now on, or by none; ways are made by the one before no more."""
        was_listening = self.listening_port != 0
        if line is not None and self._ways is not None:
            self._ways.close()
            self._ways = None
        self._line = line
        if was_listening and line is not None:
            self._listen()

    def carry_out(self, ordered: Iterable[Order]) -> None:
        """Do all of it, in order."""
        for order in ordered:
            match order:
                case orders.Tell():
                    self._tell(order)
                case orders.Say(to, message):
                    if self._line is not None:
                        self._line.say(message, to)
                case orders.Scan():
                    self._scan(order)
                case orders.Consider():
                    self._consider(order)
                case orders.Forget(number):
                    self._forget(number)
                case orders.StartPump():
                    self._start_pump(order)
                case orders.TellPump():
                    self._tell_pump(order)
                case orders.AddToPump():
                    self._add_to_pump(order)
                case _:
                    self._carry_out_way(order)

    def close(self) -> None:
        """End all that runs, and wait for it."""
        if self._ways is not None:
            self._ways.close()
            self._ways = None
        pumps = [*self._pumps.values(), *self._ending]
        for pump in pumps:
            pump.leave()
        for link in self._links.values():
            link.close()
        self._links.clear()
        deadline = self._clock.now() + JOIN_SECONDS
        for pump in pumps:
            if not pump.join(max(deadline - self._clock.now(), 0.0)):
                _log.warning("a batch waits for a slow disk; its thread ends when that answers")

    # Ways

    def _carry_out_way(self, order: Order) -> None:
        match order:
            case orders.WantWay(to, transfer, role):
                self._want_way(to, transfer, role)
            case orders.Listen():
                self._listen()
            case orders.OpenWay(opened):
                ways = self._maybe_ways()
                if ways is None:
                    self._book.way_failed(opened.token, _NO_WAY, self._clock.now())
                else:
                    ways.open(opened)
            case orders.GiveUpWay(transfer):
                if self._ways is not None:
                    self._ways.give_up(transfer)
            case orders.DropLink(token):
                link = self._links.pop(token, None)
                if link is not None:
                    link.close()

    def _want_way(self, to: int, transfer: bytes, role: Role) -> None:
        port = self.listening_port
        addresses = self._ways.addresses if self._ways is not None and port else ()
        if self._line is not None:
            self._line.say(WayWanted(transfer=transfer, role=role, port=port, addresses=addresses), to)

    def _listen(self) -> None:
        ways = self._maybe_ways() if self.may_listen else None
        if ways is not None and not ways.port and self._line is not None:
            port = ways.start_listening()
            if port:
                self._line.announce_port(port)

    def _maybe_ways(self) -> "Ways | None":
        line = self._line
        if self._ways is None and line is not None and line.identity is not None:
            from tcpipclient.net.peer.ways import Ways

            identity = line.identity
            self._ways = Ways(
                identity,
                lambda: server_context(identity),
                line.hub_address,
                line.config.ways,
                self._clock,
                self._receive_way,
                listening_port=line.config.listening_port,
            )
        return self._ways

    def _receive_way(self, news: WayNews) -> None:
        """On a thread of the ways'."""

        def take(now: float) -> None:
            if isinstance(news, LinkStands):
                link = news.link
                if self._book.link_stands(news.transfer, link.role, link.peer, news.token, link.way, now):
                    self._links[news.token] = link
                else:
                    link.close()
            else:
                self._book.way_failed(news.token, news.why, now)

        if not self._post(take) and isinstance(news, LinkStands):
            news.link.close()

    # Pumps

    def _start_pump(self, order: orders.StartPump) -> None:
        self._ending = [pump for pump in self._ending if not pump.join(0.0)]
        number, serial = order.number, order.pump

        def tell(news: PumpNews) -> None:
            self._post(lambda now: self._receive_news(number, serial, news, now))

        link = self._links.pop(order.token)
        make = self._sending_pump if order.role is Role.SENDER else self._receiving_pump
        pump = make(order, link, tell)
        self._pumps[number, serial] = pump
        if order.paused:
            pump.pause()
        pump.start()

    def _sending_pump(
        self, order: orders.StartPump, link: PeerLink, tell: Callable[[PumpNews], None]
    ) -> "SendingPump | ReceivingPump":
        from tcpipclient.net.peer.sending_pump import SendingPump

        offers = [self._scanned[order.number, offer] for offer in order.offers]
        return SendingPump(link, offers, tell, self._limiter, self._clock)

    def _receiving_pump(
        self, order: orders.StartPump, link: PeerLink, tell: Callable[[PumpNews], None]
    ) -> "SendingPump | ReceivingPump":
        from tcpipclient.net.peer.receiving_pump import ReceivingPump

        keeping = self.keeping[order.number]
        return ReceivingPump(link, order.agreed, keeping.folder, keeping.choices, tell, self._clock)

    def _receive_news(self, number: int, serial: int, news: PumpNews, now: float) -> None:
        if isinstance(news, PumpEnded | WayLost):
            pump = self._pumps.pop((number, serial), None)
            if pump is not None:
                self._ending.append(pump)
        self._book.receive_news(number, serial, news, now)

    def _tell_pump(self, order: orders.TellPump) -> None:
        pump = self._pumps.get((order.number, order.pump))
        if pump is None:
            return
        from tcpipclient.net.peer.sending_pump import SendingPump

        match order.verb:
            case Verb.PAUSE:
                pump.pause()
            case Verb.RESUME:
                pump.resume()
            case Verb.CANCEL:
                pump.cancel(order.why)
            case Verb.LEAVE:
                pump.leave()
            case Verb.FINISH:
                if isinstance(pump, SendingPump):
                    pump.finish()

    def _add_to_pump(self, order: orders.AddToPump) -> None:
        pump = self._pumps.get((order.number, order.pump))
        if pump is None:
            return
        from tcpipclient.net.peer.sending_pump import SendingPump

        if isinstance(pump, SendingPump):
            pump.add(self._scanned[order.number, order.offer])
        elif order.agreed is not None:
            pump.add(order.agreed)

    # The disk

    def _scan(self, order: orders.Scan) -> None:
        self._scanning[order.number, order.offer] = order

        def look() -> None:
            try:
                paths = [Path(path) for path in order.paths]
                scanned = scan(
                    paths, links=order.links, wanted=lambda: self._disk.is_wanted and self._is_scanning(order)
                )
            except ScanGivenUpError:
                return
            except ChatError as error:
                why = str(error)
                self._post(lambda now: self._take_failure(order, why, now))
                return
            self._post(lambda now: self._take_scanned(order, scanned, now))

        self._disk.look(look, lambda: self._post(lambda now: self._take_failure(order, _NOT_COUNTED, now)))

    def _is_scanning(self, order: orders.Scan) -> bool:
        """Whether it is not forgotten: a batch that is tried again has its number, and is looked through anew."""
        return self._scanning.get((order.number, order.offer)) is order

    def _take_failure(self, order: orders.Scan, why: str, now: float) -> None:
        if self._is_scanning(order):
            self._book.scan_failed(order.number, order.offer, why, now)

    def _take_scanned(self, order: orders.Scan, scanned: ScannedOffer, now: float) -> None:
        if self._is_scanning(order):
            number, offer = order.number, order.offer
            self._scanned[number, offer] = scanned
            self._book.scanned(number, offer, scanned.totals, scanned.top, scanned.others, scanned.problems, now)

    def _forget(self, number: int) -> None:
        self.keeping.pop(number, None)
        self._scanning = {key: order for key, order in self._scanning.items() if key[0] != number}
        self._scanned = {key: scanned for key, scanned in self._scanned.items() if key[0] != number}
