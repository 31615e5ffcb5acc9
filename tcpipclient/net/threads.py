"""How a thread of the client begins and what happens when its work fails: the one place that catches everything.

Owns the naming and the last resort. Must never hide a failure: it goes into the log with its traceback, and whoever
depends on the thread is told. Threads: made by the link's.
"""

import threading
from collections.abc import Callable

from commonlib.storage.giving_way import give_way
from tcpipclient.net.late_logger import LateLogger

_log = LateLogger(__name__)


def make_thread(
    name: str, work: Callable[[], None], on_failure: Callable[[], None], *, gives_way: bool = False
) -> threading.Thread:
    """A thread, not started, that does some work; `on_failure` is called on it when the work raises.

    It is a daemon: a program that forgets to close its client still ends.

    Args:
        gives_way: Whether it has much to do for which nobody waits from moment to moment.
    """

    def run() -> None:
        if gives_way:
            give_way()
        try:
            work()
        except Exception:  # noqa: BLE001 - the top of every thread
            _log.exception("the %s thread of the client has failed", name)
            on_failure()

    return threading.Thread(target=run, name=f"tcpipclient-{name}", daemon=True)
