"""The addresses of this machine: each way of finding them may fail, and what it finds are addresses."""

import ipaddress
import socket

import pytest

from tcpipserver.gui import addresses


def test_what_is_found_are_addresses_each_once() -> None:
    """Whatever this machine has: a scope behind a percent sign is no part of them."""
    found = addresses.machine_addresses()
    assert len(found) == len(set(found))
    assert all(str(ipaddress.ip_address(address)) == address for address in found)


def test_each_address_is_one_of_this_machine() -> None:
    """One can listen on it; those of one cable need its name for that."""
    for address in addresses.machine_addresses():
        if not ipaddress.ip_address(address).is_link_local:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            with socket.socket(family, socket.SOCK_STREAM) as listening:
                listening.bind((address, 0))


def test_a_system_that_tells_nothing_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """No network, no name, no list: an empty answer."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("made up")

    for name in ("socket", "getaddrinfo", "if_nameindex"):
        monkeypatch.setattr(addresses.socket, name, refuse)
    monkeypatch.setattr(addresses, "_IPV6_LIST", tmp_path)
    assert addresses.machine_addresses() == ()
