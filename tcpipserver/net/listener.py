"""The listener: the article's ThreadingTCPServer, whose handler threads run arrivals.

Owns the listening socket and what happens to connections for which there is no room. Must never wait for a handler
thread when it stops: the arrivals do that. `start` and `stop` are called by the service, the rest runs on the
listener's thread or on handler threads.
"""

import errno
import logging
import os
import socket
import socketserver
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from commonlib.exceptions import ChatError
from commonlib.meaning import Meaning
from commonlib.printable import printable
from tcpipserver.net.arrivals import Arrivals
from tcpipserver.net.arrivalthreads import ArrivalThreads
from tcpipserver.net.descriptors import Reserve
from tcpipserver.net.worker import Worker

if TYPE_CHECKING:
    from _socket import _RetAddress

log = logging.getLogger(__name__)
event_log = logging.getLogger("tcpipserver.events")

_POLL_SECONDS = 0.05
_NO_DESCRIPTOR = frozenset({errno.EMFILE, errno.ENFILE})
_WINDOWS_PORT_RESERVED = 10013
_LARGEST_PORT = 65_535
_IPV4_IN_IPV6 = "::ffff:"


class ListenError(ChatError):
    """The hub cannot listen where it was told to.

    Attributes:
        host: The address, "" for all.
        port: The port.
        detail: Why, with the next step.
    """

    def __init__(self, host: str, port: int, detail: str) -> None:
        super().__init__(host, port, detail)
        self.host = host
        self.port = port
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class ArrivalHandler(socketserver.BaseRequestHandler):
    """Runs one arrival on the thread that the server made for it."""

    server: "Listener"

    def handle(self) -> None:
        """Greet and listen; afterwards the reader owns the socket, or shutdown_request closes it."""
        host, port = self.client_address[:2]
        if self.server.arrivals.receive(self.request, (host.removeprefix(_IPV4_IN_IPV6), port)):
            self.server.keep_open(self.request)


class Listener(socketserver.ThreadingTCPServer):
    """Listens on one port. An empty host is every address of the machine, IPv6 too where the system can.

    Raises:
        ListenError: The port is taken or reserved, or the address is not one of this machine.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 4096
    allow_reuse_address = os.name == "posix"

    def __init__(self, host: str, port: int, arrivals: Arrivals, failed: Callable[[str], None]) -> None:
        self.arrivals = arrivals
        self._kept_open: set[socket.socket] = set()
        self._reserve = Reserve()
        self._is_out_of_descriptors = False
        self._threads_of_arrivals = ArrivalThreads(self.process_request_thread)
        self._worker = Worker("listener", lambda: self.serve_forever(_POLL_SECONDS), failed)
        self._has_started = False
        try:
            self.address_family, address = _resolve(host, port)
            super().__init__(address, ArrivalHandler)
        except (OSError, OverflowError, ValueError) as error:
            self._reserve.release()
            raise ListenError(host, port, _explain(host, port, error)) from error

    @property
    def port(self) -> int:
        """The port that it really listens on."""
        return int(self.socket.getsockname()[1])

    def start(self) -> None:
        """Begin to accept."""
        self._has_started = True
        self._worker.start()

    def stop(self, timeout: float) -> bool:
        """Accept nobody any more; whether the thread ended in time."""
        if self._has_started:
            self.shutdown()
        ended = self._worker.join(timeout)
        ended = self._threads_of_arrivals.stop(timeout) and ended
        self.server_close()
        self._reserve.release()
        return ended

    def keep_open(self, connected: socket.socket) -> None:
        """Do not close this socket when its handler thread ends. Handler threads."""
        self._kept_open.add(connected)

    def server_bind(self) -> None:
        """Bind, to both families where all addresses are wanted, and alone on Windows."""
        if self.address_family == socket.AF_INET6 and socket.has_dualstack_ipv6():
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def get_request(self) -> "tuple[socket.socket, _RetAddress]":
        """Accept one connection. Without a descriptor for it, send it away with the help of the reserve.

        Raises:
            OSError: There is nothing to handle; the server goes on.
        """
        try:
            connected, address = super().get_request()
        except OSError as error:
            if error.errno in _NO_DESCRIPTOR:
                self._send_away()
            raise
        self._is_out_of_descriptors = False
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            connected.close()  # On some systems one who has gone again already has no options any more.
            raise
        return connected, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Called for each newcomer: hand it to a handler thread."""
        self._threads_of_arrivals.run(request, client_address)

    def service_actions(self) -> None:
        """Called between two looks for newcomers, several times a second."""
        self.arrivals.shut_overdue()

    def shutdown_request(self, request: Any) -> None:
        """Called when a handler thread ends: close its socket unless the reader owns it now."""
        if request in self._kept_open:
            self._kept_open.discard(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's signature
        """Called when a handler thread broke, or could not be started."""
        log.error("The arrival of %s broke; it was sent away.", client_address, exc_info=sys.exception())

    def _send_away(self) -> None:
        if not self._is_out_of_descriptors:
            self._is_out_of_descriptors = True
            event_log.log(
                Meaning.TROUBLE,
                "The system gives this hub no more descriptors, so newcomers are sent away: "
                "raise the limit (ulimit -n) and start it again.",
            )
        self._reserve.release()
        try:
            connected, _ = self.socket.accept()
            connected.close()
        except OSError:
            pass  # Somebody else took the descriptor; the next round tries again.
        self._reserve.renew()


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    if not 0 <= port <= _LARGEST_PORT:
        raise OverflowError  # Some systems would take the rest of a division instead.
    if not host:
        family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
        return family, ("", port)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return family, address


def _explain(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "winerror", None) or getattr(error, "errno", None)
    if isinstance(error, OverflowError):
        return f"There is no port {port}: choose one from 1 to 65535, or 0 for any free one."
    if number in (errno.EADDRINUSE, 10048):
        return (
            f"Port {port} is already in use on this machine, perhaps by another hub: stop that program, "
            "or choose another port with --port (0 takes any free one)."
        )
    if number in (errno.EACCES, _WINDOWS_PORT_RESERVED):
        return (
            f"The system keeps port {port} for itself: choose another one with --port, "
            "for example 10999 (0 takes any free one)."
        )
    detail = "that is no address" if isinstance(error, ValueError) else getattr(error, "strerror", None) or error
    return (
        f"The hub cannot listen on {printable(host) or 'this machine'}, port {port}: {detail}. "
        "Give --host an address of this machine, or leave it away to listen on all of them."
    )
