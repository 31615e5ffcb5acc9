"""listing: manifests are told one behind the other, and never beyond the receiver's room."""

from commonlib.transfer.events import Source
from commonlib.transfer.listing import Listing
from commonlib.transfer.manifest import make_offer
from commonlib.transfer.messages import MOST_LISTED, WINDOW, Entry, EntryKind, TopEntry, Totals
from commonlib.transfer.states import OfferRecord


def record(number: int, files: int) -> OfferRecord:
    """An accepted offer of so many files."""
    made = OfferRecord(make_offer(number, Totals(files=files), [TopEntry(EntryKind.FILE, "f")]))
    made.accept()
    return made


def source(name: str = "f") -> Source:
    """An empty file."""
    return Source(Entry(0, EntryKind.FILE, name), None)


def test_offers_are_listed_in_the_order_of_their_answers() -> None:
    """The next one when the last entry of the one before was told; numbers go on."""
    listing, first, second = Listing(), record(0, 2), record(1, 1)
    listing.add(second)
    listing.add(first)
    assert listing.current is second
    block, refused = listing.write([source()], last=True)
    assert (block.first, len(block.taken), refused) == (0, 1, [])
    assert listing.current is first
    block, _ = listing.write([source(), source()], last=False)
    assert block.first == 1
    assert listing.current is first
    assert [message.offer for message in block.messages] == [0]
    assert (second.first, second.next, first.first, first.next) == (0, 1, 1, 3)


def test_the_window_shrinks_with_every_entry() -> None:
    """Only what was taken counts."""
    listing = Listing()
    listing.add(record(0, 2))
    assert (listing.room, listing.most) == (WINDOW, MOST_LISTED)
    _, refused = listing.write([source(), source("x" * 256), source(), source()], last=False)
    assert listing.room == WINDOW - 2
    assert [one.source.entry.name[0] for one in refused] == ["x", "f"]
    listing.room = 3
    assert listing.most == 3


def test_an_offer_can_be_left() -> None:
    """While it is told, or before; the next one's tree begins at its top."""
    listing, first, second, third = Listing(), record(0, 1), record(1, 1), record(2, 1)
    for each in (first, second, third):
        listing.add(each)
    listing.write([source()], last=False)
    listing.leave(second)
    listing.leave(first)
    assert listing.current is third
    block, refused = listing.write([source()], last=True)
    assert (block.first, refused) == (1, [])
    listing.leave(third)
    assert listing.current is None
