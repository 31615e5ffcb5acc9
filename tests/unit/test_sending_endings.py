"""sending: pauses, cancels, ends and lies; both ends know the same afterwards."""

import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.events import (
    ConnectionLost,
    EntriesSettled,
    OfferCancelled,
    OfferEnded,
    PeerFinished,
    PeerPaused,
    PeerResumed,
    PeerSilent,
    Progressed,
    Source,
)
from commonlib.transfer.messages import (
    MOST_LISTED,
    MOST_OFFERS,
    Accept,
    Cancel,
    Decline,
    End,
    Entry,
    EntryKind,
    Manifest,
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
    Totals,
    Want,
    Wanted,
)
from commonlib.transfer.sending import EntriesDue, Sending
from commonlib.transfer.states import OfferState
from commonlib.transfer.stream import DataPiece, GivenUp, TransferError
from tests.support.sender_talk import FAILED, MANY, SAVED, TOP, files, heard, read_all, running, say


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
    machine.receive_eof()
    assert machine.events_received() == []


def test_a_connection_that_ends_too_early_is_told() -> None:
    """Even where only the receiver's last word is missing: it may not have heard ours."""
    machine = Sending()
    machine.finish()
    assert heard(machine) == [End()]
    machine.receive_eof()
    assert machine.events_received() == [ConnectionLost()]


def test_the_end_waits_for_what_was_given_up() -> None:
    """It stands behind all that was promised."""
    machine = running(1)
    machine.finish()
    say(machine, Wanted(items=[Want(0)]))
    say(machine, Settled(items=[SettledRun(0, 1, FAILED, Place.RECEIVER, "full")]))
    assert heard(machine) == [GivenUp(0, ""), End()]


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
