"""A bare TLS server: a loop that accepts and shakes hands, and nothing else. Arrivals at the hub are compared with it.

Owns the connections that it has taken. Must never do more than the handshake: that is the comparison. The main thread.
"""

import contextlib
import socket
import ssl

from commonlib.storage.contexts import server_context
from commonlib.storage.keyfile import make_identity
from tests.bench.listening import listen_until_ended


def main() -> None:
    """Take whoever comes, one after the other."""
    context = server_context(make_identity())
    taken: list[ssl.SSLSocket] = []

    def serve(listening: socket.socket) -> None:
        while True:
            connected, _ = listening.accept()
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                taken.append(context.wrap_socket(connected, server_side=True))

    listen_until_ended(serve)


if __name__ == "__main__":
    main()
