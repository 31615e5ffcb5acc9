"""What a client tells others of its own addresses: those where it can be reached, and no others."""

import ipaddress
import socket

from commonlib.wire.way_messages import MOST_ADDRESSES
from tcpipclient.net.peer.own_addresses import own_addresses


def test_loopback_is_told_where_the_hub_is_on_this_computer() -> None:
    """It comes first: it is how the hub is reached."""
    assert own_addresses("127.0.0.1")[0] == "127.0.0.1"


def test_loopback_is_not_told_elsewhere() -> None:
    """Nor what leads nowhere or to everybody; and never more than a message holds."""
    told = own_addresses("192.0.2.1")
    assert len(told) <= MOST_ADDRESSES
    assert len(set(told)) == len(told)
    for text in told:
        address = ipaddress.ip_address(text)
        assert not address.is_loopback
        assert not address.is_multicast
        assert not address.is_unspecified
        assert not (address.version == 6 and address.is_link_local)


def test_each_of_them_is_one_that_this_computer_can_be_reached_at() -> None:
    """The system lets us listen there."""
    for text in own_addresses("127.0.0.1"):
        family = socket.AF_INET6 if ":" in text else socket.AF_INET
        with socket.create_server((text, 0), family=family) as listening:
            assert listening.getsockname()[1] > 0


def test_a_hub_that_is_a_name_is_not_looked_up() -> None:
    """What is found without it is told."""
    assert "127.0.0.1" not in own_addresses("hub.example.org")
