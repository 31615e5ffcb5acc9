"""One connection of the window: what is told in which order, and when its thread ends.

Thread: pytest's main thread; the connection's work is run on it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tcpipclient import Client, Event, NotConnectedError, UnknownPersonError
from tcpipclient.core.batch_events import BatchChanged, BatchState
from tcpipclient.core.events import (
    ConnectionLost,
    Direction,
    FileNotSent,
    FileProgressed,
    FileSent,
    Loss,
    PersonLeft,
    TextDelivered,
    TextNotDelivered,
)
from tcpipclient.gui.connection import NOT_ENCRYPTED, Connection
from tcpipclient.gui.model import (
    Arrived,
    BatchRefused,
    BatchStarted,
    FileRefused,
    FileStarted,
    ModelEvent,
    TextRefused,
    TextSent,
)
from tests.support.client_window import ANN


class QuickClient:
    """A client whose peers answer before its own call has returned: `answers` are told during the next one."""

    def __init__(self) -> None:
        self.tell: Callable[[Event], object] = print
        self.answers: list[Event] = []
        self.error: Exception | None = None
        self.is_classic = False
        self.calls: list[tuple[Any, ...]] = []
        self._number = 0

    def on_event(self, handler: Callable[[Event], object]) -> None:
        self.tell = handler

    def send_text(self, text: str, to: tuple[int, ...], numbers: tuple[int, int]) -> SimpleNamespace:
        return self._send("send_text", text, to, numbers)

    def send_file(self, path: Path, to: int) -> SimpleNamespace:
        return self._send("send_file", path, to)

    def send_files(self, paths: Sequence[Path], to: int, *, links: bool) -> SimpleNamespace:
        sent = self._send("send_files", paths, to, links)
        return SimpleNamespace(number=0, transfers=(sent,)) if self.is_classic else sent

    def cancel_file(self, number: int) -> None:
        self.calls.append(("cancel_file", number))

    def ask_latencies(self, ids: tuple[int, ...]) -> None:
        self.calls.append(("ask_latencies", ids))
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        self.calls.append(("close",))

    def _send(self, *call: object) -> SimpleNamespace:
        self.calls.append(call)
        self._number += 1
        for answer in self.answers:
            self.tell(answer)
        self.answers = []
        if self.error is not None:
            raise self.error
        return SimpleNamespace(number=self._number)


class Wired:
    """A connection with the number 5, its client, and what it told."""

    def __init__(self) -> None:
        self.client = QuickClient()
        self.told: list[ModelEvent] = []
        self.connection = Connection(5, cast(Client, self.client), self.told.append)

    def work(self) -> None:
        """Do all that waits."""
        self.connection.close()
        self.connection.work()


@pytest.fixture
def wired() -> Wired:
    """A new one."""
    return Wired()


@pytest.mark.parametrize("answer", [TextDelivered(1, 2), TextNotDelivered(1, 2, "left")])
def test_a_word_that_comes_early_is_told_behind_the_number(wired: Wired, answer: Event) -> None:
    """Else nobody knew whose word it is; other events are not held back for it."""
    wired.client.answers = [answer, PersonLeft(ANN)]
    wired.connection.send_text(40, "hello", (2,), (3, 4))
    wired.work()
    assert wired.told == [Arrived(5, PersonLeft(ANN)), TextSent(5, 40, 1), Arrived(5, answer)]
    assert wired.client.calls[1] == ("send_text", "hello", (2,), (3, 4))
    wired.client.tell(answer)
    assert len(wired.told) == 4


@pytest.mark.parametrize(
    "answer",
    [
        FileSent(1, 2, "a", 5),
        FileNotSent(1, 2, "a", "left"),
        FileProgressed(1, Direction.OUTGOING, 2, "a", 1, 5),
    ],
)
def test_what_happens_early_to_a_file_is_told_behind_its_number(wired: Wired, answer: Event) -> None:
    """Progress of a file for us is not ours to hold back."""
    incoming = FileProgressed(1, Direction.INCOMING, 2, "b", 1, 5)
    wired.client.answers = [answer, incoming]
    wired.connection.send_file(41, Path("a"), 2)
    wired.work()
    assert wired.told == [Arrived(5, incoming), FileStarted(5, 41, 1), Arrived(5, answer)]


def test_what_the_client_refuses_is_told(wired: Wired) -> None:
    """With its sentence; a word about a text that failed half-way is told behind the next number, and harms nobody."""
    wired.client.error = UnknownPersonError(2)
    wired.client.answers = [TextDelivered(1, 2)]
    wired.connection.send_text(40, "hello", (2,), (0, 0))
    wired.connection.send_file(41, Path("a"), 2)
    wired.work()
    sentence = str(UnknownPersonError(2))
    assert wired.told == [TextRefused(5, 40, sentence), FileRefused(5, 41, sentence)]
    wired.client.error = None
    wired.connection.send_text(42, "again", (2,), (0, 0))
    wired.work()
    assert wired.told[2:] == [TextSent(5, 42, 3), Arrived(5, TextDelivered(1, 2))]


def test_the_work_ends_with_the_connection(wired: Wired) -> None:
    """Whatever ends it; what was still to be sent before is tried, and what comes behind is not."""
    wired.client.error = NotConnectedError()
    wired.connection.send_text(40, "before", (2,), (0, 0))
    lost = ConnectionLost(Loss.CLOSED, "It ended.")
    wired.client.tell(lost)
    wired.connection.send_text(41, "behind", (2,), (0, 0))
    wired.connection.work()
    assert wired.told == [Arrived(5, lost), TextRefused(5, 40, str(NotConnectedError()))]
    assert wired.client.calls[-1] == ("close",)


def test_latencies_are_asked_for_until_the_connection_ends(wired: Wired) -> None:
    """That it has ended is told by its own event, so this says nothing."""
    wired.connection.ask_latencies((2, 3))
    wired.client.error = NotConnectedError()
    wired.work()
    assert ("ask_latencies", (2, 3)) in wired.client.calls
    assert wired.told == []


def test_what_happens_early_to_a_batch_is_told_behind_its_number(wired: Wired) -> None:
    """Whatever its number is: those of batches go on over connections. What is for us is not held back."""
    ours, for_us = (BatchChanged(1, way, 2, BatchState.OFFERED) for way in (Direction.OUTGOING, Direction.INCOMING))
    wired.client.tell(ours)
    wired.client.answers = [ours, for_us]
    wired.connection.send_batch(40, [Path("a"), Path("b")], 2, links=True)
    wired.work()
    started = BatchStarted(5, 40, 1)
    assert wired.told == [Arrived(5, ours), Arrived(5, for_us), started, Arrived(5, ours)]
    assert wired.client.calls[1] == ("send_files", [Path("a"), Path("b")], 2, True)


def test_a_batch_that_is_not_taken_says_why(wired: Wired) -> None:
    """And one that would go in the clear is not sent: the user was not told that."""
    wired.client.error = UnknownPersonError(2)
    wired.connection.send_batch(40, [Path("a")], 2, links=False)
    wired.work()
    assert wired.told == [BatchRefused(5, 40, str(UnknownPersonError(2)))]
    again = Wired()
    again.client.is_classic = True
    again.connection.send_batch(41, [Path("a")], 2, links=False)
    again.work()
    assert again.told == [BatchRefused(5, 41, NOT_ENCRYPTED)]
    assert ("cancel_file", 1) in again.client.calls
