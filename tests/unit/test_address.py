"""Where a hub is, as people write it.

Thread: pytest's main thread.
"""

import pytest

from tcpipclient.address import parse_address
from tcpipclient.core.exceptions import SettingError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("hub", ("hub", 9999)),
        (" hub.example:1 ", ("hub.example", 1)),
        ("10.0.0.1:65535", ("10.0.0.1", 65535)),
        ("::1", ("::1", 9999)),
        ("[::1]", ("::1", 9999)),
        ("[fe80::1%eth0]:80", ("fe80::1%eth0", 80)),
    ],
)
def test_addresses_are_read(text: str, address: tuple[str, int]) -> None:
    """HOST, HOST:PORT, and IPv6 addresses bare or in brackets."""
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", ":9999", "hub:", "hub:0", "hub:65536", "hub:-1", "hub:x", "hub:²", "[::1", "[::1]9999", "[]:9"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """With a sentence about the host or the port."""
    with pytest.raises(SettingError):
        parse_address(text)
