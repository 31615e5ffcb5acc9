"""What the receiver has to tell the sender about single entries, put together so that few messages say it.

Owns the runs, each within one offer, that wishes and outcomes are joined to, and the word that room has become free.
Must never change the order of what is said of one entry: it is asked for before it is settled. Pure; a Notices belongs
to one receiving machine.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import (
    WINDOW,
    Mark,
    Message,
    More,
    Outcome,
    Place,
    Settled,
    SettledRun,
    Want,
    Wanted,
)

_WORTH_TELLING = WINDOW // 8
# Runs in one message: each may hold all its marks, or a reason of its full length.
_MOST_WANTED = 500
_MOST_SETTLED = 100


class _WantedRun(Struct):
    offer: int
    first: int
    count: int
    marks: tuple[Mark, ...] = ()


class _Run(Struct):
    offer: int
    first: int
    count: int
    outcome: Outcome
    place: Place
    why: str


class Notices:
    """What waits to be told of entries.

    Attributes:
        freed: Entries that are done with and that the sender has not been told of.
    """

    __slots__ = ("_settled", "_wanted", "freed")

    def __init__(self) -> None:
        self._wanted: list[_WantedRun] = []
        self._settled: list[_Run] = []
        self.freed = 0

    def __len__(self) -> int:
        return len(self._wanted) + len(self._settled)

    def want(self, listed: Listed, marks: Sequence[Mark] = ()) -> None:
        """A file is asked for."""
        number, offer = listed.number, listed.offer
        wanted = self._wanted
        if marks:
            wanted.append(_WantedRun(offer, number, 1, tuple(marks)))
            return
        if wanted:
            run = wanted[-1]
            if run.first + run.count == number and run.offer == offer and not run.marks:
                run.count += 1
                return
        wanted.append(_WantedRun(offer, number, 1))

    def settle(self, listed: Listed, outcome: Outcome, place: Place = Place.NOWHERE, why: str = "") -> None:
        """Something has become of an entry."""
        number, offer = listed.number, listed.offer
        if self._settled:
            run = self._settled[-1]
            is_next = run.first + run.count == number and run.offer == offer
            if is_next and run.outcome is outcome and run.why == why and run.place is place:
                run.count += 1
                return
        self._settled.append(_Run(offer, number, 1, outcome, place, why))

    def take(self) -> Iterator[Message]:
        """All that waits, in messages that fit into frames."""
        wanted, settled = self._wanted, self._settled
        self._wanted, self._settled = [], []
        for start in range(0, len(wanted), _MOST_WANTED):
            yield Wanted(
                items=[Want(run.first, run.count, list(run.marks)) for run in wanted[start : start + _MOST_WANTED]]
            )
        for start in range(0, len(settled), _MOST_SETTLED):
            yield Settled(
                items=[
                    SettledRun(run.first, run.count, run.outcome, run.place, run.why)
                    for run in settled[start : start + _MOST_SETTLED]
                ]
            )
        if self.freed >= _WORTH_TELLING:
            yield More(entries=self.freed)
            self.freed = 0
