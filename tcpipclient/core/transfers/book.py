"""The book of batches: what our user, the other ends, the hub, the ways and the pumps say, in; orders, out.

Owns which batches there are, and that what comes reaches the one that it is about. Must never open or send anything,
nor believe more of a peer than what he may say about his own batches. Pure: whoever uses it sees to it that one thread
at a time does; times are monotonic seconds.

After each call the caller carries out what `take_orders` gives, in its order, and calls `tick` when `due` has come.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

from commonlib.printable import printable
from commonlib.transfer.messages import TopEntry, Totals
from commonlib.wire.frames import HUB
from commonlib.wire.schema import LONGEST_REASON
from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
)
from tcpipclient.core.batch_events import BatchProblem, BatchState, WayKind
from tcpipclient.core.events import PacketIgnored
from tcpipclient.core.transfers.incoming import IncomingBatch
from tcpipclient.core.transfers.ongoing import OngoingBatch
from tcpipclient.core.transfers.orders import Forget, Order, Say, Tell
from tcpipclient.core.transfers.outgoing import OutgoingBatch
from tcpipclient.core.transfers.peers import Peer, Peers
from tcpipclient.core.transfers.pump_news import PumpNews
from tcpipclient.core.transfers.replies import Replies
from tcpipclient.core.transfers.said import SaidToOthers, TransferMessage
from tcpipclient.core.transfers.sentences import because
from tcpipclient.core.transfers.shelf import Shelf
from tcpipclient.core.transfers.turns import Turns
from tcpipclient.core.way_rule import WayRule

MOST_UNANSWERED = 64
"""Offers that our user has not answered, of all people together; what comes beyond is declined."""
MOST_UNANSWERED_EACH = 16
MOST_INCOMING = 256
"""Batches for us that are not over."""
MOST_INCOMING_EACH = 64
"""The same, of one sender."""
MOST_OFFERS_EACH = 256
"""Offers of one sender's in them: what each of them shows is remembered."""
MOST_DIRECT_FAILURES = 4
"""Attempts in a row that come to nothing, where only direct ways may be tried."""

_TOO_MANY = "too many offers wait for an answer there; try again when some are answered"
_UNKNOWN = "it is not known here any more; offer it again"
_GIVEN_UP = "it was cancelled there"
_IGNORED_TOLD_ONE_BY_ONE = 5


