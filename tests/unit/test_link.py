"""A connection with its threads: how it begins, how it fails to, and how it ends.

Thread: pytest's main thread plays the hub; the client's threads run beside it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from commonlib.awake import SLEEP_SECONDS
from commonlib.classic.keepalive import SERVER_SILENCE_SECONDS
from commonlib.classic.packet import PacketType, type_of
from tcpipclient import (
    ArrivalClosedError,
    Client,
    ClientConfig,
    ConnectError,
    ConnectionLost,
    ConnectTimedOutError,
    HubExited,
    HubStoppingError,
    Loss,
    NotAHubError,
    NotConnectedError,
    PersonJoined,
    TextArrived,
)
from tcpipclient.net.clock import AwakeClock
from tests.support import hub_packets
from tests.support.classic_client import SECONDS
from tests.support.clients import ANY_HUB, Heard
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.memory_network import MemoryNetwork
from tests.support.scripted_hub import ScriptedHub, connect

BOB = hub_packets.person(2, "Bob")


def client_on(network: MemoryNetwork, **settings: float) -> Client:
    """A client that will connect over this network."""
    config = ClientConfig("hub", name="Ann", **settings, **ANY_HUB)  # type: ignore[arg-type]
    return Client(config, connect_with=network.connect)


def failure(play: Callable[[ScriptedHub], object], **settings: float) -> ConnectError:
    """Why a client did not get into a hub that does this."""
    network = MemoryNetwork()
    client = client_on(network, **settings)
    heard = Heard(client)
    with ThreadPoolExecutor(1) as pool:
        connecting: Future[None] = pool.submit(client.connect)
        play(ScriptedHub(network.accept()))
        error = connecting.exception(timeout=10.0)
    assert isinstance(error, ConnectError)
    assert heard.events == []
    assert not client.is_connected
    with pytest.raises(NotConnectedError):
        client.send_text("x")
    return error


def test_a_stranger_is_no_hub() -> None:
    """It need not have said 1024 bytes."""
    assert isinstance(failure(lambda hub: hub.send(b"SSH-2.0-OpenSSH")), NotAHubError)


def test_a_hub_that_closes_before_the_greeting_may_be_full() -> None:
    """The sentence says what to do."""
    error = failure(lambda hub: hub.end())
    assert isinstance(error, ArrivalClosedError)
    assert "it may be full" in str(error)


def test_a_hub_that_closes_after_the_credentials_did_not_let_us_in() -> None:
    """Orderly or not."""

    def play(hub: ScriptedHub) -> None:
        hub.send(hub_packets.greeting(1))
        hub.take()
        hub.transport.cut()

    assert isinstance(failure(play), ArrivalClosedError)


def test_a_hub_that_is_being_stopped_says_so() -> None:
    """HostExiting while we arrive."""
    assert isinstance(failure(lambda hub: hub.send(hub_packets.greeting(1), hub_packets.exiting())), HubStoppingError)


@pytest.mark.parametrize("says", [b"", hub_packets.greeting(1)[:1000], hub_packets.greeting(1)])
def test_a_hub_that_does_not_let_us_in_is_not_waited_for(says: bytes) -> None:
    """Whether it says nothing, half a packet, or only the greeting."""
    error = failure(lambda hub: hub.send(says), register_timeout=0.05)
    assert isinstance(error, ConnectTimedOutError)
    assert str(error).startswith("No hub answered")


def test_closing_while_connecting_ends_the_connecting() -> None:
    """By another thread."""
    network = MemoryNetwork()
    client = client_on(network)
    with ThreadPoolExecutor(1) as pool:
        connecting = pool.submit(client.connect)
        hub = ScriptedHub(network.accept())
        hub.send(hub_packets.greeting(1))
        assert type_of(hub.take()) == PacketType.MY_CREDENTIALS
        closer = threading.Thread(target=client.close)
        closer.start()
        assert [type_of(packet) for packet in hub.take_rest()] == [PacketType.CLOSE]
        hub.end()
        closer.join()
        assert isinstance(connecting.exception(timeout=10.0), ConnectError)


def test_closing_says_goodbye_and_reads_on_until_the_hub_has_closed() -> None:
    """What is still on its way from the hub is heard; no loss is told."""
    network = MemoryNetwork()
    client = client_on(network)
    heard = Heard(client)
    hub = connect(client, network, BOB)
    client.send_text("last words", to=2)
    closer = threading.Thread(target=client.close)
    closer.start()
    assert [type_of(packet) for packet in hub.take_rest()] == [PacketType.MESSAGE] * 2 + [PacketType.CLOSE]
    hub.send(hub_packets.text(2, "wait!"))
    hub.end()
    closer.join()
    assert [event.text for event in heard.all(TextArrived)] == ["wait!"]
    assert heard.all(ConnectionLost) == []
    assert not client.is_connected


def test_a_hub_that_does_not_close_is_given_its_time_and_no_more() -> None:
    """Nor one that reads nothing."""
    network = MemoryNetwork(capacity=4096)
    client = client_on(network, close_timeout=0.05)
    connect(client, network, BOB)
    client.send_text("x" * 9000, to=2)
    client.close()
    assert not client.is_connected


def test_closing_twice_and_by_several_threads_is_fine() -> None:
    """All return when all is over; goodbye is said once."""
    network = MemoryNetwork()
    client = client_on(network)
    hub = connect(client, network)
    with ThreadPoolExecutor(5) as pool:
        closing = [pool.submit(client.close) for _ in range(4)]
        assert [type_of(packet) for packet in hub.take_rest()] == [PacketType.CLOSE]
        hub.end()
        for one in closing:
            one.result(timeout=10.0)
    client.close()


def test_a_handler_may_close() -> None:
    """The call returns at once, and the threads end after the handler has."""
    network = MemoryNetwork()
    client = client_on(network)
    returned = threading.Event()

    def close(_: object) -> None:
        client.close()
        returned.set()

    hub = connect(client, network)
    client.on_event(close)
    hub.send(BOB)
    assert [type_of(packet) for packet in hub.take_rest()] == [PacketType.CLOSE]
    assert returned.wait(10.0)
    hub.end()
    client.close()


def test_a_hub_that_exits_is_told_and_all_threads_end() -> None:
    """Without anybody's closing."""
    network = MemoryNetwork()
    client = client_on(network)
    heard = Heard(client)
    hub = connect(client, network)
    hub.send(hub_packets.exiting())
    lost = heard.wait_for(ConnectionLost)
    assert lost.loss is Loss.HUB_EXITED
    assert [type(event) for event in heard.events[-2:]] == [HubExited, ConnectionLost]


