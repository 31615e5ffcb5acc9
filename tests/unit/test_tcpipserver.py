"""The package tcpipserver: what it offers."""

import pytest

import tcpipserver


@pytest.mark.parametrize("name", tcpipserver.__all__)
def test_what_the_hubs_package_offers_is_there_when_asked_for(name: str) -> None:
    """Though nothing of it is loaded before."""
    assert hasattr(tcpipserver, name)


def test_what_the_hubs_package_does_not_offer_is_an_error() -> None:
    """As with any module."""
    with pytest.raises(AttributeError, match="no attribute 'Sever'"):
        tcpipserver.Sever  # type: ignore[attr-defined]  # noqa: B018
