"""The handlers thread: what it calls with what, in which order, and when senders have to wait.

Threads: pytest's main thread, which stands for the dispatcher, and the handlers'.
"""

import queue
import threading
from collections.abc import Iterator

import pytest

from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout
from tcpipserver.hub.effects import HandleCommand, HandlePackets, HandleText
from tcpipserver.hub.people import Credentials, Person
from tcpipserver.net.handlers import HIGH_MARK_BYTES, LOW_MARK_BYTES, Command, Handlers, Payload, SaidText

SECONDS = 20.0
ANN = Person(7, "192.0.2.7", Credentials("Ann"))


def packets(*texts: str) -> HandlePackets:
    """Commands with number 100, one for each text."""
    joined = b"".join(DataPacket(100, id_from=4321, text_a=text).encode() for text in texts)
    return HandlePackets(1, ANN, 100, Layout.DATA, joined)


@pytest.fixture
def drained() -> queue.SimpleQueue[Handlers]:
    """When the handlers said that they have caught up."""
    return queue.SimpleQueue()


@pytest.fixture
def handlers(drained: queue.SimpleQueue[Handlers]) -> Iterator[Handlers]:
    """Handlers that run, and have to end without breaking."""
    failed: list[str] = []
    made = Handlers(drained.put, failed.append)
    made.start()
    yield made
    assert made.stop(SECONDS)
    assert failed == []


def test_a_command_is_decoded_with_its_sender(handlers: Handlers) -> None:
    """One call for each packet, in order; idFrom is the sender's, whatever the packet says."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    handlers.register_command(100, taken.put)
    handlers.submit(packets("a", "b"))
    commands = [taken.get(timeout=SECONDS) for _ in "ab"]
    assert [command.packet.text_a for command in commands if isinstance(command.packet, DataPacket)] == ["a", "b"]
    assert {(command.number, command.sender, command.packet.id_from) for command in commands} == {(100, ANN, 7)}


def test_a_big_string_is_decoded_as_one(handlers: Handlers) -> None:
    """By the layout with which it came."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    handlers.register_command(101, taken.put)
    handlers.submit(HandlePackets(1, ANN, 101, Layout.BIG_STRING, BigStringPacket(101, text="big").encode()))
    packet = taken.get(timeout=SECONDS).packet
    assert isinstance(packet, BigStringPacket)
    assert (packet.text, packet.id_from) == ("big", 7)


def test_a_payload_reaches_the_handler_of_its_number(handlers: Handlers) -> None:
    """As it came; a number may have handlers for packets and for payloads, and each takes its own."""
    taken: queue.SimpleQueue[Payload] = queue.SimpleQueue()
    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    handlers.register_payload(100, taken.put)
    handlers.register_command(100, commands.put)
    handlers.submit(HandleCommand(1, ANN, 100, b"any bytes"))
    handlers.submit(packets("a packet"))
    assert taken.get(timeout=SECONDS) == Payload(ANN, 100, b"any bytes")
    assert commands.get(timeout=SECONDS).number == 100


def test_what_nobody_takes_is_not_kept(handlers: Handlers) -> None:
    """A number that is handled on the other wire alone, or not at all."""
    handlers.register_payload(100, pytest.fail)
    handlers.submit(packets("x"))
    handlers.submit(HandleCommand(1, ANN, 101, b"x"))
    assert handlers._waiting.empty()
    assert handlers._submitted == 0


def test_an_empty_payload_counts_too(handlers: Handlers) -> None:
    """As an empty text does."""
    release = threading.Event()
    handlers.register_payload(100, lambda _: release.wait(SECONDS) or pytest.fail("the test does not let it go on"))
    for _ in range(1025):
        handlers.submit(HandleCommand(1, ANN, 100, b""))
    assert handlers.is_full
    release.set()


def test_texts_and_commands_are_taken_one_after_the_other(handlers: Handlers) -> None:
    """On one thread, in the order in which they came."""
    taken: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()

    def take_command(command: Command) -> None:
        assert isinstance(command.packet, DataPacket)
        taken.put((command.packet.text_a, threading.current_thread().name))

    def take_text(said: SaidText) -> None:
        assert (said.sender, said.numbers) == (ANN, (1, -2))
        taken.put((said.text, threading.current_thread().name))

    handlers.register_command(100, take_command)
    handlers.register_text(take_text)
    handlers.submit(packets("first"))
    handlers.submit(HandleText(1, ANN, "second", (1, -2)))
    handlers.submit(packets("third"))
    assert [taken.get(timeout=SECONDS) for _ in range(3)] == [
        (text, "handlers") for text in ("first", "second", "third")
    ]


def test_texts_without_a_handler_are_not_kept(handlers: Handlers) -> None:
    """Nobody would ever take them."""
    handlers.submit(HandleText(1, ANN, "x" * 100, (0, 0)))
    assert handlers._waiting.empty()
    assert handlers._submitted == 0


def test_a_handler_can_be_replaced(handlers: Handlers) -> None:
    """The one that was registered last is called."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    handlers.register_command(100, pytest.fail)
    handlers.register_command(100, taken.put)
    handlers.submit(packets("x"))
    assert taken.get(timeout=SECONDS)


def test_above_the_high_mark_senders_wait_and_at_the_low_mark_they_go_on(
    handlers: Handlers, drained: queue.SimpleQueue[Handlers]
) -> None:
    """What waits is counted in bytes; the news of having caught up comes once, and only when it was asked for."""
    steps = threading.Semaphore(0)
    handlers.register_command(
        100, lambda _: steps.acquire(timeout=SECONDS) or pytest.fail("the test does not let it go on")
    )
    quarter = packets(*[""] * 256)
    size = len(quarter.packets)
    for _ in range(HIGH_MARK_BYTES // size):
        handlers.submit(quarter)
    assert not handlers.is_full
    handlers.submit(quarter)
    assert handlers.is_full
    assert not handlers.has_room
    handlers.is_waited_for = True
    steps.release(256 * ((HIGH_MARK_BYTES + size - LOW_MARK_BYTES) // size - 1))
    steps.release(255)
    assert drained.empty()
    assert handlers.is_waited_for
    steps.release(1)
    assert drained.get(timeout=SECONDS) is handlers
    assert handlers.has_room
    assert not handlers.is_waited_for
    steps.release(512)
    assert handlers.stop(SECONDS)
    assert drained.empty()


def test_an_empty_text_counts_too(handlers: Handlers) -> None:
    """A thousand of them are a mebibyte that waits."""
    release = threading.Event()
    handlers.register_text(lambda _: release.wait(SECONDS) or pytest.fail("the test does not let it go on"))
    for _ in range(1025):
        handlers.submit(HandleText(1, ANN, "", (0, 0)))
    assert handlers.is_full
    release.set()


def test_stopping_takes_what_waits_first(drained: queue.SimpleQueue[Handlers]) -> None:
    """What clients sent before the end is handled."""
    taken: list[Command] = []
    handlers = Handlers(drained.put, pytest.fail)
    handlers.register_command(100, taken.append)
    for _ in range(100):
        handlers.submit(packets("x"))
    handlers.start()
    assert handlers.stop(SECONDS)
    assert len(taken) == 100
