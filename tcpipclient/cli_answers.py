"""The waiting of a command for several people's word, and the exit code that comes of it.

Owns who has not answered yet, what is to be complained of, and which of several ends counts. Must never know what was
sent: cli_send.py, cli_deliveries.py and cli_batch_deliveries.py do. Thread: the program's main thread.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_wording import Report

Awaited = TypeVar("Awaited")


class Answers(ABC, Generic[Awaited]):
    """Whose word is missing.

    Attributes:
        waiting: By number, those whose word is missing.
        complaints: A sentence for each whose word was a bad one, or never came.
    """

    def __init__(self, waiting: Mapping[int, Awaited]) -> None:
        self.waiting = dict(waiting)
        self.complaints: list[str] = []
        self._failed = False
        self._timed_out = False

    @property
    def exit_code(self) -> ExitCode:
        """A failure counts before a lack of patience."""
        if self._failed:
            return ExitCode.FAILED
        return ExitCode.TIMED_OUT if self._timed_out else ExitCode.DONE

    def give_up(self, seconds: float) -> list[Report]:
        """Nobody waits any longer for what is missing after so many seconds; what is to be told of it."""
        self._timed_out = bool(self.waiting)
        return [self._missing(number, self._silence(number, seconds), timed_out=True) for number in list(self.waiting)]

    def _fail(self, number: int, reason: str) -> Report:
        self._failed = True
        return self._missing(number, reason, timed_out=False)

    @abstractmethod
    def _silence(self, number: int, seconds: float) -> str:
        """What to tell of one of whom nothing was heard for so long."""

    @abstractmethod
    def _missing(self, number: int, reason: str, *, timed_out: bool) -> Report:
        """Take one out of those who are waited for, and complain of it."""
