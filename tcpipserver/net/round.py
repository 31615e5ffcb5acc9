"""What is due to whom in one round of the dispatcher: joined per connection, sent once.

Owns the bytes between the brain's effects and the sockets. Must never keep anything beyond the round. Run by the
dispatcher thread alone.
"""

from tcpipserver.net.connection import Connection

_SEND_EARLY_BYTES = 256 << 10


class Round:
    """Collects until `send_all`."""

    def __init__(self) -> None:
        self._due: dict[Connection, list[bytes]] = {}
        self._sizes: dict[Connection, int] = {}

    def add(self, connection: Connection, data: bytes) -> None:
        """These bytes are due to a connection. What has become one good write goes out at once."""
        due = self._due.get(connection)
        if due is None:
            self._due[connection] = [data]
            self._sizes[connection] = size = len(data)
        else:
            due.append(data)
            self._sizes[connection] = size = self._sizes[connection] + len(data)
        if size >= _SEND_EARLY_BYTES:
            self.send(connection)

    def send(self, connection: Connection) -> None:
        """Send what is due to one connection."""
        due = self._due.pop(connection, None)
        if due is not None:
            del self._sizes[connection]
            connection.send(due[0] if len(due) == 1 else b"".join(due))

    def send_all(self) -> None:
        """Send what is due to everybody."""
        for connection, due in self._due.items():
            connection.send(due[0] if len(due) == 1 else b"".join(due))
        self._due.clear()
        self._sizes.clear()
