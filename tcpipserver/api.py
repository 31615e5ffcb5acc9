"""The hub as a library: for programs that build their own real-time work on it (docs/library.md).

Owns the names that others may rely on. Must never hold state of its own beside the service. Its methods may be called
from any thread; handlers run on the hub's handlers thread, one after the other.
"""

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, check_own_command
from commonlib.classic.texts import split_text
from commonlib.exceptions import FieldError
from commonlib.wire.messages import LARGEST_PAYLOAD
from tcpipserver.config import ServerConfig
from tcpipserver.hub import inputs
from tcpipserver.hub.people import Person
from tcpipserver.net.handlers import CommandHandler, PayloadHandler, TextHandler
from tcpipserver.service import Service

EVERYONE: None = None
"""As `to`: everybody who is registered at that moment."""


class Server:
    """One hub, in this process.

        with Server(ServerConfig(port=0)) as server:
            server.register(100, handler=print)

    A server can be started once.
    """

    def __init__(self, config: ServerConfig | None = None) -> None:
        self._service = Service(config or ServerConfig())
        self._registering = threading.Lock()

    def start(self) -> None:
        """Listen, and return when clients are accepted.

        Raises:
            ListenError: The hub cannot listen where it was told to.
            AlreadyStartedError: It runs, or has run.
        """
        self._service.start()

    def stop(self) -> None:
        """Say goodbye to everybody; returns when nothing is left. May be called twice."""
        self._service.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the hub has stopped; whether it has."""
        return self._service.wait(timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that the hub listens on.

        Raises:
            NotRunningError: It does not listen.
        """
        return self._service.port

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is registered, in the order in which they came.

        Raises:
            NotRunningError: The hub is not running.
        """
        return self._service.ask(lambda hub: hub.people())

    def register(self, number: int, layout: Layout = Layout.DATA, handler: CommandHandler | None = None) -> None:
        """Tell the hub of a command: its layout, and who takes it when a client sends it to the server.

        With a handler, packets of this number for id 0 reach the handler and nobody else; without one they go to
        everybody. May be called before the start and at any time after.

        Raises:
            FieldError: The number belongs to the protocol, or the layout is neither DATA nor BIG_STRING.
        """
        check_own_command(number)
        if layout not in (Layout.DATA, Layout.BIG_STRING):
            raise FieldError("The layout", "own commands are DATA or BIG_STRING")
        with self._registering:
            self._service.registry.register(number, layout)
        if handler is not None:
            self._service.handlers.register_command(number, handler)
            self._service.prepare(inputs.CommandHandled(number))

    def on_payload(self, number: int, handler: PayloadHandler) -> None:
        """Call this for every command of this number that a client of the modern wire sends to the server.

        Without a handler such commands go to everybody on that wire. May be called before the start and after.

        Raises:
            FieldError: The number belongs to the protocol.
        """
        check_own_command(number)
        self._service.handlers.register_payload(number, handler)
        self._service.prepare(inputs.CommandHandled(number))

    def on_text(self, handler: TextHandler) -> None:
        """Call this for every text that a client says to the server."""
        self._service.handlers.register_text(handler)

    def send_text(self, text: str, to: Iterable[int] | None = EVERYONE, numbers: tuple[int, int] = (0, 0)) -> None:
        """Say a text as the server, to these ids or to everyone. Ids of people who are not here are passed over.

        Raises:
            FieldError: The text is too long, or a number is no signed 32-bit number.
            NotRunningError: The hub is not running.
        """
        split_text(text, id_to=0, numbers=numbers)
        self._service.tell(inputs.OperatorSaid(None if to is None else tuple(to), text, numbers))

    def send_command(self, packet: DataPacket | BigStringPacket, to: Iterable[int] | None = EVERYONE) -> None:
        """Send a command of one's own to these ids, or to everyone. idTo and idFrom are set on the way.

        Raises:
            FieldError: The number belongs to the protocol, or a field does not fit.
            NotRunningError: The hub is not running.
        """
        check_own_command(packet.packet_type)
        layout = Layout.BIG_STRING if isinstance(packet, BigStringPacket) else Layout.DATA
        chosen = None if to is None else tuple(to)
        self._service.tell(inputs.OperatorSentPackets(chosen, layout, packet.encode()))

    def send_payload(self, number: int, payload: bytes, to: Iterable[int] | None = EVERYONE) -> None:
        """Send a command of one's own with any bytes to these ids, or to everyone: those of the modern wire hear it.

        Raises:
            FieldError: The number belongs to the protocol, or the payload is too long.
            NotRunningError: The hub is not running.
        """
        check_own_command(number)
        if len(payload) > LARGEST_PAYLOAD:
            raise FieldError("The payload", f"it has {len(payload)} bytes, and {LARGEST_PAYLOAD} is the most")
        self._service.tell(inputs.OperatorSentCommand(None if to is None else tuple(to), number, payload))
