"""A program's own work on a running hub: commands with handlers, texts to the server, sending as the server.

Threads: the hub's own, and pytest's main thread as every client and as the program.
"""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, PacketType
from commonlib.classic.texts import split_text
from commonlib.exceptions import FieldError
from tcpipserver import EVERYONE, Command, NotRunningError, SaidText, Server, ServerConfig
from tests.support.classic_client import SECONDS, ClassicClient, credentials
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub

LIE = 4321


@contextmanager
def program() -> Iterator[tuple[Server, RunningHub]]:
    """A Server that runs, and the hub in it with clients to connect."""
    server = Server(ServerConfig(host="127.0.0.1", port=0))
    with running_hub(service=server._service) as hub:
        yield server, hub


def test_a_handler_takes_a_data_command() -> None:
    """A command for id 0 with a handler reaches it, decoded, with its sender, and reaches nobody else."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    with program() as (server, hub):
        server.register(100, handler=taken.put)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(DataPacket(100, id_from=LIE, text_a="line 7", longs=(8,)).encode())
        command = taken.get(timeout=SECONDS)
        assert (command.number, command.sender.name) == (100, "Ann")
        assert isinstance(command.packet, DataPacket)
        assert (command.packet.id_from, command.packet.text_a, command.packet.long(1)) == (ann.id, "line 7", 8)
        for client in (ann, bob):
            client.echo()
            assert not client.has_received(100)


def test_a_handler_takes_a_big_string_command() -> None:
    """A command registered as BIG_STRING is decoded as one, several in a row one by one and in order."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    with program() as (server, hub):
        server.register(101, Layout.BIG_STRING, taken.put)
        ann = hub.join("Ann")
        ann.send(b"".join(BigStringPacket(101, extra=n, text="z" * n).encode() for n in range(50)))
        packets = [taken.get(timeout=SECONDS).packet for _ in range(50)]
        assert packets == [
            BigStringPacket(101, id_from=ann.id, string_length=n, extra=n, text="z" * n) for n in range(50)
        ]


def test_a_handler_leaves_addressed_packets_alone() -> None:
    """With an address a command goes to that client, although the server has a handler for its number."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    with program() as (server, hub):
        server.register(100, handler=taken.put)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(DataPacket(100, id_to=bob.id).encode())
        bob.wait_for(100)
        assert taken.empty()


def test_a_number_without_a_handler_goes_to_all() -> None:
    """Registering a layout alone changes nothing about who hears a command."""
    with program() as (server, hub):
        server.register(102, Layout.BIG_STRING)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(BigStringPacket(102, id_from=LIE, text="all").encode())
        for client in (ann, bob):
            assert BigStringPacket.decode(client.wait_for(102)).id_from == ann.id


def test_a_handler_registered_before_the_start_misses_nothing() -> None:
    """The first packet of the first client finds it."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()
    server = Server(ServerConfig(host="127.0.0.1", port=0))
    server.register(100, handler=taken.put)
    with server, ClassicClient(server.port) as ann:
        ann.greet()
        ann.send(credentials("Ann") + DataPacket(100).encode())
        assert taken.get(timeout=SECONDS).sender.name == "Ann"


def test_a_handler_takes_texts_to_the_server() -> None:
    """A text for id 0 reaches the text handler with the two numbers."""
    taken: queue.SimpleQueue[SaidText] = queue.SimpleQueue()
    with program() as (server, hub):
        server.on_text(taken.put)
        ann = hub.join("Ann")
        ann.say("n" * 700, to=0, numbers=(1, -2))
        said = taken.get(timeout=SECONDS)
        assert (said.sender.id, said.text, said.numbers) == (ann.id, "n" * 700, (1, -2))


@pytest.mark.parametrize("error", [LookupError("made up"), SystemExit(1)])
def test_a_handler_that_raises_is_told_and_the_next_runs(error: BaseException) -> None:
    """What breaks in a handler is logged with its traceback; the hub and the handlers thread go on."""
    taken: queue.SimpleQueue[Command] = queue.SimpleQueue()

    def break_at_first(command: Command) -> None:
        taken.put(command)
        if isinstance(command.packet, DataPacket) and command.packet.text_a == "break":
            raise error

    with program() as (server, hub):
        server.register(100, handler=break_at_first)
        ann = hub.join("Ann")
        ann.send(DataPacket(100, text_a="break").encode() + DataPacket(100, text_a="go on").encode())
        taken.get(timeout=SECONDS)
        taken.get(timeout=SECONDS)
        ann.echo()
        hub.expected_faults = 1
        hub.log.wait_for("A handler broke; the hub goes on.")
        assert not hub.service.wait(0)


