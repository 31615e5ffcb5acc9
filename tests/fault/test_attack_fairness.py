"""Work that one client makes for the hub must not keep the others waiting for theirs.

Threads: pytest's main thread and, where a dispatcher runs, its own.
"""

import sys
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType
from typing import Any

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import LARGEST_SHORT_ID
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.identifiers import MOST_FILES_PER_SENDER, FileIds
from tcpipserver.hub.inputs import Joined
from tcpipserver.hub.people import Credentials
from tcpipserver.net.connection import Connection
from tcpipserver.net.dispatcher import Dispatcher
from tcpipserver.net.inbox import Asked, Happened, Item, Opened
from tcpipserver.net.normalizer import Cut
from tests.support.clock import FakeClock
from tests.support.dispatchers import Noted, dispatcher_of
from tests.support.hub_connections import NotingCaretaker, connection_on
from tests.support.stub_socket import StubSocket

SECONDS = 20.0
A_LONG_TIME = 0.5
"""Seconds that one piece of work takes here, by a clock that the test moves."""
MOST_STEPS = 100
"""Lines of the program that the beginning of a file may run through."""


def joined(dispatcher: Dispatcher, number: int) -> tuple[Connection, StubSocket]:
    """Somebody who is registered."""
    stub = StubSocket()
    connection = connection_on(stub, number)
    dispatcher.post(Opened(connection))
    assert connection.greetings is not None
    assert connection.greetings.get(timeout=SECONDS)
    stub.sent.clear()
    connection.register(NotingCaretaker())
    dispatcher.post(Happened(Joined(number, Credentials(f"Guest {number}"))))
    return connection, stub


def said(sender: Connection, packet: DataPacket) -> Item:
    """A packet as the normalizer hands it over."""
    data = packet.encode()
    sender.credit.add_read(len(data))
    return [Cut(sender, sender.dialect.cut(data), len(data))]


def asked(dispatcher: Dispatcher, question: Callable[[Hub], object]) -> "Future[Any]":
    """Something that the dispatcher does when its turn comes."""
    answer: Future[Any] = Future()
    dispatcher.post(Asked(question, answer))
    return answer


def test_an_answer_does_not_wait_for_the_work_behind_it() -> None:
    """What is due to somebody goes out once a round has taken long, though others have sent more to be done."""
    clock, noted = FakeClock(), Noted()
    dispatcher = dispatcher_of(Hub(), clock, noted)
    dispatcher.start()
    try:
        bob, of_bob = joined(dispatcher, 1)
        flooder, _ = joined(dispatcher, 2)
        answer = DataPacket(777, id_to=1, id_from=1).encode()
        all_is_there: Future[None] = Future()
        asked(dispatcher, lambda _: all_is_there.result(SECONDS))
        dispatcher.post(said(bob, DataPacket(777, id_to=1)))
        asked(dispatcher, lambda _: clock.advance(A_LONG_TIME))
        dispatcher.post(said(flooder, DataPacket(778, id_to=2)))
        was_answered = asked(dispatcher, lambda _: answer in of_bob.stream)
        dispatcher.post(said(flooder, DataPacket(778, id_to=2)))
        all_is_there.set_result(None)
        assert was_answered.result(SECONDS)
    finally:
        assert dispatcher.stop(SECONDS)
    assert noted.failed == []


def test_a_file_begins_as_easily_when_others_hoard_the_numbers() -> None:
    """To find a free number among 65,536 takes no step for each one that is in use."""
    files = FileIds()
    hoarders = (LARGEST_SHORT_ID + 1) // MOST_FILES_PER_SENDER - 1
    for sender in range(hoarders):
        for file_id in range(MOST_FILES_PER_SENDER):
            files.maybe_begin(sender, 0, sender * MOST_FILES_PER_SENDER + file_id)
    steps = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        begun = files.maybe_begin(hoarders, 0, 0)
    finally:
        sys.settrace(before)
    assert begun == hoarders * MOST_FILES_PER_SENDER
    assert 0 < steps < MOST_STEPS
