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
        self._attending: set[Connection] = set()

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

    def add_attendance(self, connection: Connection, data: bytes) -> None:
        """Likewise, of who is here: everybody is sent that, those too who never talk, and it may be long.

        So it goes out in slices of TLS, with all else of the round: the connections of those who only listen stay
        small. Any other round is one record, up to what TLS has room for.
        """
        self._attending.add(connection)
        self.add(connection, data)

    def send(self, connection: Connection) -> None:
        """Send what is due to one connection."""
        due = self._due.pop(connection, None)
        if due is not None:
            del self._sizes[connection]
            self._send(connection, due)

    def send_all(self) -> None:
        """Send what is due to everybody."""
        for connection, due in self._due.items():
            self._send(connection, due)
        self._due.clear()
        self._sizes.clear()
        self._attending.clear()

    def _send(self, connection: Connection, due: list[bytes]) -> None:
        data = due[0] if len(due) == 1 else b"".join(due)
        connection.send(data, in_slices=connection in self._attending)