def test_a_connection_that_breaks_is_told_with_the_systems_words() -> None:
    """And what we send then finds no connection."""
    network = MemoryNetwork()
    client = client_on(network)
    heard = Heard(client)
    hub = connect(client, network, BOB)
    hub.transport.cut()
    lost = heard.wait_for(ConnectionLost)
    assert lost.loss is Loss.CLOSED
    assert "Connection reset by peer" in lost.reason
    with pytest.raises(NotConnectedError):
        client.send_text("x", to=2)


def let_pass(client: Client, clock: FakeClock, seconds: float) -> None:
    """Let time pass in steps that the client sees: all at once it would be a sleep."""
    until = clock.now() + seconds
    while client.is_connected and clock.now() < until:
        clock.advance(min(SLEEP_SECONDS, until - clock.now()))
        assert wait_until(lambda: has_seen(client, clock) or not client.is_connected, SECONDS)


def has_seen(client: Client, clock: FakeClock) -> bool:
    """Whether the client has looked at the clock since it was moved."""
    link = client._maybe_link
    return link is not None and isinstance(link._clock, AwakeClock) and link._clock._awake._last == clock.now()


def test_a_sleep_is_no_silence_of_the_hub() -> None:
    """However long; afterwards the hub has its five minutes as before."""
    network = MemoryNetwork()
    clock = FakeClock()
    client = Client(ClientConfig("hub", name="Ann", **ANY_HUB), connect_with=network.connect, clock=clock)
    heard = Heard(client)
    connect(client, network)
    let_pass(client, clock, SERVER_SILENCE_SECONDS - 1)
    clock.advance(8 * 3600)
    assert wait_until(lambda: has_seen(client, clock), SECONDS)
    assert client.is_connected
    let_pass(client, clock, 1)
    assert heard.wait_for(ConnectionLost).loss is Loss.SILENT


def test_a_silent_hub_is_given_up() -> None:
    """After five minutes by the clock that it was given; a sign of life starts them anew."""
    network = MemoryNetwork()
    clock = FakeClock()
    client = Client(ClientConfig("hub", name="Ann", **ANY_HUB), connect_with=network.connect, clock=clock)
    heard = Heard(client)
    hub = connect(client, network)
    let_pass(client, clock, SERVER_SILENCE_SECONDS - 1)
    hub.send(hub_packets.ping())
    hub.take_until(PacketType.PING_RESPONSE)
    let_pass(client, clock, SERVER_SILENCE_SECONDS - 1)
    hub.send(BOB)
    heard.wait_for(PersonJoined)
    assert client.is_connected
    let_pass(client, clock, SERVER_SILENCE_SECONDS)
    assert heard.wait_for(ConnectionLost).loss is Loss.SILENT


def test_a_client_connects_and_closes_many_times_and_leaves_nothing() -> None:
    """Twenty times with texts on their way; the suite's own check counts threads and descriptors."""
    for _ in range(20):
        network = MemoryNetwork()
        client = client_on(network)
        hub = connect(client, network, BOB)
        client.send_text("hello", to=2)
        hub.send(hub_packets.text(2, "hello"))
        hub.end()
        client.close()
        client.close()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("tcpipclient-")]