class TransferBook:
    """All batches of one client.

    Args:
        at_once: Batches of ours that run together.
        rule: By which ways connections may go.
        next_number: Gives each batch its number.
    """

    def __init__(self, at_once: int, next_number: Callable[[], int], rule: WayRule = WayRule.AUTO) -> None:
        self._orders: list[Order] = []
        self._peers = Peers()
        self._turns = Turns(at_once)
        self._next_number = next_number
        self._rule = rule
        self._shelf = Shelf()
        self._replies = Replies()
        self._ignored = 0

    def take_orders(self) -> list[Order]:
        """What is to be done; each is given once."""
        orders = self._orders.copy()
        self._orders.clear()
        return orders

    # The hub

    def find_hub(self, people: Iterable[Peer], now: float) -> None:
        """We are on a hub, with these people who have keys."""
        self._peers.find_hub(people)
        for batch in self._shelf.all():
            batch.find_hub()
            self._find(batch, now)
        self._advance(now)

    def lose_hub(self, now: float) -> None:
        """There is no hub any more."""
        self._peers.lose_hub()
        for batch in self._shelf.all():
            batch.lose_hub()
        self._advance(now)

    def put_peer(self, peer: Peer, now: float) -> None:
        """Somebody with a key came, or has another name."""
        self._peers.put(peer)
        for batch in self._shelf.all():
            if batch.peer.key == peer.key and (batch.peer.id == peer.id or not self._peers.is_here(batch.peer)):
                self._find(batch, now)
        self._advance(now)

    def remove_peer(self, person_id: int, now: float) -> None:
        """Somebody left."""
        self._peers.remove(person_id)
        for batch in self._shelf.all():
            if batch.peer.id == person_id:
                self._find(batch, now)
        self._advance(now)

    def receive(self, sender: int, message: TransferMessage, now: float) -> None:
        """What the hub has passed on, or says itself (sender 0)."""
        match message:
            case WayOpened():
                self._receive_opened(message, now)
            case WayRefused():
                self._receive_refused(message, now)
            case FilesCancelled() if sender == HUB:
                self._receive_unheard(message)
            case _:
                peer = self._peers.maybe_get(sender)
                if peer is None:
                    self._ignore("somebody who is not here, or has no key, speaks of files")
                else:
                    self._receive_from(peer, message, now)
        self._advance(now)

    # Our user

    def send(
        self, number: int, transfer: bytes, peer: Peer, paths: Sequence[PurePath], now: float, *, links: bool = False
    ) -> None:
        """Send files and folders to somebody; `transfer` is random."""
        batch = OutgoingBatch(number, transfer, peer, self._peers, self._orders.append, now, links=links)
        self._put(batch)
        batch.add(paths)
        self._turns.add(batch)
        self._find(batch, now)
        self._advance(now)

    def add(self, number: int, paths: Sequence[PurePath], now: float) -> bool:
        """Add to a batch of ours; False where it is over, or none of ours."""
        batch = self._shelf.maybe_outgoing(number)
        if batch is None:
            return False
        batch.add(paths)
        self._advance(now)
        return True

    def accept(self, number: int, now: float, offer: int | None = None) -> None:
        """Take what is offered; nothing where it was answered or is over."""
        batch = self._shelf.maybe_incoming(number)
        if batch is not None:
            batch.accept(offer, now)
        self._advance(now)

    def decline(self, number: int, why: str, now: float, offer: int | None = None, reason: str = "") -> None:
        """Do not take what is offered; nothing where it was answered or is over."""
        batch = self._shelf.maybe_incoming(number)
        if batch is not None:
            batch.decline(offer, why[:LONGEST_REASON], reason or "It was declined.", now)
        self._advance(now)

    def pause(self, number: int, now: float) -> None:
        """Let nothing of a batch flow until it is resumed."""
        batch = self._shelf.maybe(number)
        if batch is not None:
            batch.pause(now)
        self._advance(now)

    def resume(self, number: int, now: float) -> None:
        """End our own pause."""
        batch = self._shelf.maybe(number)
        if batch is not None:
            batch.resume(now)
        self._advance(now)

    def cancel(self, number: int, why: str, now: float) -> None:
        """Give a batch up; what was saved stays."""
        incoming = self._shelf.maybe_incoming(number)
        if incoming is not None and not incoming.needs_way:
            incoming.decline(None, why[:LONGEST_REASON], "It was declined.", now)
        batch = self._shelf.maybe(number)
        if batch is not None:
            batch.cancel(why[:LONGEST_REASON], "It was cancelled. What was saved stays.", now)
        self._advance(now)

    def retry(self, number: int, transfer: bytes, now: float) -> None:
        """Send again what has failed, or was declined or cancelled, behind all that waits; `transfer` is random."""
        batch = self._shelf.maybe_take_over(number)
        if batch is not None:
            self._orders.append(Forget(number))
            self.send(number, transfer, batch.peer, batch.paths, now, links=batch.links)

    def move(self, number: int, place: int, now: float) -> None:
        """Put a batch that waits at this place in the queue, from 1."""
        self._turns.move(number, place)
        self._advance(now)

    def close(self, now: float) -> None:
        """End all of them: this program is about to."""
        for batch in self._shelf.all():
            batch.say_cancelled("the program there was closed")
            batch.end(BatchState.CANCELLED, "This program was closed. Send it again: it goes on from there.", now)
        self._advance(now)

    # The shell

    def was_told(self, number: int, offer: int) -> None:
        """Our user was asked about an offer, as Consider ordered."""
        batch = self._shelf.maybe_incoming(number)
        if batch is not None:
            batch.was_told(offer)

    def scanned(
        self,
        number: int,
        offer: int,
        totals: Totals,
        top: Sequence[TopEntry],
        others: int,
        problems: Sequence[BatchProblem],
        now: float,
    ) -> None:
        """So much there is to be sent."""
        batch = self._shelf.maybe_outgoing(number)
        if batch is not None:
            batch.scanned(offer, totals, top, others, problems, now)
        self._advance(now)

    def scan_failed(self, number: int, offer: int, why: str, now: float) -> None:
        """It cannot be sent; `why` is a sentence."""
        batch = self._shelf.maybe_outgoing(number)
        if batch is not None:
            batch.scan_failed(offer, why, now)
        self._advance(now)

    def link_stands(self, transfer: bytes, role: Role, key: bytes, token: bytes, way: WayKind, now: float) -> bool:
        """A connection was made to the owner of this key; False where nobody needs it: it is to be closed.

        The token alone says nothing of whose it is: the hub gives it, and might give one to two batches.
        """
        batch = self._shelf.maybe_with(key, transfer, role)
        is_wanted = batch is not None and batch.search.is_of(token)
        if batch is not None and is_wanted:
            batch.link_stands(way, now)
        self._advance(now)
        return is_wanted

    def way_failed(self, token: bytes, why: str, now: float) -> None:
        """No connection came about."""
        batch = self._shelf.maybe_opening(token)
        if batch is not None:
            batch.way_failed(why, now)
        self._advance(now)

    def receive_news(self, number: int, pump: int, news: PumpNews, now: float) -> None:
        """What a pump tells."""
        batch = self._shelf.maybe(number)
        if batch is not None:
            batch.receive_news(pump, news, now)
        self._advance(now)

    @property
    def due(self) -> float | None:
        """When `tick` has something to do; None for never."""
        times = [batch.due for batch in self._shelf.all()]
        return min((time for time in (*times, self._turns.due) if time is not None), default=None)

    def tick(self, now: float) -> None:
        """Do what is due."""
        for batch in self._shelf.all():
            batch.tick(now)
        self._advance(now)

    def is_ongoing(self, number: int) -> bool:
        """Whether there is a batch of this number that is not over."""
        return self._shelf.maybe(number) is not None

    # What comes from others

    def _receive_from(self, peer: Peer, message: SaidToOthers, now: float) -> None:
        match message:
            case FilesOffered():
                self._receive_offered(peer, message, now)
            case FilesAnswered():
                self._receive_answered(peer, message, now)
            case FilesCancelled():
                self._receive_cancelled(peer, message, now)
            case _:
                batch = self._maybe_batch(peer, message.transfer, message.role.other)
                if batch is None:
                    self._reply(peer, FilesCancelled(transfer=message.transfer, why=_UNKNOWN), now)
                else:
                    batch.receive_wanted(now)

    def _receive_answered(self, peer: Peer, answer: FilesAnswered, now: float) -> None:
        batch = self._maybe_batch(peer, answer.transfer, Role.SENDER)
        reason = f"{printable(peer.name)} has declined it{because(printable(answer.why, LONGEST_REASON))}."
        if not isinstance(batch, OutgoingBatch) or not batch.receive_answer(answer, reason, now):
            self._ignore("an answer came to an offer that was not made, or was answered before")

    def _receive_offered(self, peer: Peer, message: FilesOffered, now: float) -> None:
        batch = self._maybe_batch(peer, message.transfer, Role.RECEIVER)
        is_new = not isinstance(batch, IncomingBatch)
        of_his = [it for it in self._shelf.incoming() if it.peer.key == peer.key]
        too_many = (
            sum(it.unanswered for it in self._shelf.incoming()) >= MOST_UNANSWERED
            or sum(it.unanswered for it in of_his) >= MOST_UNANSWERED_EACH
            or (is_new and len(of_his) >= MOST_INCOMING_EACH)
            or sum(it.offers for it in of_his) >= MOST_OFFERS_EACH
            or (is_new and len(self._shelf.incoming()) >= MOST_INCOMING)
        )
        if too_many and (not isinstance(batch, IncomingBatch) or batch.is_new(message.offer)):
            # Nothing of it is remembered.
            answer = FilesAnswered(transfer=message.transfer, offer=message.offer, accepted=False, why=_TOO_MANY)
            self._reply(peer, answer, now)
        elif isinstance(batch, IncomingBatch):
            if not batch.receive_offer(message):
                self._ignore("an offer came anew that was another before")
        elif self._shelf.was_given_up(peer.key, message.transfer):
            self._reply(peer, FilesCancelled(transfer=message.transfer, why=_GIVEN_UP), now)
        else:
            new = IncomingBatch(self._next_number(), message.transfer, peer, self._peers, self._orders.append, now)
            self._put(new)
            new.receive_offer(message)

    def _receive_cancelled(self, peer: Peer, message: FilesCancelled, now: float) -> None:
        batches = [self._maybe_batch(peer, message.transfer, role) for role in Role]
        why = printable(message.why, LONGEST_REASON)
        for batch in batches:
            if batch is not None:
                batch.receive_cancelled(f"{printable(peer.name)} has cancelled it{because(why)}.", now)

    def _receive_unheard(self, message: FilesCancelled) -> None:
        """The hub could not pass on what we said; whether he is still there, the roster says."""
        for batch in self._shelf.all():
            if batch.transfer == message.transfer and isinstance(batch, OutgoingBatch):
                batch.receive_unheard()

    def _receive_opened(self, opened: WayOpened, now: float) -> None:
        batch = self._shelf.maybe_with(opened.peer_key, opened.transfer, opened.role)
        if batch is None:
            self._ignore("a way was opened that is not wanted")
        elif any(it.search.uses(opened.token) for it in self._shelf.all() if it is not batch):
            self._ignore("a way was opened with the token of another one")
        else:
            batch.receive_opened(opened, now)

    def _receive_refused(self, refused: WayRefused, now: float) -> None:
        for batch in self._shelf.all():
            if batch.transfer == refused.transfer:
                batch.receive_refused(printable(refused.why, LONGEST_REASON), now)

    # Our own steps

    def _put(self, batch: OngoingBatch) -> None:
        batch.tries_direct = self._rule is not WayRule.HUB
        batch.most_failures = MOST_DIRECT_FAILURES if self._rule is WayRule.DIRECT else None
        self._shelf.put(batch)

    def _maybe_batch(self, peer: Peer, transfer: bytes, role: Role) -> OngoingBatch | None:
        """The batch of this name in which he is the other end; we go on with the connection that he speaks on."""
        batch = self._shelf.maybe_with(peer.key, transfer, role)
        if batch is not None and batch.peer != peer:
            batch.peer = peer
        return batch

    def _find(self, batch: OngoingBatch, now: float) -> None:
        """Look whether the other end of a batch is here."""
        peer = self._peers.maybe_found(batch.peer)
        if peer is not None:
            batch.meet(peer, now)
        elif self._peers.is_connected:
            batch.lose_peer(now)

    def _advance(self, now: float) -> None:
        """Take out what is over, and give those their turn that have one now."""
        self._orders += [Forget(number) for number in self._shelf.clear_up()]
        self._turns.advance(now)

    def _reply(self, peer: Peer, answer: FilesAnswered | FilesCancelled, now: float) -> None:
        """Answer somebody by ourselves, unless he has had too many such answers by now."""
        if self._replies.maybe_take(peer.key, now):
            self._orders.append(Say(peer.id, answer))

    def _ignore(self, detail: str) -> None:
        """The first few are told one by one, then only the 10th, 100th, 1000th …: nobody can flood a log."""
        self._ignored += 1
        if self._ignored <= _IGNORED_TOLD_ONE_BY_ONE or str(self._ignored).strip("0") == "1":
            self._orders.append(Tell(PacketIgnored(detail)))
