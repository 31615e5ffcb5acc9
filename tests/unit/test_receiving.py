"""receiving: offers are answered, manifests judged, and a sender who lies about anything ends the connection."""

import pytest
from blake3 import blake3

from commonlib.transfer.events import (
    ConnectionLost,
    EntriesListed,
    FilesArrived,
    OfferCancelled,
    OfferEnded,
    OfferMade,
    PeerFinished,
    PeerPaused,
    PeerResumed,
    PeerSilent,
    ReceivingEvent,
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
    Message,
    More,
    Offer,
    Outcome,
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
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.states import OfferState
from commonlib.transfer.stream import MessageFrame, StreamCutter, TransferError, given_up_frame

CONTENT = b"content"
FILE = Entry(0, EntryKind.FILE, "f", len(CONTENT))
OFFER = Offer(offer=0, totals=Totals(files=10**6, size=1 << 40), top=[TopEntry(EntryKind.FILE, "f")], others=10**6)
SAVED = Outcome.SAVED


def say(machine: Receiving, *messages: Message | bytes) -> list[ReceivingEvent]:
    """The sender says something; returns what the machine tells."""
    for message in messages:
        machine.receive_data(encode_message(message) if isinstance(message, Message) else message)
    return machine.events_received()


def heard(machine: Receiving) -> list[Message | None]:
    """All that the machine has to say."""
    pieces = StreamCutter().receive_data(machine.data_to_send())
    return [maybe_message(piece.type, piece.body) for piece in pieces if isinstance(piece, MessageFrame)]


def data(entry: int, content: bytes = CONTENT) -> bytes:
    """A file whole in one frame."""
    body = bytes(8) + content + blake3(content).digest()
    return len(body).to_bytes(4, "little") + bytes.fromhex("0700 0300") + entry.to_bytes(8, "little") + body


def listed(count: int, *, last: bool = True) -> Receiving:
    """A machine that has accepted an offer and heard of so many files."""
    machine = Receiving()
    say(machine, OFFER)
    machine.accept(0)
    assert heard(machine) == [Accept(offer=0)]
    events = say(machine, Manifest(offer=0, first=0, entries=[FILE] * count, last=last))
    assert isinstance(events[0], EntriesListed)
    return machine


def test_a_file_goes_its_way() -> None:
    """Offered, accepted, listed, asked for, arrived, saved; and the end."""
    machine = Receiving()
    assert say(machine, OFFER) == [OfferMade(OFFER)]
    assert machine.state(0) is OfferState.OFFERED
    machine.accept(0)
    assert heard(machine) == [Accept(offer=0)]
    assert machine.state(0) is OfferState.ACCEPTED
    (event,) = say(machine, Manifest(offer=0, first=0, entries=[FILE], last=True))
    assert isinstance(event, EntriesListed)
    assert [(entry.number, entry.path) for entry in event.entries] == [(0, ("f",))]
    machine.want(0)
    assert heard(machine) == [Wanted(items=[Want(0)])]
    assert say(machine, data(0)) == [FilesArrived([(0, memoryview(CONTENT))])]
    assert heard(machine) == []
    machine.settle(0, SAVED)
    assert heard(machine) == [Settled(items=[SettledRun(0, 1, SAVED)])]
    assert machine.events_received() == [OfferEnded(0)]
    assert machine.state(0) is OfferState.SAVED
    assert machine.tally(0).size == len(CONTENT)
    assert say(machine, End()) == [PeerFinished()]
    assert heard(machine) == [End()]
    machine.receive_eof()
    assert machine.events_received() == []


def test_a_connection_that_ends_too_early_is_told() -> None:
    """What was saved is saved; all else is asked for on another one."""
    machine = listed(1)
    machine.receive_eof()
    assert machine.events_received() == [ConnectionLost()]
    assert machine.state(0) is OfferState.RUNNING


def test_nothing_comes_of_a_declined_offer() -> None:
    """The sender is told why, in a text that can be sent."""
    machine = Receiving()
    say(machine, OFFER)
    machine.decline(0, "no room\ud800" + "x" * 1000)
    (declined,) = heard(machine)
    assert isinstance(declined, Decline)
    assert declined.why.startswith("no room?xxx")
    assert machine.state(0) is OfferState.DECLINED
    assert say(machine, End()) == [PeerFinished()]


def test_an_answer_is_given_once() -> None:
    """A second one is a mistake of the shell's; one to a cancelled offer comes too late."""
    machine = Receiving()
    say(machine, OFFER)
    machine.accept(0)
    for answer in (machine.accept, machine.decline):
        with pytest.raises(ValueError, match="answered"):
            answer(0)
    other = Receiving()
    assert say(other, OFFER, Cancel(offer=0, why="sorry"))[1:] == [OfferCancelled(0, "sorry")]
    other.accept(0)
    other.decline(0)
    assert heard(other) == [Cancel(offer=0)]


def test_room_is_given_as_entries_are_done_with() -> None:
    """Not more than the window is ever open, and the sender hears of room before it has none."""
    machine = listed(MOST_LISTED, last=False)
    for start in range(MOST_LISTED, WINDOW, MOST_LISTED):
        say(machine, Manifest(offer=0, first=start, entries=[FILE] * MOST_LISTED))
    for number in range(WINDOW // 8):
        machine.settle(number, Outcome.SKIPPED)
    told = heard(machine)
    assert told == [Settled(items=[SettledRun(0, WINDOW // 8, Outcome.SKIPPED)]), More(entries=WINDOW // 8)]
    say(machine, Manifest(offer=0, first=WINDOW, entries=[FILE] * (WINDOW // 8)))
    with pytest.raises(TransferError, match="window"):
        say(machine, Manifest(offer=0, first=WINDOW + WINDOW // 8, entries=[FILE]))


def test_what_is_freed_and_not_told_of_is_no_room_yet() -> None:
    """The sender cannot know of it."""
    machine = listed(MOST_LISTED, last=False)
    for start in range(MOST_LISTED, WINDOW, MOST_LISTED):
        say(machine, Manifest(offer=0, first=start, entries=[FILE] * MOST_LISTED))
    machine.settle(0, Outcome.SKIPPED)
    heard(machine)
    with pytest.raises(TransferError, match="window"):
        say(machine, Manifest(offer=0, first=WINDOW, entries=[FILE]))


def test_a_cancel_of_ours_says_all_before() -> None:
    """What still comes of the offer is passed over, its manifest and its bytes; its room is free."""
    machine = listed(2, last=False)
    machine.want(0)
    machine.want(1)
    heard(machine)
    say(machine, data(0))
    machine.settle(0, SAVED)
    machine.cancel(0, "enough")
    machine.cancel(0)
    assert heard(machine) == [Settled(items=[SettledRun(0, 1, SAVED)]), Cancel(offer=0, why="enough")]
    assert say(machine, data(1), Manifest(offer=0, first=2, entries=[FILE]), given_up_frame(2, ""), data(2)) == []
    assert say(machine, Cancel(offer=0)) == []
    assert heard(machine) == []
    assert machine.state(0) is OfferState.CANCELLED
    assert say(machine, End()) == [PeerFinished()]


def test_what_is_listed_of_a_cancelled_offer_takes_no_room() -> None:
    """The sender did not know yet; its window is given back."""
    machine = listed(MOST_LISTED, last=False)
    machine.cancel(0)
    assert heard(machine) == [Cancel(offer=0), More(entries=MOST_LISTED)]
    say(machine, Manifest(offer=0, first=MOST_LISTED, entries=[FILE] * MOST_LISTED))
    assert heard(machine) == [More(entries=MOST_LISTED)]


def test_the_senders_cancel_is_answered_behind_all_there_is_to_tell() -> None:
    """So that both ends count the same; once."""
    machine = listed(2)
    machine.want(0)
    heard(machine)
    say(machine, data(0))
    machine.settle(0, SAVED)
    assert say(machine, Cancel(offer=0, why="sorry")) == [OfferCancelled(0, "sorry")]
    assert say(machine, Cancel(offer=0)) == []
    assert heard(machine) == [Settled(items=[SettledRun(0, 1, SAVED)]), Cancel(offer=0)]


def test_a_cancel_that_comes_too_late_changes_nothing() -> None:
    """All was saved: that is what stands, at both ends."""
    machine = listed(1)
    machine.want(0)
    say(machine, data(0))
    machine.settle(0, SAVED)
    machine.events_received()
    assert say(machine, Cancel(offer=0)) == []
    assert machine.state(0) is OfferState.SAVED
    assert heard(machine)[-1] == Cancel(offer=0)


def test_a_manifest_goes_on_behind_a_cancelled_one() -> None:
    """The numbers of its entries are used up."""
    machine = listed(2, last=False)
    say(machine, Offer(offer=1, totals=OFFER.totals, top=OFFER.top))
    machine.accept(1)
    machine.cancel(0)
    (event,) = say(machine, Manifest(offer=1, first=2, entries=[FILE]))
    assert isinstance(event, EntriesListed)
    assert event.entries[0].number == 2


def test_an_empty_manifest_ends_its_offer() -> None:
    """Everything that was offered has gone since."""
    machine = Receiving()
    say(machine, OFFER)
    machine.accept(0)
    assert say(machine, Manifest(offer=0, first=0, entries=[], last=True)) == [OfferEnded(0)]
    assert machine.state(0) is OfferState.SAVED


def test_pauses_are_told_and_shown() -> None:
    """Of either end."""
    machine = listed(1)
    machine.pause()
    assert heard(machine) == [Pause()]
    assert machine.state(0) is OfferState.PAUSED
    assert say(machine, Pause()) == [PeerPaused()]
    machine.resume()
    assert heard(machine) == [Resume()]
    assert machine.state(0) is OfferState.PAUSED
    assert say(machine, Resume()) == [PeerResumed()]
    assert machine.state(0) is OfferState.RUNNING


def test_progress_and_life_are_told_in_time() -> None:
    """Progress when there is some; a ping when there is nothing else; silence to our own side."""
    machine = listed(1)
    machine.want(0)
    heard(machine)
    say(machine, data(0))
    machine.receive_tick(0.0)
    assert heard(machine) == [Progress(received=len(CONTENT))]
    machine.receive_tick(1.0)
    assert heard(machine) == []
    machine.receive_tick(15.0)
    assert heard(machine) == [Ping()]
    machine.receive_tick(40.0)
    assert PeerSilent() in machine.events_received()


def test_what_waits_is_told() -> None:
    """A shell that sees much of it stops reading."""
    machine = listed(3)
    assert machine.waiting == 0
    machine.settle(0, Outcome.SKIPPED)
    machine.settle(2, Outcome.FAILED)
    assert machine.waiting > 0
    heard(machine)
    assert machine.waiting == 0


def test_that_a_file_is_verified_is_not_the_shells_to_say() -> None:
    """The hash says it."""
    with pytest.raises(ValueError, match="verified"):
        listed(1).settle(0, Outcome.VERIFIED)


def test_a_newer_version_may_say_more() -> None:
    """A message of a type that is not known is passed over."""
    assert say(Receiving(), bytes.fromhex("02000000 6300 0000 0000000000000000 ffff")) == []


@pytest.mark.parametrize(
    "message",
    [
        Manifest(offer=0, first=0, entries=[FILE]),
        Manifest(offer=0, first=2, entries=[FILE]),
        Manifest(offer=5, first=1, entries=[FILE]),
        Manifest(offer=1, first=1, entries=[FILE]),
        Manifest(offer=2, first=1, entries=[FILE]),
        Manifest(offer=3, first=1, entries=[FILE]),
        Offer(offer=3, totals=OFFER.totals, top=OFFER.top),
        Offer(offer=5, totals=OFFER.totals, top=OFFER.top),
        Cancel(offer=4),
        End(),
        Accept(offer=0),
        Wanted(items=[Want(0)]),
        data(0),
        data(1),
        given_up_frame(0, "x"),
    ],
)
def test_a_sender_that_lies_ends_the_connection(message: Message | bytes) -> None:
    """Wrong numbers, manifests of what was not accepted, was declined or is not due, an early end, others' words."""
    machine = listed(1, last=False)
    say(machine, *(Offer(offer=number, totals=OFFER.totals, top=OFFER.top) for number in (1, 2, 3)))
    machine.decline(2)
    machine.accept(3)
    with pytest.raises(TransferError):
        say(machine, message)


def test_a_manifest_does_not_go_on_behind_its_end() -> None:
    """What was agreed to is complete."""
    with pytest.raises(TransferError):
        say(listed(1), Manifest(offer=0, first=1, entries=[FILE]))


def test_offers_come_to_an_end() -> None:
    """Each costs memory before anybody has agreed to anything."""
    machine = Receiving()
    for number in range(MOST_OFFERS):
        say(machine, Offer(offer=number, totals=OFFER.totals, top=OFFER.top))
    with pytest.raises(TransferError):
        say(machine, Offer(offer=MOST_OFFERS, totals=OFFER.totals, top=OFFER.top))
