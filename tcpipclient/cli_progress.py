"""Progress bars on the terminal, one for each long transfer, below everything else that is told.

Owns what is drawn, and when it is worth drawing. Must never draw where standard error is no terminal or JSON is wanted,
and imports rich only when the first bar appears. Threads: called by the program's main thread; rich redraws on one of
its own, which `close` ends.
"""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from tcpipclient.cli_output import Output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SMALLEST_SHOWN = 1 << 20
"""Bytes; a smaller file is there before a bar can be read."""


class Bars:
    """The bars of one command; as a context manager it takes them off at the end."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._wanted = output.has_screen and not output.as_json
        self._progress: Progress | None = None
        self._tasks: dict[int, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.hide()

    def show(self, transfer: int, description: str, done: int, size: int) -> None:
        """Draw how far a transfer is; `description` must be safe for a terminal."""
        if not self._wanted or size < SMALLEST_SHOWN:
            return
        if self._progress is None:
            self._progress = self._make_progress()
        if transfer not in self._tasks:
            self._tasks[transfer] = self._progress.add_task(description, total=size)
        self._progress.update(self._tasks[transfer], completed=done)
        if self._output.above is None:
            self._progress.start()
            self._output.above = self._print_above

    def remove(self, transfer: int) -> None:
        """Take a transfer's bar off, if it has one."""
        task = self._tasks.pop(transfer, None)
        if task is None or self._progress is None:
            return
        self._progress.remove_task(task)
        if not self._tasks:
            self.hide()

    def hide(self) -> None:
        """Take all bars off the screen until the next `show`."""
        if self._progress is not None and self._output.above is not None:
            self._progress.stop()
            self._output.above = None

    def _make_progress(self) -> "Progress":
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        return Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(file=self._output.screen),
            transient=True,
            # Standard output may be a file while the bars are on a terminal: it must go where it goes.
            redirect_stdout=False,
        )

    def _print_above(self, line: str) -> None:
        assert self._progress is not None
        self._progress.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
