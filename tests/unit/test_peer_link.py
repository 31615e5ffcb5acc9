"""A link between two clients is a value that closes its connection, whatever state that is in."""

import socket

from commonlib.storage.contexts import client_context
from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import WayKind
from tcpipclient.net.peer.link import PeerLink
from tests.support.tls_pairs import identity_of


def test_closing_a_link_gives_back_its_connection_and_may_be_done_again() -> None:
    """The other end sees the end of it; the second time nothing happens."""
    ours, others = socket.socketpair()
    with others:
        inside = client_context().wrap_socket(ours, do_handshake_on_connect=False)
        link = PeerLink(inside, WayKind.DIRECT, Role.SENDER, identity_of("client").fingerprint)
        link.close()
        link.close()
        assert others.recv(1) == b""
        assert link.first == b""
