"""A connection between two pumps that breaks after so many bytes, and counts those that passed.

Owns the two sockets in the middle and the threads that carry bytes between them. It must never look into what passes:
that is TLS. Threads: one for each direction, ended by `close`.
"""

import contextlib
import socket
import threading

_READ_SIZE = 1 << 16


class Middle:
    """Carries bytes from one end of a connection to the other.

    Args:
        most: Bytes of the sender's, TLS included, after which both ways break; None for any number.

    Attributes:
        carried: Bytes of the sender's that have passed.
    """

    def __init__(self, most: int | None = None) -> None:
        self.carried = 0
        self._most = most
        self._sender, self._to_sender = socket.socketpair()
        self._receiver, self._to_receiver = socket.socketpair()
        self._threads = [
            threading.Thread(target=self._carry_there),
            threading.Thread(target=self._carry_back),
        ]
        for thread in self._threads:
            thread.start()

    def ends(self) -> tuple[socket.socket, socket.socket]:
        """The sender's and the receiver's socket."""
        return self._sender, self._receiver

    def close(self) -> None:
        """Break what is left, and wait for the threads."""
        self._break()
        for thread in self._threads:
            thread.join()

    def _carry_there(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._to_sender.recv(_READ_SIZE):
                if self._most is not None:
                    data = data[: self._most - self.carried]
                self.carried += len(data)
                self._to_receiver.sendall(data)
                if self.carried == self._most:
                    self._break()
                    return
            self._to_receiver.shutdown(socket.SHUT_WR)

    def _carry_back(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._to_receiver.recv(_READ_SIZE):
                self._to_sender.sendall(data)
            self._to_sender.shutdown(socket.SHUT_WR)

    def _break(self) -> None:
        for end in (self._to_sender, self._to_receiver):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
