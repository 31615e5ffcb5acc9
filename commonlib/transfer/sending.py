"""The sending machine: makes offers, lists what is in them, and sends what the receiver asks for.

Owns the entries that are listed and not settled, the order of the data, and what the receiver has said of each entry
(docs/protocol.md, "M9. Files"). Must never read a file or a folder: it says what to read, and where to. Memory is
bounded by the window, whatever is sent.
Pure; a machine belongs to one connection, and to one thread at a time.

A shell goes round in this order, and waits for the socket when nothing of it has anything to do:

    while (due := machine.entries_due) and ...: machine.add_entries(next of that offer)
    while read := machine.maybe_read(): machine.read_done(bytes read into read.into)
    while piece := machine.maybe_data_to_send(): send all of piece
    machine.receive_data(what came); act on machine.events_received(); machine.receive_tick(now)
"""

from collections.abc import Sequence

from msgspec import Struct

from commonlib.exceptions import FieldError
from commonlib.transfer.events import (
    ConnectionLost,
    EntriesSettled,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferEnded,
    PeerFinished,
    PeerSilent,
    Progressed,
    SendingEvent,
    Source,
)
from commonlib.transfer.lifeline import Lifeline
from commonlib.transfer.listing import EntriesDue, Listing, Refused
from commonlib.transfer.messages import (
    WINDOW,
    Accept,
    Cancel,
    Decline,
    End,
    Message,
    More,
    Pause,
    Ping,
    Progress,
    Resume,
    Settled,
    SettledRun,
    TopEntry,
    Totals,
    Want,
    Wanted,
    encode_message,
    maybe_message,
)
from commonlib.transfer.offering import Offering
from commonlib.transfer.outstanding import Outstanding
from commonlib.transfer.packing import Packing
from commonlib.transfer.reading import Reading
from commonlib.transfer.states import OfferRecord, OfferState, Tally
from commonlib.transfer.stream import MessageFrame, StreamCutter, TransferError, given_up_frame, sendable

MOST_WAITING = 1 << 20
"""Bytes of messages that wait to be sent; with more of them nothing further is listed."""


class Read(Struct, frozen=True, gc=False):
    """What the shell is to read next: as many bytes of the source as fit into `into`, from `offset` on."""

    source: Source
    offset: int
    into: memoryview


