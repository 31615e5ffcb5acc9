"""The receiving machine: answers offers, asks for what it lacks, and tells what has become of each entry.

Owns which offers there are, what they have listed, and when all is settled (docs/protocol.md, "M9. Files"). Must
never touch a disk: it hands on judged entries and bytes, and is told what was saved. Memory is bounded by the window,
whatever is sent.
Pure; a machine belongs to one connection, and to one thread at a time.

A shell answers each event in its order: EntriesListed by `resume.plan` and `want` or `settle` for every entry,
FilesArrived and FileVerified by saving and `settle`. It reads from the socket only while little waits to be sent.
"""

from collections.abc import Iterable

from msgspec import Struct

from commonlib.transfer.arriving import Arriving
from commonlib.transfer.events import (
    ConnectionLost,
    EntriesListed,
    OfferCancelled,
    OfferEnded,
    OfferMade,
    PeerFinished,
    PeerSilent,
    ReceivingEvent,
)
from commonlib.transfer.lifeline import Lifeline
from commonlib.transfer.manifest import ManifestReader
from commonlib.transfer.messages import (
    MOST_OFFERS,
    WINDOW,
    Accept,
    Cancel,
    Decline,
    End,
    Manifest,
    Message,
    Offer,
    Outcome,
    Pause,
    Ping,
    Place,
    Progress,
    Resume,
    maybe_message,
)
from commonlib.transfer.resume import Prefix
from commonlib.transfer.states import OfferRecord, OfferState, Tally
from commonlib.transfer.stream import DataPiece, GivenUp, StreamCutter, TransferError, sendable


class _Received(Struct):
    record: OfferRecord
    reader: ManifestReader


