"""A client's settings and their limits.

Thread: pytest's main thread.
"""

import pytest

from tcpipclient.config import ClientConfig, parse_address
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


def test_texts_are_cut_to_their_fields() -> None:
    """A shorter name is better than none."""
    config = ClientConfig("hub", name="  " + "n" * 60, computer="c" * 60, version="v" * 40)
    assert (len(config.name), len(config.computer), len(config.version)) == (50, 50, 30)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("host", " "),
        ("port", 0),
        ("port", 65536),
        ("name", " \t"),
        ("connect_timeout", 0.0),
        ("register_timeout", -1.0),
        ("send_timeout", float("nan")),
        ("close_timeout", 3601.0),
    ],
)
def test_settings_that_cannot_be_used_are_named(setting: str, value: object) -> None:
    """And refused before anything is connected."""
    settings: dict[str, object] = {"host": "hub", setting: value}
    with pytest.raises(SettingError) as caught:
        ClientConfig(**settings)  # type: ignore[arg-type]
    assert caught.value.setting == setting
