"""Who waits for a receipt: the texts that a member was given and has not confirmed yet.

Owns their order, and their numbers. A classic receipt does not say which text it confirms, and that of an original
client not even whose, so the oldest one counts; the number tells a writer on the modern wire which of his that was.
Must never credit a receipt to somebody whose text was not given. Pure: run by the dispatcher thread alone.
"""

from dataclasses import dataclass
from typing import NamedTuple

MOST_RUNS = 256


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a text: his connection, which is never given again, and the id he had; both 0 for the operator."""

    connection: int
    id: int


OPERATOR = Writer(connection=0, id=0)


class Confirmed(NamedTuple):
    """A text that is confirmed: by whom it is, and the number that he gave it; 0 where his wire has none."""

    writer: Writer
    number: int


@dataclass(slots=True)
class _Run:
    """Consecutive texts of one writer: a burst of any length costs no more than one text.

    Whoever writes to several numbers his texts for one of them in even steps; without numbers the step is 0.
    """

    writer: Writer
    first: int
    step: int = 0
    count: int = 1

    def takes(self, writer: Writer, number: int) -> bool:
        """Add a text, if it goes on as the run does."""
        if self.writer != writer:
            return False
        if self.count == 1:
            self.step = number - self.first
        elif number != self.first + self.count * self.step:
            return False
        self.count += 1
        return True


class UnansweredTexts:
    """The texts that wait for one member's receipts.

    A member who never confirms anything has at most `most_runs` runs kept; the oldest is given up for a new one.
    """

    __slots__ = ("_most_runs", "_runs")

    def __init__(self, most_runs: int = MOST_RUNS) -> None:
        self._most_runs = most_runs
        self._runs: list[_Run] = []

    def add(self, writer: Writer, number: int = 0) -> None:
        """The member was given a text."""
        if self._runs and self._runs[-1].takes(writer, number):
            return
        if len(self._runs) >= self._most_runs:
            del self._runs[0]
        self._runs.append(_Run(writer, number))

    def maybe_take_oldest(self) -> Confirmed | None:
        """The member confirms the text that has waited longest; None where none waits."""
        return self._take(0) if self._runs else None

    def maybe_take_from(self, client_id: int) -> Confirmed | None:
        """The member confirms the oldest text of this id; None where none of his waits."""
        for index, run in enumerate(self._runs):
            if run.writer.id == client_id:
                return self._take(index)
        return None

    def __len__(self) -> int:
        return sum(run.count for run in self._runs)

    def _take(self, index: int) -> Confirmed:
        run = self._runs[index]
        confirmed = Confirmed(run.writer, run.first)
        run.first += run.step
        run.count -= 1
        if not run.count:
            del self._runs[index]
        return confirmed