def test_a_slow_handler_holds_back_its_sender_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a handler cannot keep up, whoever sends to it is not read, and that is not counted as his silence.

    Others are served meanwhile, and in the end everything is handled, once and in order.
    """
    monkeypatch.setattr("tcpipserver.service.SystemClock", FakeClock)
    go_on, handled = threading.Event(), []

    def slow(command: Command) -> None:
        assert go_on.wait(SECONDS)
        assert isinstance(command.packet, DataPacket)
        handled.append(command.packet.long(1))

    block = b"".join(DataPacket(100, longs=(number,)).encode() for number in range(1024))
    with program() as (server, hub):
        server.register(100, handler=slow)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        taken = ann.send_until(lambda: hub.has_stopped_reading(ann), block)
        bob.echo()
        assert server._service._budget.used <= 2 << 20
        for _ in range(11):
            hub.advance(60.0)
            bob.echo()
        assert [person.name for person in server.people] == ["Ann", "Bob"]
        go_on.set()
        total = 1024 * ann.send_rest(block, taken)
        assert wait_until(lambda: len(handled) == total, SECONDS)
        assert handled == [number % 1024 for number in range(total)]
        ann.echo()


def test_many_empty_texts_do_not_pile_up_before_a_slow_handler() -> None:
    """A text without a character takes memory too, and holds its sender back in the end."""
    go_on = threading.Event()

    def slow(_: SaidText) -> None:
        assert go_on.wait(SECONDS)

    with program() as (server, hub):
        server.on_text(slow)
        ann = hub.join("Ann")
        try:
            ann.send_until(lambda: hub.has_stopped_reading(ann), split_text("", id_to=0) * 512)
            assert server._service.handlers._waiting.qsize() < 4096
        finally:
            go_on.set()


def test_the_server_says_a_text_to_some_or_all() -> None:
    """A text of the server comes from id 0; ids that are not here are passed over; the receipt is logged."""
    with program() as (server, hub):
        ann, bob = hub.join("Ann"), hub.join("Bob")
        server.send_text("to you", to=[bob.id, 77], numbers=(5, 6))
        packet = DataPacket.decode(bob.wait_for(PacketType.MESSAGE))
        assert (packet.id_from, packet.id_to, packet.text_a, packet.data(16)) == (0, bob.id, "to you", 5)
        bob.send(DataPacket(PacketType.MESSAGE_RECEIVED).encode())
        hub.log.wait_for("Bob (2) has received")
        server.send_text("to all", to=EVERYONE)
        for client in (ann, bob):
            client.wait_for(PacketType.MESSAGE, lambda packet: DataPacket.decode(packet).text_a == "to all")
        assert sum(DataPacket.decode(packet).text_a == "to you" for packet in ann.packets) == 0


@pytest.mark.parametrize("layout", [Layout.DATA, Layout.BIG_STRING])
def test_the_server_sends_commands(layout: Layout) -> None:
    """A command of the server reaches the chosen ones or all, addressed to each and from id 0."""
    decode = BigStringPacket.decode if layout is Layout.BIG_STRING else DataPacket.decode
    packet = BigStringPacket(103, id_from=LIE) if layout is Layout.BIG_STRING else DataPacket(103, id_from=LIE)
    with program() as (server, hub):
        server.register(103, layout)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        server.send_command(packet, to=[bob.id])
        server.send_command(packet)
        for client, count in ((ann, 1), (bob, 2)):
            received = [decode(client.wait_for(103)) for _ in range(count)]
            assert {got.id_from for got in received} == {0}
            client.echo()
            assert sum(DataPacket.decode(raw).packet_type == 103 for raw in client.packets) == count


def test_a_handler_may_answer_and_ask() -> None:
    """A handler may use the server: it answers the sender and looks at who is here."""
    with program() as (server, hub):

        def answer(command: Command) -> None:
            names = ",".join(person.name for person in server.people)
            server.send_command(DataPacket(104, text_a=names), to=[command.sender.id])

        server.register(100, handler=answer)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(DataPacket(100).encode())
        assert DataPacket.decode(ann.wait_for(104)).text_a == "Ann,Bob"
        bob.echo()
        assert not bob.has_received(104)


def test_a_handler_may_stop_the_hub() -> None:
    """Stopping from the handlers thread says goodbye and ends all, that thread too."""
    with program() as (server, hub):
        server.register(100, handler=lambda _: server.stop())
        ann = hub.join("Ann")
        ann.send(DataPacket(100).encode())
        ann.wait_for(PacketType.HOST_EXITING)
        ann.close()
        assert server.wait(SECONDS)


def test_what_needs_a_running_hub_says_so() -> None:
    """Before the start and after the stop, asking and sending raise a documented error."""
    server = Server(ServerConfig(host="127.0.0.1", port=0))
    for _ in range(2):
        for call in (
            lambda: server.port,
            lambda: server.people,
            lambda: server.send_text("x"),
            lambda: server.send_command(DataPacket(100)),
        ):
            with pytest.raises(NotRunningError, match="start it first"):
                call()
        if not server.wait(0):
            server.start()
            server.stop()


def test_numbers_of_the_protocol_are_not_for_programs() -> None:
    """A command with a number of the protocol, or a layout that is for files, is refused at once."""
    with program() as (server, _):
        for number in (0, 11, 16, 65_536):
            with pytest.raises(FieldError):
                server.register(number)
            with pytest.raises(FieldError):
                server.send_command(DataPacket(number))
        with pytest.raises(FieldError, match="DATA or BIG_STRING"):
            server.register(100, Layout.FILE_CHUNK)
        with pytest.raises(FieldError):
            server.send_text("x" * 1_000_001)
