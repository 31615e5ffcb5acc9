"""What is handed to the dispatcher."""

from tcpipserver.net.inbox import Opened
from tests.support.hub_connections import stub_connection


def test_who_connects_has_no_nonce_where_only_the_classic_wire_is_spoken() -> None:
    """Then the greeting carries no mark."""
    connection, _, _ = stub_connection()
    assert Opened(connection) == (connection, b"")
