"""A hub as the operator's command line meets it, without a hub: a picture that the test paints, and what it was told.

Owns the fake and some people with keys whose codes are told apart. Must never decide anything. Threads: painted by the
test's own, asked by the callers' threads.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tcpipserver.control.answers import Client, Status, WaitingKey
from tcpipserver.control.listener import ControlListener
from tcpipserver.control.picture import Picture
from tcpipserver.hub import inputs
from tests.support.clock import WALL

SECONDS = 20.0
HUB_KEY, ANN_KEY, BOB_KEY, EVE_KEY = (bytes([number]) * 32 for number in (0xAA, 1, 2, 3))
STATUS = Status(
    version="1.2.3",
    pid=4711,
    port=9999,
    fingerprint=HUB_KEY,
    policy="open",
    takes_classic=True,
    started=WALL - 7500.0,
    now=WALL,
    encrypted=2,
    classic=1,
    arriving=0,
    waiting=1,
    banned=0,
    passed_bytes=3_200_000,
    passed_texts=1234,
    relays=2,
    relayed_bytes=1_500_000_000,
)
ANN = Client(id=1, name="Ann", computer="pc", address="192.0.2.1", key=ANN_KEY, since=WALL - 60.0, ping=0.0021)
BOB = Client(id=2, name="Bob", computer="pc", address="192.0.2.2", key=BOB_KEY, since=WALL - 50.0)
OLD = Client(id=3, name="Old", computer="pc", address="192.0.2.3", since=WALL - 40.0)
EVE = WaitingKey(key=EVE_KEY, name="Eve", computer="pc", address="192.0.2.4", since=WALL - 30.0)
PICTURE = Picture(STATUS, clients=(ANN, BOB, OLD), waiting=(EVE,))


class FakeHub:
    """Stands in for the service.

    Attributes:
        painted: What it looks like.
        told: The inputs that it was given.
        settled: How many these were each time that somebody waited until they were done.
        is_asked_to_stop: Set when somebody asked it to stop.
        failure: What is raised when it is looked at.
    """

    def __init__(self, painted: Picture = PICTURE) -> None:
        self.painted = painted
        self.told: list[inputs.Input] = []
        self.settled: list[int] = []
        self.is_asked_to_stop = threading.Event()
        self.failure: Exception | None = None

    def picture(self) -> Picture:
        """As it was painted."""
        if self.failure is not None:
            raise self.failure
        return self.painted

    def tell(self, happened: inputs.Input) -> None:
        """Note it."""
        self.told.append(happened)

    def settle(self) -> None:
        """Note how much it had been told."""
        self.settled.append(len(self.told))

    def ask_to_stop(self) -> None:
        """Note it."""
        self.is_asked_to_stop.set()


def with_people(*clients: Client) -> Picture:
    """The picture with these people alone."""
    return replace(PICTURE, clients=clients)


@contextmanager
def listening(data_dir: Path, hub: FakeHub | None = None) -> Iterator[ControlListener]:
    """A listener for a fake hub; it is stopped at the end, and must end."""
    broken: list[str] = []
    listener = ControlListener(data_dir, hub or FakeHub(), broken.append)
    try:
        listener.open()
        listener.start()
        yield listener
    finally:
        assert listener.stop(SECONDS)
    assert not broken
