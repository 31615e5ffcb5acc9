"""One thread of the hub with a name, a clean start and a clean end.

Owns the thread. Must never swallow what went wrong inside: it is logged with its traceback and told to whoever owns the
hub, which then stops instead of limping on. `start` and `join` are called by the service's thread.
"""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Worker:
    """Runs one function on one thread until the function returns."""

    def __init__(self, name: str, run: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._run = run
        self._failed = failed
        self._thread = threading.Thread(target=self._run_guarded, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def join(self, timeout: float) -> bool:
        """Wait for the thread's end; whether it has come. True for a thread that never started.

        Called on the thread itself it does not wait: that thread ends when it returns.
        """
        if self._thread.ident is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run_guarded(self) -> None:
        try:
            self._run()
        except Exception:
            log.exception("The %s thread broke; the hub stops.", self._thread.name)
            self._failed(self._thread.name)
