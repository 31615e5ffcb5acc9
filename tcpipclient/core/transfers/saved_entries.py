"""Which entries a batch has saved, so that the next connection tells them as saved, and not as found there.

Owns a mark for each entry, by its place in the manifest of its offer, and what was told of further names. Must never
mark what was there before the batch, nor keep more than a byte for an entry. Pure: used by the receiving pump of the
batch alone, of which one runs at a time.
"""

from collections.abc import Sequence

from commonlib.transfer.manifest import Listed

MOST_MARKED = 8 << 20
"""Entries of one offer; those behind them are told as found there."""
MOST_WHYS = 100


class SavedEntries:
    """Of one offer, over all connections of its batch."""

    __slots__ = ("_marks", "_whys")

    def __init__(self) -> None:
        self._marks = bytearray()
        self._whys: dict[int, str] = {}

    def mark(self, place: int, count: int = 1, why: str = "") -> None:
        """So many entries from this place on are saved; `why` tells of the further name of a single one."""
        end = min(place + count, MOST_MARKED)
        if end <= place:
            return
        marks = self._marks
        if end > len(marks):
            marks.extend(bytes(end - len(marks)))
        marks[place:end] = b"\1" * (end - place)
        if why and len(self._whys) < MOST_WHYS:
            self._whys[place] = why

    def maybe_why(self, place: int) -> str | None:
        """What was told of an entry when it was saved, "" for nothing; None where this batch has not saved it."""
        return self._whys.get(place, "") if place < len(self._marks) and self._marks[place] else None


class SavedOffers:
    """The same of all offers on one connection, whose entries are numbered through all of them."""

    __slots__ = ("_firsts", "_offers")

    def __init__(self) -> None:
        self._offers: dict[int, SavedEntries] = {}
        self._firsts: dict[int, int] = {}

    def agree(self, offer: int, saved: SavedEntries) -> None:
        """An offer is taken, of which the batch has saved this before. To be told before it is listed."""
        self._offers[offer] = saved

    def list(self, entries: Sequence[Listed]) -> None:
        """Entries of one offer are listed, behind those of it that were."""
        self._firsts.setdefault(entries[0].offer, entries[0].number)

    def save(self, listed: Listed, why: str = "") -> None:
        """An entry is saved."""
        self._offers[listed.offer].mark(listed.number - self._firsts[listed.offer], why=why)

    def save_all(self, saved: Sequence[Listed], numbers: Sequence[int]) -> None:
        """As `save` for each of them, in less time for many that follow one another."""
        if not saved:
            return
        offer, first, count = saved[0].offer, numbers[0], len(numbers)
        if saved[-1].offer == offer and numbers == [*range(first, first + count)]:
            self._offers[offer].mark(first - self._firsts[offer], count)
        else:
            for listed in saved:
                self.save(listed)

    def maybe_why(self, listed: Listed) -> str | None:
        """As `SavedEntries.maybe_why`."""
        return self._offers[listed.offer].maybe_why(listed.number - self._firsts[listed.offer])
