"""Which places of a peer are tried, and what comes of an attempt to connect."""

import socket

import pytest

from tcpipclient.net.clock import SystemClock
from tcpipclient.net.peer.dialling import Place, connect, maybe_address, place_of, places_to_try
from tcpipclient.net.peer.loop import Steps, Wait
from tests.support.strangers import closed_port

HUB = "192.168.1.1"


def tried(*addresses: str, port: int = 9998, hub: str = HUB) -> list[str]:
    """The addresses that are tried of those that a peer names."""
    return [place.address[0] for place in places_to_try(addresses, port, hub)]


def test_addresses_are_tried_in_the_order_of_the_hub_each_once() -> None:
    """The one that the hub sees stands first."""
    assert tried("192.168.1.7", "fd00::7", "10.0.0.7", "192.168.1.7") == ["192.168.1.7", "fd00::7", "10.0.0.7"]


@pytest.mark.parametrize(
    "hostile",
    [
        "localhost",
        "example.org",
        "",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "::ffff:0.0.0.0",
        "224.0.0.1",
        "239.255.255.250",
        "ff02::1",
        "255.255.255.255",
        "240.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fe80::1%lo",
        "127.1",
        "0x7f000001",
        "2130706433",
        "192.168.1.7:80",
        "192.168.1.7/24",
        "[fd00::7]",
        "a" * 64,
        "\x00",
        "\uff11\uff12\uff17.0.0.1",
    ],
)
def test_what_is_no_single_computers_address_is_not_tried(hostile: str) -> None:
    """Names, which would have to be looked up, and addresses of everybody or nobody."""
    assert tried(hostile) == []


@pytest.mark.parametrize("loopback", ["127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"])
def test_loopback_is_tried_only_where_the_hub_is_there_too(loopback: str) -> None:
    """A peer must not have us knock at services of our own computer."""
    assert tried(loopback) == []
    assert len(tried(loopback, hub="127.0.0.1")) == 1
    assert len(tried(loopback, hub="::1")) == 1
    assert tried(loopback, hub="hub.example.org") == []


def test_no_port_is_no_place() -> None:
    """The other end does not listen."""
    assert tried("192.168.1.7", port=0) == []


def test_a_link_local_address_gets_the_zone_of_the_hub() -> None:
    """The peer's own zone names an interface of another computer."""
    name = socket.if_nameindex()[0][1]
    [place] = places_to_try(["fe80::7%somewhere"], 9998, f"fe80::1%{name}")
    assert place.address == ("fe80::7", 9998, 0, socket.if_nametoindex(name))


def test_an_address_in_the_clothes_of_ipv6_is_the_one_inside() -> None:
    """So rules for IPv4 hold for it."""
    assert str(maybe_address("::ffff:10.0.0.7")) == "10.0.0.7"
    assert maybe_address("ten") is None


def test_a_connection_that_stands() -> None:
    """It does not block, and sends small things at once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        steps = connect(place_of("127.0.0.1", listening.getsockname()[1]), SystemClock().now() + 5)
        wait = next(steps)
        assert isinstance(wait, Wait)
        assert wait.connection is not None
        with pytest.raises(StopIteration) as over:
            steps.send(True)
        with over.value.value as connected:
            assert connected.gettimeout() == 0
            assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def run_ready(steps: Steps[socket.socket]) -> None:
    """Go on as if the socket were ready whenever it is waited for: a system may tell a failure then, or at once."""
    next(steps)
    steps.send(True)


def test_nobody_listens() -> None:
    """That is an OSError, and the socket is closed."""
    with pytest.raises(OSError, match="refused"):
        run_ready(connect(place_of("127.0.0.1", closed_port()), 0))


def test_nobody_answers_in_time() -> None:
    """The deadline holds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        steps = connect(Place(socket.AF_INET, listening.getsockname()), 0)
        wait = next(steps)
        with pytest.raises(TimeoutError):
            steps.send(False)
        assert wait.connection is not None
        assert wait.connection.fileno() == -1


def test_an_attempt_that_is_given_up_is_closed() -> None:
    """Wherever it stands."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        steps = connect(Place(socket.AF_INET, listening.getsockname()), 0)
        wait = next(steps)
        steps.close()
        assert wait.connection is not None
        assert wait.connection.fileno() == -1
