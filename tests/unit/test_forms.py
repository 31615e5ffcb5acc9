"""How the server window writes times of the day and addresses."""

import re

from tcpipserver.gui import forms
from tests.support.hubs import WALL


def test_a_time_of_the_day_has_seconds() -> None:
    """Lines of a log are told apart by them."""
    assert re.fullmatch(r"\d\d:\d\d:\d\d", forms.time_of_day(WALL))


def test_an_address_is_written_with_its_port() -> None:
    """An IPv6 address in brackets, as everywhere."""
    assert forms.with_port("192.0.2.7", 9999) == "192.0.2.7:9999"
    assert forms.with_port("2001:db8::7", 9999) == "[2001:db8::7]:9999"


def test_addresses_come_in_the_order_of_their_use() -> None:
    """Private IPv4 first, IPv6 last; what reaches nobody, and repeats, are left out."""
    found = ("fe80::1%eth0", "::1", "2001:db8::7", "192.168.1.7", "127.0.0.1", "0.0.0.0", "8.8.8.8", "192.168.1.7")
    assert forms.in_order_of_use(found) == ("192.168.1.7", "8.8.8.8", "2001:db8::7")


def test_an_address_of_one_cable_is_better_than_none() -> None:
    """Two machines joined by a cable have nothing else."""
    assert forms.in_order_of_use(("127.0.0.1", "169.254.3.4")) == ("169.254.3.4",)
