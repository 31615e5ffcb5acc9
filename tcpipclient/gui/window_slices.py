"""Long work on widgets cut into slices, so that the window answers in between.

Owns the queue of steps and the time a slice may take. Steps run in the order in which they came; one that comes while
none waits runs at once. Must never run a step on another thread. Thread: Tk's.
"""

import time
import tkinter as tk
from collections import deque
from collections.abc import Callable, Iterable

SLICE_SECONDS = 0.008
_PAUSE_MILLISECONDS = 4

Step = Callable[[], object]


class Slices:
    """Steps for one widget, which end with it.

    Args:
        seconds: What a slice may take; a step that has begun ends.
    """

    def __init__(self, widget: tk.Misc, seconds: float = SLICE_SECONDS) -> None:
        self._widget, self._seconds = widget, seconds
        self._steps: deque[Step] = deque()
        self._timer: str | None = None
        widget.bind("<Destroy>", self._ended, add="+")

    def add(self, *steps: Step) -> None:
        """Run these after those that wait."""
        self._extend(steps)

    def replace(self, steps: Iterable[Step]) -> None:
        """Forget those that wait, and run these."""
        self._steps.clear()
        self._extend(steps)

    def _extend(self, steps: Iterable[Step]) -> None:
        self._steps.extend(steps)
        if self._timer is None:
            self._run()

    def _run(self) -> None:
        self._timer = None
        end = time.monotonic() + self._seconds
        while self._steps:
            self._steps.popleft()()
            if time.monotonic() >= end:
                break
        if self._steps:
            self._timer = self._widget.after(_PAUSE_MILLISECONDS, self._run)

    def _ended(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self._widget:
            self._steps.clear()
            if self._timer is not None:
                self._widget.after_cancel(self._timer)
