"""sending: offers are answered, entries listed within the window, files sent as they are asked for, and lies end it."""

import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.events import (
    EntriesSettled,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferEnded,
    PeerFinished,
    PeerPaused,
    PeerResumed,
    PeerSilent,
    Progressed,
    SendingEvent,
    Source,
)
from commonlib.transfer.messages import (
    MOST_LISTED,
    MOST_OFFERS,
    WINDOW,
    Accept,
    Cancel,
    Decline,
    End,
    Entry,
    EntryKind,
    Manifest,
    Mark,
    Message,
    More,
    Offer,
    Outcome,
    Pause,
    Ping,
    Place,
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
from commonlib.transfer.sending import EntriesDue, Sending
from commonlib.transfer.states import OfferState
from commonlib.transfer.stream import DataPiece, GivenUp, MessageFrame, Piece, StreamCutter, TransferError

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


def test_an_offer_is_made_and_answered() -> None:
    """Its manifest is due when it was accepted; a declined one has ended."""
    machine = Sending()
    assert machine.offer(MANY, TOP) == 0
    assert machine.offer(Totals(files=1), TOP) == 1
    assert heard(machine) == [Offer(offer=0, totals=MANY, top=TOP), Offer(offer=1, totals=Totals(files=1), top=TOP)]
    assert machine.entries_due is None
    assert say(machine, Decline(offer=1, why="no"), Accept(offer=0)) == [OfferDeclined(1, "no"), OfferAccepted(0)]
    assert machine.entries_due == EntriesDue(0, MOST_LISTED)
    assert (machine.state(0), machine.state(1)) == (OfferState.ACCEPTED, OfferState.DECLINED)


def test_entries_are_listed_and_the_refused_ones_given_back() -> None:
    """Those that follow them are not."""
    machine = Sending()
    machine.offer(Totals(files=2, size=10), [*TOP, *TOP])
    say(machine, Accept(offer=0))
    heard(machine)
    sources = [*files(1), Source(Entry(0, EntryKind.FILE, "x" * 256), b""), *files(2)]
    refused = machine.add_entries(sources, last=True)
    assert [one.source.entry.name for one in refused] == ["x" * 256, "f00001"]
    entries = [source.entry for source in files(1)]
    assert heard(machine) == [Manifest(offer=0, first=0, entries=entries * 2, last=True)]
    assert machine.entries_due is None
    assert machine.tally(0).listed == 2


def test_no_more_is_listed_than_the_window_holds() -> None:
    """Until the receiver has room again."""
    machine = Sending()
    machine.offer(MANY, TOP)
    say(machine, Accept(offer=0))
    for _ in range(WINDOW // MOST_LISTED):
        assert machine.entries_due == EntriesDue(0, MOST_LISTED)
        machine.add_entries(files(MOST_LISTED))
        heard(machine)
    assert machine.entries_due is None
    with pytest.raises(ValueError, match="due"):
        machine.add_entries(files(1))
    say(machine, Settled(items=[SettledRun(0, 7, Outcome.SKIPPED)]), More(entries=7))
    assert machine.entries_due == EntriesDue(0, 7)
    with pytest.raises(ValueError, match="due"):
        machine.add_entries(files(8))
    with pytest.raises(TransferError):
        say(machine, More(entries=1))


def test_nothing_is_listed_while_messages_wait() -> None:
    """A receiver that does not read costs no memory."""
    machine = Sending()
    machine.offer(Totals(links=2000), TOP)
    say(machine, Accept(offer=0))
    assert not machine.add_entries([Source(Entry(0, EntryKind.LINK, "l", target="x" * 1024), b"")] * 1024)
    assert machine.waiting > 1 << 20
    assert machine.entries_due is None
    assert heard(machine)
    assert machine.waiting == 0
    assert machine.entries_due == EntriesDue(0, MOST_LISTED)


def test_files_come_as_they_are_asked_for() -> None:
    """Small ones in one piece of the stream, each with its number, bytes and hash."""
    machine = running(3)
    assert machine.maybe_read() is None
    say(machine, Wanted(items=[Want(2), Want(0)]))
    assert read_all(machine) == 2
    got = heard(machine)
    assert [(part.entry, bytes(part.content)) for part in got if isinstance(part, DataPiece)] == [
        (2, b"xxxxx"),
        (0, b"xxxxx"),
    ]


def test_an_empty_file_needs_no_reading() -> None:
    """Its end comes by itself."""
    machine = running(1, size=0)
    say(machine, Wanted(items=[Want(0)]))
    assert machine.maybe_read() is None
    (piece,) = heard(machine)
    assert isinstance(piece, DataPiece)
    assert (piece.offset, len(piece.digest)) == (0, 32)


def test_a_read_may_be_short() -> None:
    """The rest is asked for; a file that ends too early is given up."""
    machine = running(1)
    say(machine, Wanted(items=[Want(0)]))
    read = machine.maybe_read()
    assert read is not None
    assert (read.offset, len(read.into)) == (0, 5)
    with pytest.raises(ValueError, match="answered"):
        machine.maybe_read()
    with pytest.raises(ValueError, match="read"):
        machine.read_done(6)
    machine.read_done(2)
    read = machine.maybe_read()
    assert read is not None
    assert (read.offset, len(read.into)) == (2, 3)
    machine.read_done(0)
    assert machine.maybe_read() is None
    assert heard(machine)[-1] == GivenUp(0, "it became shorter while it was being sent")


def test_a_file_that_cannot_be_read_is_given_up() -> None:
    """Behind what was sent of it; the receiver's word of its failure settles it."""
    machine = running(2)
    say(machine, Wanted(items=[Want(0, 2)]))
    machine.maybe_read()
    machine.read_failed("it is gone")
    assert read_all(machine) == 1
    got = heard(machine)
    assert got[0] == GivenUp(0, "it is gone")
    assert isinstance(got[1], DataPiece)
    (event,) = say(machine, Settled(items=[SettledRun(0, 1, FAILED, Place.SENDER, "it is gone")]))
    assert isinstance(event, EntriesSettled)
    assert (event.place, event.why, event.sources) == (Place.SENDER, "it is gone", files(1))
    with pytest.raises(ValueError, match="read"):
        machine.read_failed("again")


def test_a_read_that_was_overtaken_is_passed_over() -> None:
    """The receiver has settled the file while it was being read; its end is told once."""
    machine = running(2)
    say(machine, Wanted(items=[Want(0, 2)]))
    assert machine.maybe_read() is not None
    say(machine, Settled(items=[SettledRun(0, 1, FAILED, Place.RECEIVER, "full")]))
    assert machine.maybe_data_to_send() is None
    machine.read_done(5)
    assert read_all(machine) == 1
    got = heard(machine)
    assert got[0] == GivenUp(0, "")
    assert [piece.entry for piece in got[1:] if isinstance(piece, DataPiece)] == [1]


def test_nothing_is_sent_of_a_block_that_is_being_read_into() -> None:
    """Another thread may be at it; not even the end, which stands behind what is in it."""
    machine = running(2)
    machine.finish()
    say(machine, Wanted(items=[Want(0, 2)]))
    machine.maybe_read()
    machine.read_done(5)
    machine.maybe_read()
    machine.cancel(0)
    assert heard(machine) == [Cancel(offer=0)]
    say(machine, Cancel(offer=0))
    assert machine.maybe_data_to_send() is None
    machine.read_done(5)
    data, end = heard(machine)
    assert isinstance(data, DataPiece)
    assert (data.entry, end) == (0, End())


def test_all_settled_is_told_once_at_the_last_entry() -> None:
    """With what has become of the entries, by their sources."""
    machine = running(3)
    say(machine, Wanted(items=[Want(0, 2)]))
    read_all(machine)
    heard(machine)
    events = say(machine, Settled(items=[SettledRun(0, 2, SAVED), SettledRun(2, 1, Outcome.SKIPPED, why="there")]))
    assert events == [
        EntriesSettled(0, SAVED, Place.NOWHERE, "", files(2)),
        EntriesSettled(0, Outcome.SKIPPED, Place.NOWHERE, "there", files(3)[2:]),
        OfferEnded(0),
    ]
    assert machine.state(0) is OfferState.SAVED
    assert machine.tally(0).saved == 2


def test_nothing_is_read_while_somebody_pauses() -> None:
    """Either end; the state says so."""
    machine = running(1)
    say(machine, Wanted(items=[Want(0)]))
    machine.pause()
    assert say(machine, Pause()) == [PeerPaused()]
    machine.resume()
    assert machine.maybe_read() is None
    assert machine.state(0) is OfferState.PAUSED
    assert say(machine, Resume()) == [PeerResumed()]
    assert machine.state(0) is OfferState.RUNNING
    assert read_all(machine) == 1


def test_our_cancel_is_over_when_the_receiver_has_told_all() -> None:
    """What it saved until then counts; what is asked for is not sent any more."""
    machine = running(3)
    machine.finish()
    say(machine, Wanted(items=[Want(0, 3)]))
    machine.maybe_read()
    machine.read_done(5)
    machine.cancel(0, "enough")
    machine.cancel(0, "again")
    assert machine.maybe_read() is None
    told = heard(machine)
    assert [message for message in told if isinstance(message, Message)] == [Cancel(offer=0, why="enough")]
    say(machine, Settled(items=[SettledRun(0, 1, SAVED)]), Wanted(items=[Want(1)]))
    assert machine.tally(0).saved == 1
    assert heard(machine) == []
    assert say(machine, Cancel(offer=0)) == []
    assert machine.state(0) is OfferState.CANCELLED
    assert heard(machine) == [End()]


def test_the_receivers_cancel_is_obeyed_at_once() -> None:
    """In the middle of a file, and of a manifest; the next offer goes on."""
    machine = Sending()
    machine.offer(Totals(files=9, size=10**7), [*TOP, *TOP])
    machine.offer(Totals(files=1), TOP)
    say(machine, Accept(offer=0), Accept(offer=1))
    machine.add_entries([Source(Entry(0, EntryKind.FILE, "f", 5_000_000), b"x" * 5_000_000)])
    say(machine, Wanted(items=[Want(0)]))
    machine.maybe_read()
    machine.read_done(1000)
    assert say(machine, Cancel(offer=0, why="no")) == [OfferCancelled(0, "no")]
    assert machine.maybe_read() is None
    assert machine.entries_due == EntriesDue(1, MOST_LISTED)
    heard(machine)
    machine.add_entries([Source(Entry(0, EntryKind.FILE, "f"), b"")], last=True)
    assert heard(machine) == [Manifest(offer=1, first=1, entries=[Entry(0, EntryKind.FILE, "f")], last=True)]


def test_the_end_is_said_when_all_is_over_and_sent() -> None:
    """And answered; before that there may be other offers."""
    machine = running(1)
    say(machine, Wanted(items=[Want(0)]))
    read_all(machine)
    machine.finish()
    with pytest.raises(FieldError):
        machine.offer(MANY, TOP)
    assert End() not in heard(machine)
    say(machine, Settled(items=[SettledRun(0, 1, SAVED)]))
    assert heard(machine) == [End()]
    assert heard(machine) == []
    assert say(machine, End()) == [PeerFinished()]


def test_the_end_waits_for_what_was_given_up() -> None:
    """It stands behind all that was promised."""
    machine = running(1)
    machine.finish()
    say(machine, Wanted(items=[Want(0)]))
    say(machine, Settled(items=[SettledRun(0, 1, FAILED, Place.RECEIVER, "full")]))
    assert heard(machine) == [GivenUp(0, ""), End()]


def test_a_part_is_compared_before_the_rest_is_sent() -> None:
    """A wrong mark costs one reading more, and no trust."""
    machine = running(1, size=3_000_000)
    say(machine, Wanted(items=[Want(0, 1, [Mark(2_000_000, bytes(32))])]))
    assert read_all(machine) > 0
    parts = [part for part in heard(machine) if isinstance(part, DataPiece)]
    assert parts[0].offset == 0


def test_the_receivers_progress_and_silence_are_told() -> None:
    """So that what is shown is what has arrived."""
    machine = running(1)
    assert say(machine, Progress(received=77), Ping()) == [Progressed(77)]
    machine.receive_tick(0.0)
    machine.receive_tick(20.0)
    assert heard(machine) == [Ping()]
    machine.receive_tick(40.0)
    assert machine.events_received() == [PeerSilent()]


@pytest.mark.parametrize(
    "messages",
    [
        [Accept(offer=1)],
        [Accept(offer=0)],
        [Decline(offer=0)],
        [Cancel(offer=7)],
        [End()],
        [More(entries=1)],
        [Offer(offer=1, totals=MANY, top=TOP)],
        [Manifest(offer=0, first=0, entries=[])],
        [Wanted(items=[Want(3)])],
        [Wanted(items=[Want(0, 4)])],
        [Wanted(items=[Want(0, (1 << 63) - 1)])],
        [Settled(items=[SettledRun(3, 1, FAILED)])],
        [Settled(items=[SettledRun(0, 1, SAVED)])],
        [Settled(items=[SettledRun(0, 1, FAILED), SettledRun(0, 1, FAILED)])],
        [Settled(items=[SettledRun(0, 3, FAILED)]), Cancel(offer=0)],
    ],
)
def test_a_receiver_that_lies_ends_the_connection(messages: list[Message]) -> None:
    """Answers nobody waits for, numbers that were not told, and what only a sender says."""
    with pytest.raises(TransferError):
        say(running(3), *messages)


def test_a_receiver_does_not_send_files() -> None:
    """Data frames go one way."""
    with pytest.raises(TransferError):
        running(1).receive_data(bytes.fromhex("0100000007000400 0000000000000000 00"))


def test_offers_come_to_an_end() -> None:
    """Both ends remember them."""
    machine = Sending()
    for _ in range(MOST_OFFERS):
        machine.offer(MANY, TOP)
    with pytest.raises(FieldError):
        machine.offer(MANY, TOP)


def test_an_offer_that_cannot_be_said_was_not_made() -> None:
    """A name that is no text; the next offer has its number."""
    machine = Sending()
    with pytest.raises(FieldError):
        machine.offer(MANY, [TopEntry(EntryKind.FILE, "\ud800")])
    assert machine.offer(MANY, TOP) == 0
