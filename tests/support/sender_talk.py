"""A receiver's words for a sending machine, and the machine's words as a receiver hears them.

Owns a machine that has listed some files, and the hands of its shell. It must never do for the machine what the machine
promises.
Thread: the test's own.
"""

from commonlib.transfer.events import (
    SendingEvent,
    Source,
)
from commonlib.transfer.messages import (
    Accept,
    Entry,
    EntryKind,
    Message,
    Outcome,
    TopEntry,
    Totals,
    encode_message,
    maybe_message,
)
from commonlib.transfer.sending import Sending
from commonlib.transfer.stream import MessageFrame, Piece, StreamCutter

MANY = Totals(files=1 << 40, size=1 << 60)
TOP = [TopEntry(EntryKind.FILE, "f")]
SAVED, FAILED = Outcome.SAVED, Outcome.FAILED


def say(machine: Sending, *messages: Message) -> list[SendingEvent]:
    """The receiver says something; returns what the machine tells."""
    machine.receive_data(b"".join(map(encode_message, messages)))
    return machine.events_received()


def heard(machine: Sending) -> list[Message | Piece]:
    """All that the machine has to send, as the receiver understands it."""
    cutter, told = StreamCutter(), list[Message | Piece]()
    while (piece := machine.maybe_data_to_send()) is not None:
        for part in cutter.receive_data(bytes(piece)):
            message = maybe_message(part.type, part.body) if isinstance(part, MessageFrame) else part
            assert message is not None
            told.append(message)
    return told


def files(count: int, size: int = 5) -> list[Source]:
    """Files whose origin is their content."""
    return [Source(Entry(0, EntryKind.FILE, f"f{number:05}", size), b"x" * size) for number in range(count)]


def read_all(machine: Sending) -> int:
    """Read what is to be read; returns how many reads there were."""
    reads = 0
    while read := machine.maybe_read():
        content = read.source.origin
        assert isinstance(content, bytes)
        read.into[:] = content[read.offset : read.offset + len(read.into)]
        machine.read_done(len(read.into))
        reads += 1
    return reads


def running(count: int, size: int = 5) -> Sending:
    """A machine that has listed so many files of one offer, all of it heard."""
    machine = Sending()
    top = [TopEntry(EntryKind.FILE, source.entry.name) for source in files(count)]
    machine.offer(Totals(files=count, size=count * size), top)
    say(machine, Accept(offer=0))
    machine.add_entries(files(count, size), last=True)
    heard(machine)
    return machine
