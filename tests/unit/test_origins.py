"""From where people come, as it is counted."""

import pytest

from tcpipserver.hub.origins import origin_of


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("2001:db8::1", "192.0.2.1", False),
        ("no address", "no address", True),
    ],
)
def test_one_origin_is_what_one_subscriber_has(one: str, other: str, is_same: bool) -> None:
    """Of IPv6 half an address, as the other half is everybody's own choice."""
    assert (origin_of(one) == origin_of(other)) is is_same
