"""Loggers that cost nothing until there is something to log: loading `logging` takes longer than many a connection.

Owns the decision when it is loaded. Must never swallow what somebody could want to read: a warning and all above it is
always logged, what is below it where `logging` is loaded, without which nobody can have asked for it. Any thread.
"""

import sys
from typing import Any

_CALLER = 2
"""A record tells the place from which the method below was called, not the method."""


class LateLogger:
    """The logger of a name, with the methods that the client uses; they mean what those of logging.Logger do."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, message: str, *arguments: object) -> None:
        """Log what only who looks for a fault wants to know."""
        if "logging" in sys.modules:
            self._logger().debug(message, *arguments, stacklevel=_CALLER)

    def info(self, message: str, *arguments: object) -> None:
        """Log what is as it should be."""
        if "logging" in sys.modules:
            self._logger().info(message, *arguments, stacklevel=_CALLER)

    def warning(self, message: str, *arguments: object) -> None:
        """Log what somebody should look at."""
        self._logger().warning(message, *arguments, stacklevel=_CALLER)

    def exception(self, message: str, *arguments: object) -> None:
        """Log an error that is being handled, with its traceback."""
        self._logger().exception(message, *arguments, stacklevel=_CALLER)

    def _logger(self) -> Any:
        import logging

        return logging.getLogger(self._name)
