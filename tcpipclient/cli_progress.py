"""Progress bars on the terminal, one for each transfer that takes long, below everything else that is told.

Owns what is drawn, and when it is worth drawing. Must never draw where standard error is no terminal or JSON is wanted,
and imports rich only when the first bar appears. Threads: called by the program's main thread; rich redraws on one of
its own, which `close` ends.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tcpipclient.cli_batches import Row
from tcpipclient.cli_output import Output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SMALLEST_SHOWN = 1 << 20
"""Bytes; a smaller file is there before a bar can be read."""
SECONDS_BEFORE_ROWS = 0.5
"""From when a batch was first asked to be shown; most are there by then, and loading what draws takes time."""


class Bars:
    """The bars of one command; as a context manager it takes them off at the end."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._wanted = output.has_screen and not output.as_json
        self._progress: Progress | None = None
        self._tasks: dict[int, TaskID] = {}
        self._first_asked: dict[int, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.hide()

    def next_look(self, until: float | None, now: float) -> float | None:
        """Until when to wait for the next thing: `until`, or sooner where somebody sees batches."""
        if not self._wanted or not self._first_asked:
            return until
        look = now + SECONDS_BEFORE_ROWS
        return look if until is None else min(until, look)

    def show(self, transfer: int, description: str, done: int, size: int) -> None:
        """Draw how far a transfer is; `description` must be safe for a terminal."""
        if not self._wanted or size < SMALLEST_SHOWN:
            return
        self._draw(transfer, description, done, size, None)

    def show_rows(self, rows: Iterable[Row], now: float) -> None:
        """Draw how far batches are that have been shown for a while; `now` is monotonic."""
        for row in rows if self._wanted else ():
            if now - self._first_asked.setdefault(row.number, now) >= SECONDS_BEFORE_ROWS:
                self._draw(row.number, row.label, row.done, row.size, row.note)

    def remove(self, transfer: int) -> None:
        """Take a transfer's bar off, if it has one."""
        self._first_asked.pop(transfer, None)
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

    def _draw(self, transfer: int, description: str, done: int, size: int, note: str | None) -> None:
        """Without a note, speed and time left are those that the bar itself has seen."""
        if self._progress is None:
            self._progress = self._make_progress()
        if transfer not in self._tasks:
            self._tasks[transfer] = self._progress.add_task(description, total=size or None, note=note)
        self._progress.update(self._tasks[transfer], completed=done, total=size or None, note=note)
        if self._output.above is None:
            self._progress.start()
            self._output.above = self._print_above

    def _make_progress(self) -> "Progress":
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            ProgressColumn,
            Task,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )
        from rich.text import Text

        speed, left = TransferSpeedColumn(), TimeRemainingColumn()

        class NoteColumn(ProgressColumn):
            """What was told of a transfer, else its speed and the time left."""

            def render(self, task: Task) -> Text:
                note = task.fields["note"]
                return Text.assemble(speed.render(task), " ", left.render(task)) if note is None else Text(note)

        return Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            NoteColumn(),
            console=Console(file=self._output.screen),
            transient=True,
            # Standard output may be a file while the bars are on a terminal: it must go where it goes.
            redirect_stdout=False,
        )

    def _print_above(self, line: str) -> None:
        assert self._progress is not None
        self._progress.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
