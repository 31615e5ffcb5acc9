"""The next free port: it is one, and a taken one is passed over."""

import socket

import pytest

from tcpipserver.gui.free_port import maybe_free_port


@pytest.mark.parametrize("host", ["", "127.0.0.1"])
def test_the_next_free_port_can_be_listened_on(host: str) -> None:
    """Taken ones are passed over."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = maybe_free_port(host, port - 1)
    assert found is not None
    assert found > port
    with socket.create_server(("127.0.0.1", found)):
        pass


def test_where_nothing_can_be_had_nothing_is_offered() -> None:
    """An address of another machine has no free port, and above the last one there is none."""
    assert maybe_free_port("192.0.2.1", 60_000) is None
    assert maybe_free_port("", 65_535) is None
