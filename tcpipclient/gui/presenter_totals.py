"""The line below the transfers panel: how many of what, in words.

Owns the counts of what the panel has, and the words. Must never know what is counted. Pure: the Tk thread's.
"""

from dataclasses import astuple, dataclass

from commonlib.wording import shown_count

NOTHING = "No files yet. Drop some on the File Drop area, or press Attach."


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are in which state.

    Attributes:
        hidden: That wait, too, and have no row.
        offers: That wait for an answer.
        over: That are done with and not cleared.
    """

    running: int = 0
    waiting: int = 0
    hidden: int = 0
    offers: int = 0
    over: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))

    def sentence(self) -> str:
        """In words; what to do while there is nothing."""
        parts = (
            f"{self.running:,} running" if self.running else "",
            f"{self.waiting:,} waiting" if self.waiting else "",
            f"{self.hidden:,} more waiting, not shown" if self.hidden else "",
            f"{shown_count(self.offers, 'offer')} to answer" if self.offers else "",
            f"{self.over:,} done" if self.over else "",
        )
        return ", ".join(filter(None, parts)) or NOTHING
