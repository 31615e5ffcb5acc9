"""Shells of the two machines of a transfer in memory, and the connection between them.

Owns what a shell does: walking, reading, writing, answering. It must never do for a machine what the machine promises.
Thread: the test's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Protocol

from commonlib.conflict import Conflict
from commonlib.transfer.events import (
    EntriesListed,
    FileBegan,
    FileDataArrived,
    FileFailed,
    FilesArrived,
    FileVerified,
    OfferAccepted,
    OfferMade,
    ReceivingEvent,
    SendingEvent,
    Source,
)
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind, Outcome, Place
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.resume import Choices, Fetch, LeaveOut, MakeFolder, MakeLink, OnDisk, Prefix, plan
from commonlib.transfer.sending import Read, Sending
from tests.support.memory_tree import Folder, top_of, totals_of, walk


class End(Protocol):
    """One end of a connection."""

    def outgoing(self) -> bytes:
        """All that it wants to send now."""
        ...

    def incoming(self, data: bytes) -> None:
        """Bytes that came for it."""
        ...


class Disk(Protocol):
    """What a receiver writes to."""

    def found(self, listed: Listed) -> OnDisk:
        """What is there of an entry."""
        ...

    def prefix(self, listed: Listed, offsets: tuple[int, ...]) -> Prefix:
        """The hash over a part."""
        ...

    def cut(self, listed: Listed, size: int) -> None:
        """Keep only the first bytes of a part; those that follow will come."""
        ...

    def write(self, listed: Listed, offset: int, data: bytes | memoryview) -> None:
        """Bytes of a file that is arriving."""
        ...

    def save(self, listed: Listed, conflict: Conflict, data: bytes | None = None) -> object:
        """Give a whole file its name; its bytes are those of its part, or `data`."""
        ...

    def make_folder(self, listed: Listed) -> None:
        """A folder, which may be there."""
        ...

    def make_link(self, listed: Listed) -> object:
        """A link."""
        ...


class MemorySender:
    """Sends folders.

    Attributes:
        machine: The machine at this end.
        events: All that it has told.
        spoil: Stands in for a disk that gives other bytes than it should; takes and returns what was read.
    """

    def __init__(self, *folders: Folder) -> None:
        self.machine = Sending()
        self.events: list[SendingEvent] = []
        self.spoil: Callable[[Read, bytes], bytes | None] = lambda _, data: data
        self._walks: dict[int, Iterator[Source]] = {}
        for folder in folders:
            self.offer(folder)

    def offer(self, folder: Folder) -> int:
        """Offer all that is in a folder."""
        number = self.machine.offer(totals_of(folder), top_of(folder))
        self._walks[number] = walk(folder)
        return number

    def outgoing(self) -> bytes:
        """List and read all that there is room for, and give what is to be sent."""
        machine = self.machine
        while due := machine.entries_due:
            sources = list(islice(self._walks[due.offer], due.most))
            assert not machine.add_entries(sources, last=len(sources) < due.most)
        sent: list[bytes] = []
        while True:
            while read := machine.maybe_read():
                self._read(read)
            piece = machine.maybe_data_to_send()
            if piece is None:
                return b"".join(sent)
            sent.append(bytes(piece))

    def incoming(self, data: bytes) -> None:
        """Take bytes, and note what they meant."""
        self.machine.receive_data(data)
        self.events += self.machine.events_received()

    def _read(self, read: Read) -> None:
        content = read.source.origin
        assert isinstance(content, bytes)
        data = self.spoil(read, content[read.offset : read.offset + len(read.into)])
        if data is None:
            self.machine.read_failed("it cannot be read")
            return
        read.into[: len(data)] = data
        self.machine.read_done(len(data))


class MemoryReceiver:
    """Receives into a disk.

    Attributes:
        machine: The machine at this end.
        events: All that it has told, without the bytes of files.
        listed: The entries by their numbers, as long as they are not saved.
        answer: Whether an offer is accepted; None leaves it unanswered.
        refuse: Why an entry cannot be saved; None where it can.
    """

    most_links = 100

    def __init__(self, disk: Disk, choices: Choices | None = None) -> None:
        self.machine = Receiving()
        self.events: list[ReceivingEvent] = []
        self.listed: dict[int, Listed] = {}
        self.answer: Callable[[OfferMade], bool | None] = lambda _: True
        self.refuse: Callable[[Listed], str | None] = lambda _: None
        self._disk = disk
        self._choices = choices or Choices()
        self._positions: dict[int, int] = {}
        self._links: list[Listed] = []

    def outgoing(self) -> bytes:
        """What is to be sent."""
        return self.machine.data_to_send()

    def incoming(self, data: bytes) -> None:
        """Take bytes, and act on what they meant."""
        self.machine.receive_data(data)
        while events := self.machine.events_received():
            for event in events:
                if not isinstance(event, FileDataArrived | FilesArrived):
                    self.events.append(event)
                self._act(event)
            self._make_links()

    def _act(self, event: ReceivingEvent) -> None:
        match event:
            case OfferMade(offer):
                answer = self.answer(event)
                if answer is not None:
                    (self.machine.accept if answer else self.machine.decline)(offer.offer)
            case EntriesListed(entries):
                for listed in entries:
                    self._plan(listed)
            case FileBegan(entry, offset):
                self._disk.cut(self.listed[entry], offset)
                self._positions[entry] = offset
            case FileDataArrived(entry, data):
                self._disk.write(self.listed[entry], self._positions[entry], data)
                self._positions[entry] += len(data)
            case FileVerified(entry):
                self._save(entry, None)
            case FilesArrived(files):
                for entry, data in files:
                    self._save(entry, bytes(data))
            case FileFailed(entry):
                del self.listed[entry]
            case _:
                pass

    def _plan(self, listed: Listed) -> None:
        self.listed[listed.number] = listed
        match plan(listed, self._disk.found(listed), self._choices):
            case Fetch(offsets):
                self.machine.want(listed.number, self._disk.prefix(listed, offsets))
            case MakeFolder():
                self._disk.make_folder(listed)
                self._settle(listed, Outcome.SAVED)
            case MakeLink():
                self._links.append(listed)
            case LeaveOut(outcome, place, why):
                self.machine.settle(listed.number, outcome, place, why)
                del self.listed[listed.number]

    def _save(self, entry: int, data: bytes | None) -> None:
        listed = self.listed[entry]
        why = self.refuse(listed)
        if why is None:
            self._disk.save(listed, self._choices.conflict, data)
            self._settle(listed, Outcome.SAVED)
        else:
            self.machine.settle(entry, Outcome.FAILED, Place.RECEIVER, why)
            del self.listed[entry]

    def _make_links(self) -> None:
        """Links come last, as far as there is room for those that wait."""
        others = any(listed.kind is not EntryKind.LINK for listed in self.listed.values())
        if len(self._links) > self.most_links or not others:
            for listed in self._links:
                self._disk.make_link(listed)
                self._settle(listed, Outcome.SAVED)
            self._links.clear()

    def _settle(self, listed: Listed, outcome: Outcome) -> None:
        self.machine.settle(listed.number, outcome)
        del self.listed[listed.number]


@dataclass(slots=True)
class Cut:
    """Where a connection breaks: after so many bytes from the sender, and so many from the receiver."""

    sent: int
    received: int


def join(sender: End, receiver: End, random: Random | None = None, cut: Cut | None = None) -> bool:
    """Carry bytes both ways until both ends are quiet; False when the connection broke before.

    With `random` they are carried in pieces of any size, in any order of the two directions.
    """
    waiting = {id(sender): bytearray(), id(receiver): bytearray()}
    left = {id(sender): cut.sent if cut else None, id(receiver): cut.received if cut else None}
    ways = [(sender, receiver), (receiver, sender)]
    while True:
        for end in (sender, receiver):
            if len(waiting[id(end)]) < 1 << 16:
                waiting[id(end)] += end.outgoing()
        open_ways = [way for way in ways if waiting[id(way[0])]]
        if not open_ways:
            return True
        source, target = random.choice(open_ways) if random else open_ways[0]
        stream = waiting[id(source)]
        size = min(len(stream), _piece_size(random))
        budget = left[id(source)]
        if budget is not None:
            size = min(size, budget)
            left[id(source)] = budget - size
        data = bytes(stream[:size])
        del stream[:size]
        if data:
            target.incoming(data)
        if left[id(source)] == 0:
            return False


def _piece_size(random: Random | None) -> int:
    return random.choice((1, 7, 24, 100, 1000, 4096, 65536, 1 << 20)) if random else 1 << 20


def accepted_offers(events: list[SendingEvent]) -> list[int]:
    """The offers that the receiver agreed to, by what the sender heard."""
    return [event.offer for event in events if isinstance(event, OfferAccepted)]
