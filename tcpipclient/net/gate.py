"""The one door to the session: one lock around the core, and what it wants to send leaves in the order of its making.

Owns the lock. Must never run a handler or wait for room while it is held. Threads: any.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from tcpipclient.core.session import Session
from tcpipclient.net.outbox import Outbox

T = TypeVar("T")


class Gate:
    """A session and the outbox for what it says."""

    def __init__(self, session: Session, outbox: Outbox) -> None:
        self._session = session
        self._outbox = outbox
        self._lock = threading.Lock()

    def run(self, act: Callable[[Session], T]) -> T:
        """Have something done with the session, then put into the outbox what it has to say.

        `act` must be short and must not block. What it raises is passed on.
        """
        with self._lock:
            done = act(self._session)
            self._outbox.put(self._session.data_to_send())
            return done

    def leave(self) -> None:
        """Say goodbye behind everything that waits, file blocks too; nothing goes out after it."""
        with self._lock:
            self._session.leave()
            self._outbox.finish(self._session.data_to_send())
