"""Clients in tests: connected in memory, with everything that they are told kept for the test to look at.

Owns the waiting for events. It must never sleep: whoever waits is woken by the event. Thread: the test's own; events
come on the client's.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from tcpipclient import Client, ClientConfig, Event, Trust
from tcpipclient.config import ClientSettings
from tcpipclient.exchange import FileExchange
from tests.support.memory_network import CAPACITY, SECONDS, MemoryNetwork

T = TypeVar("T")

ANY_HUB: ClientSettings = {"trust": Trust.FIRST_USE, "allow_unencrypted": True}
"""Settings of clients in tests that are about something else: an original hub will do, and so will one of ours."""


class MemoryClient(Client):
    """A client on a network of its own.

    Args:
        capacity: What each direction of a connection holds, in bytes.
    """

    def __init__(self, config: ClientConfig, capacity: int = CAPACITY, exchange: FileExchange | None = None) -> None:
        self.network = MemoryNetwork(capacity)
        super().__init__(config, connect_with=self.network.connect, exchange=exchange)


class Heard:
    """All events of one client, in their order."""

    def __init__(self, client: Client) -> None:
        self._changed = threading.Condition()
        self._events: list[Event] = []
        client.on_event(self._receive)

    def _receive(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    @property
    def events(self) -> list[Event]:
        """What was told so far."""
        with self._changed:
            return list(self._events)

    def all(self, kind: type[T]) -> list[T]:
        """What was told so far of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def wait_for(self, kind: type[T], condition: Callable[[T], bool] = lambda _: True, *, after: int = 0) -> T:
        """Wait for an event of a kind for which the condition holds, passing over the first `after` events."""

        def found() -> T | None:
            return next((event for event in self._events[after:] if isinstance(event, kind) and condition(event)), None)

        with self._changed:
            event = self._changed.wait_for(found, SECONDS)
        if event is None:
            raise AssertionError(f"no {kind.__name__} came, but {self._events}")
        return event
