"""One connection as the threads of the hub share it.

Owns the socket, its credit and its outbox, and says which thread may touch what. Must never be used by the brain, which
knows a connection by its number only.

The life of its socket: the arrival's thread owns it, blocking, until `register`; only the greeting is sent by the
dispatcher, before the arrival is told of it and may close the socket. Then the reader reads it and the dispatcher and
the flusher send on it, never blocking. Once the reader has seen its end and let go, the dispatcher
retires it, and the flusher closes it: a descriptor is never closed while another thread may still use its number.
"""

import queue
import socket
from typing import Protocol

from tcpipserver.dialects.dialect import Dialect
from tcpipserver.net.credit import Budget, Credit
from tcpipserver.net.outbox import Outbox, Waiting


class Caretaker(Protocol):
    """What a registered connection needs of the reader and the flusher that care for it. Any thread may call it."""

    def resume(self, connection: "Connection") -> None:
        """Read it again, if it is held back."""
        ...

    def watch(self, connection: "Connection") -> None:
        """Send what waits for it as soon as its socket takes it."""
        ...

    def retire(self, connection: "Connection") -> None:
        """Close its socket: nobody reads or sends on it any more."""
        ...


class Connection:
    """One connection.

    Attributes:
        number: Counted up from 1; how the brain knows it.
        address: The other side's IP address; port is his port there.
        dialect: The classic one, until the arrival has seen that it is another, and replaced it.
        greetings: What the dispatcher has sent to a connection that is still arriving; None is a refusal.
        caretaker: The reader and the flusher that care for it, once it is registered.
        is_held_back: Set and cleared by the reader: out of the selector, because its credit is used up.
        was_held_back: Set by the reader when it holds it back, cleared by the dispatcher at each tick.
        is_dismissed: Set by the dispatcher: what it still sends is thrown away.
        is_aborted: Set by the dispatcher: the reader lets go of it, whether the system tells of an end or not.
        is_waited_for: Set by the dispatcher, cleared by the flusher: tell the dispatcher when the outbox has drained.
    """

    __slots__ = (
        "_is_greeted",
        "address",
        "caretaker",
        "credit",
        "dialect",
        "greetings",
        "is_aborted",
        "is_dismissed",
        "is_held_back",
        "is_waited_for",
        "number",
        "outbox",
        "port",
        "socket",
        "was_held_back",
    )

    def __init__(
        self,
        number: int,
        connected: socket.socket,
        address: tuple[str, int],
        dialect: Dialect,
        budget: Budget,
        waiting: Waiting,
    ) -> None:
        self.number = number
        self.socket = connected
        self.address, self.port = address
        self.dialect = dialect
        self.credit = Credit(budget)
        self.outbox = Outbox(connected, waiting)
        self.greetings: queue.SimpleQueue[bytes | None] | None = queue.SimpleQueue()
        self.caretaker: Caretaker | None = None
        self.is_held_back = False
        self.was_held_back = False
        self.is_dismissed = False
        self._is_greeted = False
        self.is_aborted = False
        self.is_waited_for = False

    @property
    def is_arriving(self) -> bool:
        """Whether the arrival's thread still owns the socket."""
        return self.greetings is not None

    def register(self, caretaker: Caretaker) -> None:
        """The arrival is over: from here on nobody blocks on this socket. Called by the arrival's thread."""
        self.socket.setblocking(False)
        self.caretaker = caretaker
        self.greetings = None

    def decrypt(self, data: bytes) -> bytes:
        """What was read, in the clear. Called by the normalizer.

        Raises:
            TlsError: Nothing more can be read of this connection.
        """
        if not self.outbox.is_secure:
            return data
        plaintext, needs_flusher = self.outbox.decrypt(data)
        if needs_flusher and self.caretaker is not None:
            self.caretaker.watch(self)
        return plaintext

    def send(self, data: bytes, *, in_slices: bool = False) -> None:
        """Send now what can be sent, keep the rest for the flusher; `in_slices` as in TlsPiece. For the dispatcher."""
        greetings = self.greetings
        if greetings is not None:
            self._greet(data)
            greetings.put(data)  # From here on the socket may be closed.
        elif self.outbox.send(data, in_slices=in_slices) and self.caretaker is not None:
            self.caretaker.watch(self)

    def dismiss(self) -> None:
        """Nothing more is to be said or heard: end the connection once all has gone out. Called by the dispatcher."""
        self.is_dismissed = True
        greetings = self.greetings
        if greetings is not None:
            if not self._is_greeted:
                self._shut()  # His thread waits for what he says. Later it may be about to close the socket.
            greetings.put(None)
        else:
            self.outbox.finish()

    def abort(self) -> None:
        """End the connection now: the reader lets go of it. Called by the dispatcher.

        The reader has to be told: on Windows a selector need not notice that our own side was shut.
        """
        self.is_aborted = True
        self.outbox.discard()
        self._shut()
        if self.caretaker is not None:
            self.caretaker.resume(self)

    def close(self) -> None:
        """Give the descriptor back. Called by the flusher, or by the service once no thread is left."""
        self.outbox.discard()
        self.socket.close()

    def _greet(self, greeting: bytes) -> None:
        """Send the first 1024 bytes: on a socket that has sent nothing yet there is room for them, so nobody waits."""
        self._is_greeted = True
        try:
            self.socket.send(greeting)
        except OSError:
            pass  # He has gone again; the arrival's thread sees that, too.

    def _shut(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The other side was faster; whoever reads it sees that, too.
