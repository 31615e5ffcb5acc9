"""A sending and a receiving pump in one process, joined by real sockets with real TLS, and what they tell.

Owns the joining, the collecting of news and the bounded waiting for it. It must never look inside of a pump.
Threads: the test's own, the pumps', and one that shakes hands.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from commonlib.identity import Fingerprint
from commonlib.transfer.resume import Choices
from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import BatchProblem, WayKind
from tcpipclient.core.transfers.pump_news import (
    AgreedOffer,
    ProblemTold,
    PumpEnded,
    PumpNews,
    StateChanged,
    TopSaved,
    WayLost,
)
from tcpipclient.core.transfers.saved_entries import SavedEntries
from tcpipclient.net.clock import Clock, SystemClock
from tcpipclient.net.peer.link import PeerLink
from tcpipclient.net.peer.pump import Pump
from tcpipclient.net.peer.receiving_pump import ReceivingPump
from tcpipclient.net.peer.sending_pump import SendingPump
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.source_tree import ScannedOffer, scan
from tests.support.tls_pairs import any_client_context, server_context_of

WAIT_SECONDS = 10.0
SENDER = Fingerprint(bytes(range(32)))
RECEIVER = Fingerprint(bytes(range(32, 64)))

_News = TypeVar("_News", bound=PumpNews)


class News:
    """What one pump has told, in order."""

    def __init__(self) -> None:
        self._told: list[PumpNews] = []
        self._rounds = 0
        self._changed = threading.Condition()

    def tell(self, news: PumpNews) -> None:
        """Take news, from the pump's thread."""
        with self._changed:
            self._told.append(news)
            self._changed.notify_all()

    def of(self, kind: type[_News]) -> list[_News]:
        """All news of one kind."""
        with self._changed:
            return [news for news in self._told if isinstance(news, kind)]

    def wait_for(self, wanted: Callable[[PumpNews], bool]) -> PumpNews:
        """The first news that is wanted, as soon as it is there."""

        def find() -> PumpNews | None:
            return next((news for news in self._told if wanted(news)), None)

        with self._changed:
            found = self._changed.wait_for(find, WAIT_SECONDS)
            assert found is not None, f"it was not told, only {self._told[-5:]}"
            return found

    def end(self) -> PumpEnded | WayLost:
        """The last news."""
        end = self.wait_for(lambda news: isinstance(news, PumpEnded | WayLost))
        assert isinstance(end, PumpEnded | WayLost)
        return end

    def let_go_round(self, pump: Pump) -> bool:
        """Wait until the pump has gone round at least once from now on; False when it has ended."""
        for _ in range(2):
            with self._changed:
                seen = self._rounds
            pump._command(self._count_round)
            with self._changed:
                deadline = time.monotonic() + WAIT_SECONDS
                while self._rounds == seen and not self._has_ended():
                    assert self._changed.wait(deadline - time.monotonic()), "the pump stands still"
                if self._has_ended():
                    return False
        return True

    def _count_round(self) -> None:
        with self._changed:
            self._rounds += 1
            self._changed.notify_all()

    def _has_ended(self) -> bool:
        return any(isinstance(news, PumpEnded | WayLost) for news in self._told)

    @property
    def problems(self) -> list[BatchProblem]:
        """What was not simply saved."""
        return [told.problem for told in self.of(ProblemTold)]

    @property
    def states(self) -> list[StateChanged]:
        """How the batch stood, one behind the other."""
        return self.of(StateChanged)

    @property
    def tops(self) -> list[Path]:
        """What stands at the top of the receiver's folder."""
        return [Path(told.path) for told in self.of(TopSaved)]


@dataclass(slots=True)
class PumpPair:
    """Both pumps of one connection, running."""

    sender: SendingPump
    receiver: ReceivingPump
    sent: News
    received: News

    def ends(self) -> tuple[PumpEnded | WayLost, PumpEnded | WayLost]:
        """How it ended at the sender and at the receiver."""
        ends = self.sent.end(), self.received.end()
        assert self.sender.join(WAIT_SECONDS)
        assert self.receiver.join(WAIT_SECONDS)
        return ends


def agreed(offer: ScannedOffer, saved: SavedEntries | None = None) -> AgreedOffer:
    """The offer as the receiver's user has accepted it; `saved` is what connections before this one have saved."""
    return AgreedOffer(offer.totals, offer.top, offer.others, saved or SavedEntries())


def connected_links(
    middle: Callable[[], tuple[socket.socket, socket.socket]] = socket.socketpair,
) -> tuple[PeerLink, PeerLink]:
    """The sender's and the receiver's link of one connection; `middle` gives the two ends of it."""
    ours, theirs = middle()
    made: list[ssl.SSLSocket] = []
    shaking = threading.Thread(
        target=lambda: made.append(server_context_of("peer").wrap_socket(theirs, server_side=True))
    )
    shaking.start()
    client = any_client_context().wrap_socket(ours)
    shaking.join(WAIT_SECONDS)
    return (
        PeerLink(client, WayKind.DIRECT, Role.SENDER, RECEIVER),
        PeerLink(made[0], WayKind.DIRECT, Role.RECEIVER, SENDER),
    )


def start_pair(
    offers: Sequence[ScannedOffer],
    folder: Path,
    *,
    choices: Choices | None = None,
    limiter: SpeedLimiter | None = None,
    links: tuple[PeerLink, PeerLink] | None = None,
    clock: Clock | None = None,
    finish: bool = True,
    saved: SavedEntries | None = None,
) -> PumpPair:
    """Start both pumps; with `finish` there will be no further offers. `saved` is of the first of them."""
    sending, receiving = links or connected_links()
    sent, received, clock = News(), News(), clock or SystemClock()
    sender = SendingPump(sending, offers, sent.tell, limiter or SpeedLimiter(), clock)
    accepted = [agreed(offer, None if number else saved) for number, offer in enumerate(offers)]
    receiver = ReceivingPump(receiving, accepted, folder, choices or Choices(links=True), received.tell, clock)
    if finish:
        sender.finish()
    sender.start()
    receiver.start()
    return PumpPair(sender, receiver, sent, received)


def send_paths(paths: Sequence[Path], folder: Path, **options: object) -> PumpPair:
    """Scan and send, to the end."""
    pair = start_pair([scan(paths, links=True)], folder, **options)  # type: ignore[arg-type]
    pair.ends()
    return pair
