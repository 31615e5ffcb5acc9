"""What was measured, as medians and tables.

Owns how figures are summed up, compared and laid out. Must never measure anything. Pure: any thread.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Summary:
    """The middle and the ends of what was measured in several rounds."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Requirement:
    """A bound that a figure has to keep.

    Attributes:
        what: Names the figure, as the beginning of a sentence.
        figure: What was measured; None where this system does not tell.
        at_least: Whether the bound is a lower one.
        unit: Stands behind both numbers.
    """

    what: str
    figure: float | None
    bound: float
    at_least: bool
    unit: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether the figure is on the wrong side; one that could not be measured is not."""
        if self.figure is None:
            return False
        return self.figure < self.bound if self.at_least else self.figure > self.bound

    def __str__(self) -> str:
        relation = "at least" if self.at_least else "at most"
        if self.figure is None:
            return f"{self.what}: not measured on this system ({relation} {self.bound:g}{self.unit} required)"
        outcome = "MISSED" if self.is_missed else "met"
        return f"{self.what}: {self.figure:.2f}{self.unit} ({relation} {self.bound:g}{self.unit} required: {outcome})"


def summed_up(values: Sequence[float]) -> Summary:
    """Sum up at least one value.

    Raises:
        ValueError: There is none.
    """
    if not values:
        raise ValueError("nothing was measured")
    return Summary(statistics.median(values), min(values), max(values))


def ratio(figures: Sequence[float], others: Sequence[float]) -> float:
    """How many times the other figures' median the median of these is.

    Raises:
        ValueError: One of them is empty, or the others' median is 0.
    """
    other = summed_up(others).median
    if not other:
        raise ValueError("nothing can be compared with a median of 0")
    return summed_up(figures).median / other


def number(value: float | None, digits: int = 0) -> str:
    """A figure with its thousands apart and so many digits behind the point; a dash for none."""
    return MISSING if value is None else f"{value:,.{digits}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out lines of cells in columns: the first to the left, the others to the right.

    Raises:
        ValueError: A line has another number of cells than the head.
    """
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()