class Sending:
    """One connection on which files are sent."""

    def __init__(self) -> None:
        self._cutter = StreamCutter()
        self._packing = Packing()
        self._lifeline = Lifeline()
        self._events: list[SendingEvent] = []
        self._offers = Offering()
        self._listing = Listing()
        self._outstanding = Outstanding()
        self._read: Read | None = None
        self._read_of: Reading | None = None
        self._is_finishing = self._has_ended = self._is_over = False

    # What the shell does.

    def offer(self, totals: Totals, top: Sequence[TopEntry], others: int = 0) -> int:
        """Offer so much, of which `top` and `others` more stand at the top; returns the offer's number.

        Args:
            top: In the order of the manifest; as many as an offer can show will do.

        Raises:
            FieldError: It holds nothing, too much, or a name that is no text; or there were too many offers.
        """
        if self._is_finishing:
            raise FieldError("offer", "no more offers can be made on this connection")
        offer = self._offers.make(totals, top, others)
        self._lifeline.say(offer)
        self._offers.add(offer)
        return offer.offer

    @property
    def entries_due(self) -> EntriesDue | None:
        """Of which offer entries can be listed now, and how many; None when nothing can."""
        record = self._listing.current
        if record is None or not self._listing.most or self.waiting > MOST_WAITING:
            return None
        if len(self._outstanding.given_up) > WINDOW:
            return None
        return EntriesDue(record.offer.offer, self._listing.most)

    def add_entries(self, sources: Sequence[Source], *, last: bool = False) -> list[Refused]:
        """List the next entries of the offer that is due, at most as many as are; with `last` it has no more.

        Folders come before what is in them, and entries of one folder by `paths.order_key`. Those that do not fit into
        the manifest, or into what was offered, are returned; what is in a refused folder is refused with it.
        """
        due = self.entries_due
        if due is None or len(sources) > due.most:
            raise ValueError("no entries are due, or not so many")
        record = self._offers[due.offer]
        block, refused = self._listing.write(sources, last=last)
        self._outstanding.add(block.first, block.taken, record)
        for message in block.messages:
            self._lifeline.say(message)
        if last:
            self._maybe_tell_end(record)
        return refused

    def maybe_read(self) -> Read | None:
        """What to read next; None when nothing is asked for, somebody has paused, or all memory waits to be sent.

        Each read is answered with `read_done` or `read_failed` before the next one is asked for.
        """
        if self._read is not None:
            raise ValueError("the last read was not answered")
        outstanding = self._outstanding
        while not self._lifeline.is_paused:
            if outstanding.given_up and not self._flush_given_up():
                return None
            reading = outstanding.reading or outstanding.maybe_next()
            if reading is None:
                return None
            due = reading.due
            room = self._packing.maybe_room(due, begins=not reading.has_begun)
            if room is None:
                return None
            if due:
                self._read = Read(outstanding.source(reading.entry), reading.position, room)
                self._read_of = reading
                return self._read
            self._send(reading, room)
        return None

    def read_done(self, size: int) -> None:
        """The first `size` bytes of `into` were read; with 0 the file has ended before its time.

        After the last byte the shell compares the file's size and date with what was listed, and calls `read_failed`
        instead where it has changed. A read that other news have overtaken is passed over.
        """
        read, reading = self._read, self._read_of
        if read is None or reading is None or not 0 <= size <= len(read.into):
            raise ValueError("nothing was to be read, or not so much")
        if not size:
            self.read_failed("it became shorter while it was being sent")
            return
        self._read = None
        if reading is self._outstanding.reading:
            data = read.into[:size]
            if reading.is_comparing:
                reading.compare(data)
            else:
                self._send(reading, data)

    def read_failed(self, why: str) -> None:
        """The file that was to be read cannot be, or is another by now; `why` is told to the receiver."""
        if self._read is None:
            raise ValueError("nothing was to be read")
        self._read = None
        if self._read_of is self._outstanding.reading:
            self._outstanding.fail_reading(why)

    def pause(self) -> None:
        """Let no data flow until `resume`."""
        self._lifeline.pause()

    def resume(self) -> None:
        """End our own pause; the other end's may go on."""
        self._lifeline.resume()

    def cancel(self, offer: int, why: str = "") -> None:
        """Give up an offer, with all of it that is not settled; does nothing when it has ended."""
        record = self._offers[offer]
        if record.has_ended:
            return
        self._lifeline.say(Cancel(offer=offer, why=sendable(why)))
        self._offers.give_up(record)
        self._cancel(record)

    def finish(self) -> None:
        """No more offers will be made: when all is settled the other end is told, and says so in its turn."""
        self._is_finishing = True

    # What passes between the ends.

    @property
    def waiting(self) -> int:
        """Bytes of messages that wait to be sent."""
        return self._lifeline.waiting

    def maybe_data_to_send(self) -> bytes | memoryview | None:
        """The next bytes to send, whole and in order; a view's memory is used again from the next call on."""
        self._flush_given_up()
        if self._lifeline.waiting:
            return self._lifeline.take_messages()
        piece = self._packing.maybe_piece(unfinished=self._read is None)
        if piece is not None:
            self._lifeline.pulse.send()
        elif self._can_end():
            self._has_ended = True
            return encode_message(End())
        return piece

    def receive_data(self, data: bytes | memoryview) -> None:
        """Take what came, in pieces of any size.

        Raises:
            TransferError: The other end broke a rule: the connection is of no further use.
        """
        self._lifeline.pulse.hear()
        for piece in self._cutter.receive_data(data):
            if not isinstance(piece, MessageFrame):
                raise TransferError("the receiver sent data of files")
            message = maybe_message(piece.type, piece.body)
            if message is not None:
                self._receive(message)

    def receive_eof(self) -> None:
        """The connection has ended, or broke."""
        if not self._is_over:
            self._events.append(ConnectionLost())

    def receive_tick(self, now: float) -> None:
        """Look at the time, monotonic seconds; to be called every second or so, and before waiting."""
        if self._lifeline.is_silent(now):
            self._events.append(PeerSilent())

    def events_received(self) -> list[SendingEvent]:
        """What has happened since the last call."""
        events, self._events = self._events, []
        return events

    # How it stands.

    def state(self, offer: int) -> OfferState:
        """Where an offer stands."""
        return self._offers[offer].state(paused=self._lifeline.is_paused)

    def tally(self, offer: int) -> Tally:
        """What has become of an offer's entries so far; it changes as they do."""
        return self._offers[offer].tally

    @property
    def spared(self) -> int:
        """Bytes that were not sent, as they were found good in parts at the receiver."""
        return self._packing.spared

    # Messages that came.

    def _receive(self, message: Message) -> None:
        match message:
            case More(entries=entries):
                self._receive_more(entries)
            case Wanted(items=items):
                self._receive_wanted(items)
            case Settled(items=runs):
                self._receive_settled(runs)
            case Progress(received=received):
                self._events.append(Progressed(received))
            case Accept() | Decline() | Cancel():
                self._receive_answer(message)
            case Pause() | Resume():
                self._events.append(self._lifeline.receive(message))
            case End():
                if not self._has_ended:
                    raise TransferError("the receiver ended what the sender had not")
                self._is_over = True
                self._events.append(PeerFinished())
            case Ping():
                pass
            case _:
                raise TransferError(f"the receiver sent a message of type {message.type.value}, which is the sender's")

    def _receive_wanted(self, items: Sequence[Want]) -> None:
        for want in items:
            if not self._offers.of_run(want.first, want.count).is_cancelled:
                self._outstanding.want(want)

    def _receive_settled(self, runs: Sequence[SettledRun]) -> None:
        for run in runs:
            record = self._offers.of_run(run.first, run.count)
            numbers = range(run.first, run.first + run.count)
            sources = [self._outstanding.settle(number, run.outcome) for number in numbers]
            self._events.append(EntriesSettled(record.offer.offer, run.outcome, run.place, run.why, sources))
            self._maybe_tell_end(record)

    def _receive_more(self, entries: int) -> None:
        self._listing.room += entries
        if self._listing.room + len(self._outstanding) > WINDOW:
            raise TransferError("more entries were asked for than the window holds")

    def _receive_answer(self, message: Accept | Decline | Cancel) -> None:
        record = self._offers.asked(message.offer)
        match message:
            case Accept(offer=offer):
                if self._offers.receive_accept(record):
                    self._listing.add(record)
                    self._events.append(OfferAccepted(offer))
            case Decline(offer=offer, why=why):
                self._offers.receive_decline(record)
                self._events.append(OfferDeclined(offer, why))
            case Cancel(offer=offer, why=why):
                if self._offers.receive_cancel(record):
                    self._cancel(record)
                    self._events.append(OfferCancelled(offer, why))
                self._outstanding.forget(record)

    # Our own steps.

    def _cancel(self, record: OfferRecord) -> None:
        """Stop working on an offer; its entries are kept until the other end has told all that it knows of them."""
        record.cancel()
        self._listing.leave(record)
        self._outstanding.stop(record)

    def _send(self, reading: Reading, data: memoryview) -> None:
        """Put what was read into the stream."""
        offset = -1 if reading.has_begun else reading.position
        digest = reading.send(data)
        reading.has_begun = True
        self._packing.add_content(reading.entry, len(data), offset, digest)
        if digest:
            self._outstanding.finish_reading()

    def _flush_given_up(self) -> bool:
        """Put the ends of what will not come into the stream; False when there is no room for them."""
        given_up = self._outstanding.given_up
        while given_up and self._read is None:
            if not self._packing.maybe_add(given_up_frame(*given_up[0])):
                return False
            given_up.popleft()
        return not given_up

    def _maybe_tell_end(self, record: OfferRecord) -> None:
        if record.is_settled:
            self._events.append(OfferEnded(record.offer.offer))

    def _can_end(self) -> bool:
        if not self._is_finishing or self._has_ended or self._outstanding.given_up:
            return False
        return self._packing.is_empty and self._offers.are_over
