"""What the hub logs while a test runs.

Owns a handler on the hub's loggers. It must never change what is logged. Threads: any may log; the test's own looks.
"""

import logging
from types import TracebackType
from typing import Self

from commonlib.meaning import Meaning
from tests.support.leaks import wait_until

SECONDS = 20.0


class LogLines(logging.Handler):
    """Collects from `with` to its end.

    Attributes:
        records: All records so far.
    """

    def __init__(self, logger: str = "tcpipserver") -> None:
        super().__init__(logging.NOTSET)
        self.records: list[logging.LogRecord] = []
        self._logger = logging.getLogger(logger)
        self._level_before = self._logger.level

    def __enter__(self) -> Self:
        self._level_before = self._logger.level
        self._logger.addHandler(self)
        self._logger.setLevel(logging.DEBUG)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level_before)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)

    def lines(self, meaning: Meaning | None = None) -> list[str]:
        """The texts so far, all or those of one meaning."""
        return [record.getMessage() for record in self.records if meaning in (None, record.levelno)]

    def wait_for(self, part: str) -> str:
        """The first line that contains this; raises AssertionError when none comes."""
        assert wait_until(lambda: any(part in line for line in self.lines()), SECONDS), (
            f"no line says {part!r}; there are: {self.lines()}"
        )
        return next(line for line in self.lines() if part in line)

    def count(self, part: str) -> int:
        """How many lines contain this."""
        return sum(part in line for line in self.lines())

    def faults(self) -> list[str]:
        """Lines that tell of a defect of ours: errors, and all that come with a traceback."""
        return [
            f"{record.getMessage()} {record.exc_info[1]!r}" if record.exc_info else record.getMessage()
            for record in self.records
            if record.exc_info or record.levelno >= logging.ERROR
        ]