class Receiving:
    """One connection on which files are received."""

    def __init__(self) -> None:
        self._cutter = StreamCutter()
        self._lifeline = Lifeline()
        self._events: list[ReceivingEvent] = []
        self._offers: list[_Received] = []
        self._arriving = Arriving(self._events)
        self._listing: _Received | None = None
        self._next_entry = 0
        self._told_received = 0
        self._has_ended = False

    # What the shell does.

    def accept(self, offer: int) -> None:
        """Agree to an offer: its manifest will come. Does nothing where it has been cancelled."""
        record = self._offers[offer].record
        if record.is_cancelled:
            return
        if record.is_answered:
            raise ValueError("the offer was answered already")
        record.accept()
        self._lifeline.say(Accept(offer=offer))

    def decline(self, offer: int, why: str = "") -> None:
        """Do not agree to an offer; the sender is shown `why`."""
        record = self._offers[offer].record
        if record.is_cancelled:
            return
        if record.is_answered:
            raise ValueError("the offer was answered already")
        record.decline()
        self._lifeline.say(Decline(offer=offer, why=sendable(why)))

    def want(self, entry: int, prefix: Prefix | None = None) -> None:
        """Ask for a listed file; with a prefix, from where its part is found good."""
        self._arriving.want(entry, prefix)

    def want_all(self, entries: Iterable[int]) -> None:
        """Ask for listed files from their beginnings: as `want` for each, in less time for many."""
        self._arriving.want_all(entries)

    def settle(self, entry: int, outcome: Outcome, place: Place = Place.NOWHERE, why: str = "") -> None:
        """Tell what has become of an entry for good; what of it is still on its way is passed over.

        A file is SAVED only after it was verified, and KEPT only if it was never asked for. Nothing happens where the
        offer was cancelled.
        """
        if outcome is Outcome.VERIFIED:
            raise ValueError("that a file is verified is the machine's to say")
        self._arriving.settle(entry, outcome, place, sendable(why))

    def settle_saved(self, entries: Iterable[int]) -> None:
        """Tell that verified files are saved under their own names: as `settle` for each, in less time for many."""
        self._arriving.settle_saved(entries)

    def pause(self) -> None:
        """Let no data flow until `resume`; what is on its way still comes."""
        self._lifeline.pause()

    def resume(self) -> None:
        """End our own pause; the other end's may go on."""
        self._lifeline.resume()

    def cancel(self, offer: int, why: str = "") -> None:
        """Give up an offer, with all of it that is not settled; does nothing when it has ended."""
        record = self._offers[offer].record
        if not record.has_ended:
            self._cancel(record, why)

    # What passes between the ends.

    @property
    def waiting(self) -> int:
        """About how many bytes wait to be sent."""
        return self._lifeline.waiting + 8 * len(self._arriving.notices)

    def data_to_send(self) -> bytes:
        """All that is to be sent now."""
        self._tell_notices()
        return self._lifeline.take_messages()

    def receive_data(self, data: bytes | bytearray | memoryview, *, may_leave: bool = False) -> int:
        """Take what came, in pieces of any size. Views in events are of this memory: use them before it changes.

        Args:
            may_leave: Not to take what is there of a small file at the end, when the rest is about to come.

        Returns:
            How many bytes at the end were not taken, and are to begin what is given next.

        Raises:
            TransferError: The other end broke a rule: the connection is of no further use, what was saved stays.
        """
        self._lifeline.pulse.hear()
        arriving, is_gone = self._arriving, self._is_gone
        for piece in self._cutter.receive_data(data, may_leave=may_leave):
            if isinstance(piece, DataPiece):
                arriving.receive_piece(piece, is_gone)
            elif isinstance(piece, GivenUp):
                arriving.receive_given_up(piece, is_gone)
            else:
                message = maybe_message(piece.type, piece.body)
                if message is not None:
                    self._receive(message)
        return self._cutter.left_over

    def receive_eof(self) -> None:
        """The connection has ended, or broke."""
        if not self._has_ended:
            self._events.append(ConnectionLost())

    def receive_tick(self, now: float) -> None:
        """Look at the time, monotonic seconds; to be called every second or so, and before waiting."""
        received = self._arriving.received
        if received != self._told_received:
            self._told_received = received
            self._lifeline.say(Progress(received=received))
        if self._lifeline.is_silent(now):
            self._events.append(PeerSilent())

    def events_received(self) -> list[ReceivingEvent]:
        """What has happened since the last call."""
        events = self._events.copy()
        self._events.clear()
        return events

    # How it stands.

    def state(self, offer: int) -> OfferState:
        """Where an offer stands."""
        return self._offers[offer].record.state(paused=self._lifeline.is_paused)

    def tally(self, offer: int) -> Tally:
        """What has become of an offer's entries so far; it changes as they do."""
        return self._offers[offer].record.tally

    # Messages that came.

    def _receive(self, message: Message) -> None:
        match message:
            case Manifest():
                self._receive_manifest(message)
            case Offer(offer=number):
                if number != len(self._offers) or number >= MOST_OFFERS:
                    raise TransferError("an offer does not have the next number, or there are too many")
                self._offers.append(_Received(OfferRecord(message), ManifestReader(message)))
                self._events.append(OfferMade(message))
            case Cancel(offer=number, why=why):
                self._receive_cancel(number, why)
            case Pause() | Resume():
                self._events.append(self._lifeline.receive(message))
            case End():
                if self._has_ended or len(self._arriving) or not all(it.record.has_ended for it in self._offers):
                    raise TransferError("the sender ended before everything was settled")
                self._has_ended = True
                self._lifeline.say(End())
                self._events.append(PeerFinished())
            case Ping():
                pass
            case _:
                raise TransferError(f"the sender sent a message of type {message.type.value}, which is the receiver's")

    def _receive_manifest(self, manifest: Manifest) -> None:
        if manifest.offer >= len(self._offers):
            raise TransferError("a manifest is of an offer that was not made")
        received = self._offers[manifest.offer]
        record, count = received.record, len(manifest.entries)
        if manifest.first != self._next_entry:
            raise TransferError("the numbers of entries are not in order")
        if self._listing is not None and self._listing is not received:
            raise TransferError("two manifests are mixed")
        if not record.is_answered or record.listing_ended:
            raise TransferError("a manifest came that was not agreed to, or went on behind its end")
        self._next_entry += count
        if len(self._arriving) + self._arriving.notices.freed + count > WINDOW:
            raise TransferError("more was listed than the window holds")
        record.listed(manifest.first, count, last=manifest.last)
        if record.is_cancelled:
            self._arriving.notices.freed += count
            return
        if not record.is_open:
            raise TransferError("a manifest is of an offer that was declined")
        self._listing = None if manifest.last else received
        entries = received.reader.read(manifest)
        self._arriving.add(entries, record)
        if entries:
            self._events.append(EntriesListed(entries))
        if record.is_settled:
            self._events.append(OfferEnded(manifest.offer))

    def _receive_cancel(self, offer: int, why: str) -> None:
        if offer >= len(self._offers):
            raise TransferError("an offer was cancelled that was not made")
        record = self._offers[offer].record
        if record.is_cancelled or record.state(paused=False) is OfferState.DECLINED:
            return  # Both ends gave it up at the same time, or our answer is on its way.
        if not record.is_settled:
            self._events.append(OfferCancelled(offer, why))
        self._cancel(record, "")

    # Our own steps.

    def _cancel(self, record: OfferRecord, why: str) -> None:
        """Say that no more will be told of an offer, behind all that there is to tell, and forget its entries."""
        self._tell_notices()
        record.cancel()
        self._lifeline.say(Cancel(offer=record.offer.offer, why=sendable(why)))
        self._arriving.cancel(record)
        if self._listing is not None and self._listing.record is record:
            self._listing = None

    def _is_gone(self, entry: int) -> bool:
        return any(it.record.is_cancelled and it.record.covers(entry) for it in self._offers)

    def _tell_notices(self) -> None:
        for message in self._arriving.notices.take():
            self._lifeline.say(message)
