"""The functions of a program that are told of a client's events.

Owns who is told of what, and in which order. Must never call one while its lock is held. Threads: any may register;
handlers are called on the dispatcher thread, and before the hub has taken us in on the one that connects.
"""

import threading
from collections.abc import Callable

from tcpipclient.core.events import CommandArrived, Event, PacketIgnored, PayloadArrived
from tcpipclient.net.late_logger import LateLogger

Handler = Callable[[Event], object]

_log = LateLogger(__name__)


class HandlerTable:
    """All handlers of one client.

    Args:
        first: Is told of everything before all others, so that they find our own books up to date.
    """

    def __init__(self, first: Handler) -> None:
        self._lock = threading.Lock()
        self._first = first
        self._all: tuple[Handler, ...] = ()
        self._by_command: dict[int, Callable[[CommandArrived], object]] = {}
        self._by_payload: dict[int, Callable[[PayloadArrived], object]] = {}

    def add(self, handler: Handler) -> None:
        """Have a handler told of everything from now on."""
        with self._lock:
            self._all = (*self._all, handler)

    def set_command(self, number: int, handler: Callable[[CommandArrived], object]) -> None:
        """Have a handler told of a command, in place of the one before."""
        with self._lock:
            self._by_command[number] = handler

    def set_payload(self, number: int, handler: Callable[[PayloadArrived], object]) -> None:
        """Have a handler told of the payloads of a number, in place of the one before."""
        with self._lock:
            self._by_payload[number] = handler

    def of(self, event: Event) -> tuple[Handler, ...]:
        """Who is to be told of an event, in order."""
        if isinstance(event, PacketIgnored):
            _log.info("ignored: %s", event.detail)
        with self._lock:
            own = self._maybe_own_locked(event)
            return (self._first, *([own] if own else ()), *self._all)

    def tell(self, event: Event) -> None:
        """Tell of what comes before the hub has taken us in. What a handler raises is logged."""
        for handler in self.of(event):
            try:
                handler(event)
            except Exception:  # noqa: BLE001 - a handler of the user's must not keep us from getting in
                _log.exception("a handler has failed on %s", type(event).__name__)

    def _maybe_own_locked(self, event: Event) -> Handler | None:
        """The one that was registered for this command alone."""
        match event:
            case CommandArrived(number=number) if number in self._by_command:
                take_command = self._by_command[number]
                return lambda _: take_command(event)
            case PayloadArrived(number=number) if number in self._by_payload:
                take_payload = self._by_payload[number]
                return lambda _: take_payload(event)
            case _:
                return None
