"""sending: offers are answered, entries listed within the window, and files sent as they are asked for."""

import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.events import (
    EntriesSettled,
    OfferAccepted,
    OfferDeclined,
    Source,
)
from commonlib.transfer.messages import (
    MOST_LISTED,
    WINDOW,
    Accept,
    Decline,
    Entry,
    EntryKind,
    Manifest,
    Mark,
    More,
    Offer,
    Outcome,
    Place,
    Settled,
    SettledRun,
    TopEntry,
    Totals,
    Want,
    Wanted,
)
from commonlib.transfer.sending import EntriesDue, Sending
from commonlib.transfer.states import OfferState
from commonlib.transfer.stream import DataPiece, GivenUp, TransferError
from tests.support.sender_talk import FAILED, MANY, TOP, files, heard, read_all, running, say


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


def test_a_part_is_compared_before_the_rest_is_sent() -> None:
    """A wrong mark costs one reading more, and no trust."""
    machine = running(1, size=3_000_000)
    say(machine, Wanted(items=[Want(0, 1, [Mark(2_000_000, bytes(32))])]))
    assert read_all(machine) > 0
    parts = [part for part in heard(machine) if isinstance(part, DataPiece)]
    assert parts[0].offset == 0


def test_an_offer_that_cannot_be_said_was_not_made() -> None:
    """A name that is no text; the next offer has its number."""
    machine = Sending()
    with pytest.raises(FieldError):
        machine.offer(MANY, [TopEntry(EntryKind.FILE, "\ud800")])
    assert machine.offer(MANY, TOP) == 0
