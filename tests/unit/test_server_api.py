"""The hub as a library: its names and its manners. Its work on a running hub: tests/integration/test_hub_library.py.

Threads: pytest's main thread, the hub's, and some that register.
"""

import threading

import pytest

import tcpipserver
from commonlib.classic.packet import Layout
from commonlib.exceptions import ChatError
from tcpipserver import AlreadyStartedError, ListenError, NotRunningError, Server, ServerConfig
from tests.support.classic_client import ClassicClient

LOOPBACK = ServerConfig(host="127.0.0.1", port=0)


def test_with_starts_and_stops() -> None:
    """Inside people are accepted, behind it nothing runs, also when the block raises."""
    server = Server(LOOPBACK)

    def use() -> None:
        with server:
            ClassicClient(server.port).close()
            raise LookupError("made up")

    with pytest.raises(LookupError):
        use()
    assert server.wait(0)
    with pytest.raises(NotRunningError):
        _ = server.port


def test_people_are_values_in_the_order_in_which_they_came() -> None:
    """With the names that they gave themselves."""
    with Server(LOOPBACK) as server, ClassicClient(server.port) as ann, ClassicClient(server.port) as bob:
        ann.register("Ann")
        bob.register("Bob")
        assert [(person.id, person.name) for person in server.people] == [(1, "Ann"), (2, "Bob")]


def test_every_error_is_one_that_is_documented() -> None:
    """Whoever catches ChatError catches them all."""
    for error in (AlreadyStartedError(), NotRunningError(), ListenError("", 1, "Why.")):
        assert isinstance(error, ChatError)
        assert str(error).endswith(".")
    assert {"AlreadyStartedError", "NotRunningError", "ListenError"} <= set(tcpipserver.__all__)


def test_commands_registered_on_many_threads_are_all_known() -> None:
    """None takes another's away."""
    server = Server(LOOPBACK)
    numbers = range(100, 180)
    threads = [threading.Thread(target=server.register, args=(number, Layout.BIG_STRING)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert set(server._service.registry.table.own()) == set(numbers)


def test_without_a_configuration_the_hub_is_the_usual_one() -> None:
    """Nothing happens before it is started."""
    assert Server()._service._config == ServerConfig()
