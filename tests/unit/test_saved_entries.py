"""Which entries a batch has saved, over several connections.

Thread: pytest's main thread.
"""

import sys

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from tcpipclient.core.transfers import saved_entries
from tcpipclient.core.transfers.saved_entries import MOST_MARKED, MOST_WHYS, SavedEntries, SavedOffers


def listed(number: int, offer: int = 0) -> Listed:
    """A file."""
    return Listed(number, offer, (f"{number}",), EntryKind.FILE, 1, 1, 0, f"{number}")


def two_offers() -> SavedOffers:
    """Agreed to: entries 0 to 5, and those from 6 on."""
    offers = SavedOffers()
    for offer, first in enumerate((0, 6)):
        offers.agree(offer, SavedEntries())
        offers.list([listed(first, offer)])
    return offers


def test_what_one_connection_saved_the_next_one_knows_under_its_own_numbers() -> None:
    """And what was told of it; what was not saved is not known."""
    entries = SavedEntries()
    first, second = SavedOffers(), SavedOffers()
    first.agree(0, entries)
    first.list([listed(number) for number in range(4)])
    first.save(listed(1))
    first.save(listed(3), "under another name")
    second.agree(0, SavedEntries())
    second.list([listed(0)])
    second.agree(1, entries)
    second.list([listed(number, 1) for number in range(1, 5)])
    second.list([listed(number, 1) for number in range(5, 9)])
    told = [second.maybe_why(listed(number, 1)) for number in range(1, 9)]
    assert told == [None, "", None, "under another name", None, None, None, None]
    assert second.maybe_why(listed(0)) is None


def test_many_are_marked_as_each_of_them() -> None:
    """Whether they follow one another, have gaps, come in any order, or are of two offers."""
    for numbers in ([2, 3, 4], [2, 4, 5], [4, 3, 2], [3, 2, 4], [0, 5, 1], [4, 5, 6, 7]):
        ones, many = two_offers(), two_offers()
        entries = [listed(number, int(number >= 6)) for number in numbers]
        many.save_all(entries, numbers)
        for entry in entries:
            ones.save(entry)
        for entry in [listed(number, int(number >= 6)) for number in range(9)]:
            assert (many.maybe_why(entry) is not None) is (entry.number in numbers)
            assert many.maybe_why(entry) == ones.maybe_why(entry)


def test_none_are_marked_as_nothing() -> None:
    """Where all that came has got other names, say."""
    offers = two_offers()
    offers.save_all([], [])
    assert all(offers.maybe_why(listed(number)) is None for number in range(6))


def test_memory_is_bounded() -> None:
    """A byte for an entry, and not for those behind too many; reasons are kept of the first hundred."""
    entries = SavedEntries()
    for number in range(100_000):
        entries.mark(number)
    assert sys.getsizeof(entries._marks) < 200_000
    entries.mark(MOST_MARKED - 1, 5)
    entries.mark(MOST_MARKED + 7)
    assert entries.maybe_why(MOST_MARKED - 1) == ""
    assert entries.maybe_why(MOST_MARKED) is entries.maybe_why(MOST_MARKED + 7) is None
    assert len(entries._marks) == saved_entries.MOST_MARKED
    for number in range(MOST_WHYS + 1):
        entries.mark(number, why="renamed")
    assert [entries.maybe_why(number) for number in (MOST_WHYS - 1, MOST_WHYS)] == ["renamed", ""]
