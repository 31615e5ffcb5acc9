"""The client as a program uses it: connect, see who is there, say something, send a file, add commands of one's own.

Owns the public class `Client`. Must never interpret a packet or touch a socket: that is for core/ and net/. Threads:
every method may be called from any thread, from handlers too, except where it says otherwise. Handlers run one after
another on the client's dispatcher thread: while one runs, nothing else arrives.
"""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, overload

from commonlib.classic.layouts import TEXT_WIDTH, BigStringPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, check_own_command
from commonlib.exceptions import ChatError
from commonlib.values import replace
from tcpipclient.batch_commands import BatchCommands
from tcpipclient.config import ClientConfig, ClientSettings
from tcpipclient.core.commands import with_own_command
from tcpipclient.core.events import CommandArrived, Event, PayloadArrived, Person
from tcpipclient.core.exceptions import AlreadyConnectedError, ConnectError, NotConnectedError
from tcpipclient.core.order import State
from tcpipclient.core.session import Session
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.exchange import FileExchange
from tcpipclient.handler_table import HandlerTable
from tcpipclient.handles import Books, SentText
from tcpipclient.net.clock import Clock, SystemClock
from tcpipclient.net.entrance import CLOSED_MEANWHILE, Entrance
from tcpipclient.net.exchange.hub_line import HubLine
from tcpipclient.net.link import Link
from tcpipclient.net.transport import Connect, connect_socket
from tcpipclient.recipients import EVERYONE, Group, Recipients, shares

if TYPE_CHECKING:
    # Loaded where it is needed: who keeps no files writes none.
    from tcpipclient.folder import DownloadFolder

T = TypeVar("T")


class Client(BatchCommands):
    """One connection to one hub.

    `Client("host", name="Ann")` or `Client(ClientConfig(...))`; as a context manager it connects and closes. A Client
    connects once; for another connection make another.

    Args:
        hub: Host name or IP address, or all settings in one.
        settings: The others of ClientConfig, where the hub is given by name or address.
        connect_with: Makes the connection; tests put a network in memory here.
        clock: Tells the time; tests put one here that they move on themselves.
        exchange: Batches that an earlier connection has begun, to go on with; the client does not close it.

    Raises:
        SettingError: A setting cannot be used.
    """

    @overload
    def __init__(
        self,
        hub: ClientConfig,
        *,
        connect_with: Connect = ...,
        clock: Clock | None = ...,
        exchange: FileExchange | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self,
        hub: str,
        *,
        connect_with: Connect = ...,
        clock: Clock | None = ...,
        exchange: FileExchange | None = ...,
        **settings: Unpack[ClientSettings],
    ) -> None: ...

    def __init__(
        self,
        hub: str | ClientConfig,
        *,
        connect_with: Connect = connect_socket,
        clock: Clock | None = None,
        exchange: FileExchange | None = None,
        **settings: Unpack[ClientSettings],
    ) -> None:
        if isinstance(hub, str):
            hub = ClientConfig(hub, **settings)
        self.config = hub
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._exchange = exchange or FileExchange(self._clock)
        self._owns_exchange = exchange is None
        self._line: HubLine | None = None
        self._books = Books(self._is_dispatching)
        self._layouts = LayoutTable()
        self._handlers = HandlerTable(self._receive_first)
        self._entrance = Entrance(hub, connect_with, self._clock, self._handlers.tell)
        self._began = False
        self._closed = False
        self._maybe_link: Link | None = None

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Connect and return when the hub has taken us in and the roster is complete.

        HandlerTable registered before get every event from `Registered` on.

        Raises:
            ConnectError: One of its kinds says why we did not get in; nothing is left running.
            StorageError: What is in `data_dir` cannot be used; nothing was connected.
            AlreadyConnectedError: This client was connected or closed before.
        """
        self._begin()
        config = self.config
        way = self._entrance.enter()
        with self._lock:
            if self._closed:
                way.transport.close()
                raise ConnectError(config.host, config.port, CLOSED_MEANWHILE)
            for number, layout in self._layouts.own().items():
                way.session.add_command(number, layout)
            link = Link(
                way,
                config,
                self._clock,
                _maybe_downloads(config),
                next_number=self._exchange.next_number,
                handlers_of=self._handlers.of,
                take_said=self._receive_said,
                ended=self._detach,
            )
            self._maybe_link = link
            self._line = HubLine(
                config,
                link.gate,
                self._entrance.identity,
                link.hub_address,
                link.dispatcher.post,
                self._handlers.tell,
            )
            self._exchange.attach(self._line, link.is_dispatching)
        link.start(way.deadline - self._clock.now())

    def close(self) -> None:
        """Say goodbye, send what is due within `close_timeout`, and end all threads.

        May be called any number of times, by several threads and by a handler; called by a handler it returns at once,
        and the threads end after the handler has returned. What is not sent by then is told as not sent.
        """
        with self._lock:
            self._closed = True
            link = self._maybe_link
        self._entrance.abort()
        if self._owns_exchange:
            self._exchange.close()
        if link is not None:
            link.close()

    @property
    def is_connected(self) -> bool:
        """True from the hub's taking us in until the connection ends."""
        return self._ask(lambda session: session.state is State.REGISTERED, otherwise=False)

    @property
    def own_id(self) -> int:
        """The id that the hub gave us; 0 before."""
        return self._ask(lambda session: session.own_id, otherwise=0)

    @property
    def hub_key(self) -> bytes | None:
        """Fingerprint of the hub's key, 32 bytes; None where the connection is not encrypted, and before."""
        return self._ask(lambda session: session.hub_key, otherwise=None)

    @property
    def hub_name(self) -> str:
        """What the hub is called, by its own word; empty where it did not say, and before."""
        return self._ask(lambda session: session.hub_name, otherwise="")

    @property
    def latency(self) -> float | None:
        """Seconds that the hub's last answer took; None before one was measured, and on the classic wire."""
        return self._ask(lambda session: session.latency, otherwise=None)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody else on the hub now, by id; nobody where there is no connection."""
        return self._ask(
            lambda session: session.roster.snapshot() if session.state is State.REGISTERED else (), otherwise=()
        )

    def ask_latencies(self, ids: Sequence[int]) -> None:
        """Have the hub tell how long these people take to answer it: `LatenciesTold`, and `LatencyMeasured` for us.

        Who was never measured is measured then, and told by the next answer. The classic wire tells nothing.

        Raises:
            NotConnectedError: There is no connection.
        """
        self._link().ask_latencies(tuple(ids))

    def on_event(self, handler: Callable[[Event], object]) -> None:
        """Have a handler called with every event from now on. What it raises is logged, and the next one goes on.

        It should return soon: while it runs nothing is taken from the hub, which drops a client that keeps others
        waiting for ten seconds. What takes long, such as asking the user, belongs on a thread of the program's own.
        """
        self._handlers.add(handler)

    def on_command(
        self, number: int, handler: Callable[[CommandArrived], object], layout: Layout = Layout.DATA
    ) -> None:
        """Have a handler called with every packet of a command of one's own; the last one registered counts.

        Args:
            number: 17 to 65535. All who use it must agree on its layout; where it is BIG_STRING, the hub must be told
                by `Server.register`, because an unregistered number is DATA to it.
            layout: DATA or BIG_STRING.

        Raises:
            FieldError: The number is the protocol's, or the layout is another.
        """
        with self._lock:
            self._layouts = with_own_command(self._layouts, number, layout)
            self._handlers.set_command(number, handler)
            if self._maybe_link is not None:
                self._maybe_link.gate.run(lambda session: session.add_command(number, layout))

    def on_payload(self, number: int, handler: Callable[[PayloadArrived], object]) -> None:
        """Have a handler called with every payload of a command of one's own; the last one registered counts.

        Raises:
            FieldError: The number is the protocol's.
        """
        check_own_command(number)
        self._handlers.set_payload(number, handler)

    def send_text(self, text: str, to: Recipients = EVERYONE, numbers: tuple[int, int] = (0, 0)) -> SentText:
        """Send a text; `SERVER` is the hub's operator. Returns at once; `wait` on the result to know that it arrived.

        Args:
            text: Up to 1,000,000 characters; for who is on the classic wire, what code page 1252 lacks becomes `?`.
            numbers: Two signed 32-bit numbers that go with it.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: A recipient is not on the hub; nobody was sent anything.
            FieldError: The text is too long or a number too large; nobody was sent anything.
            HubBusyError: The hub did not take it in `send_timeout`; some recipients may have been sent it.
        """
        link = self._link()
        recipients = self._resolve(to)
        sent = SentText(self._exchange.next_number(), recipients, self._books)
        self._books.add_text(sent)
        packets = len(text) // TEXT_WIDTH + 2
        try:
            link.send_in_shares(
                shares(recipients, packets * PACKET_SIZE),
                lambda session, some: session.send_text(sent.number, text, some, numbers),
            )
        except ChatError:
            self._books.forget(sent.number)
            raise
        return sent

    def send_command(self, packet: DataPacket | BigStringPacket, to: Recipients = EVERYONE) -> None:
        """Send a packet of a command of one's own; its idTo is set here, its idFrom by the hub.

        EVERYONE is repeated for each person, so it reaches everybody whatever the hub knows of the number. SERVER sends
        it once, with idTo 0: it goes to the hub's handler for the number where there is one, else to everyone including
        ourselves.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: A recipient is not on the hub; nobody was sent anything.
            FieldError: The number is the protocol's or a field does not fit; nobody was sent anything.
            HubBusyError: The hub did not take it in `send_timeout`; some recipients may have been sent it.
        """
        link = self._link()
        recipients = shares(self._resolve(to), PACKET_SIZE)
        link.send_in_shares(recipients, lambda session, some: session.send_command(packet, some))

    def send_payload(self, number: int, payload: bytes, to: Recipients = EVERYONE) -> None:
        """Send a command of one's own with any payload; over the modern wire only.

        Args:
            number: 17 to 65535.
            payload: Up to `commonlib.wire.messages.LARGEST_PAYLOAD` bytes, 1 KiB less than a MiB.
            to: EVERYONE is everybody there who is on the modern wire. SERVER is the hub's handler for the number, or
                where there is none everybody on the modern wire, ourselves included.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: A recipient is not on the hub; nobody was sent anything.
            PayloadError: A recipient, or the hub itself, is on the classic wire.
            FieldError: The number is the protocol's or the payload too large; nobody was sent anything.
            HubBusyError: The hub did not take it in `send_timeout`; some recipients may have been sent it.
        """
        link = self._link()
        recipients = self._resolve(to)
        if to is Group.EVERYONE and recipients:
            recipients = tuple(person.id for person in self.people if person.is_encrypted)
        link.send_in_shares(
            shares(recipients, len(payload)), lambda session, some: session.send_payload(number, payload, some)
        )

    def update_profile(
        self,
        *,
        name: str | None = None,
        colour: int | None = None,
        status: int | None = None,
        alternate_address: str | None = None,
        listening_port: int | None = None,
    ) -> None:
        """Change what others see of us; None leaves a thing as it is.

        Raises:
            NotConnectedError: There is no connection.
            FieldError: A value does not fit its field (docs/protocol.md, CLIENTDATA).
        """
        given: dict[str, Any] = {
            "name": name,
            "colour": colour,
            "status": status,
            "status_since": None if status is None else self._clock.wall(),
            "alternate_address": alternate_address,
            "listening_port": listening_port,
        }
        changes = {field: value for field, value in given.items() if value is not None}
        self._link().gate.run(lambda session: session.update_profile(replace(session.profile, **changes)))

    def _receive_first(self, event: Event) -> None:
        """Before all handlers: what is waited for, and who is there."""
        self._books.receive_event(event)
        if self._line is not None:
            self._exchange.receive_event(self._line, event)

    def _receive_said(self, said: SaidOfFiles) -> None:
        if self._line is not None:
            self._exchange.receive_said(self._line, said)

    def _detach(self) -> None:
        if self._line is not None:
            self._exchange.detach(self._line)

    def _begin(self) -> None:
        with self._lock:
            if self._began or self._closed:
                raise AlreadyConnectedError
            self._began = True

    def _link(self) -> Link:
        link = self._maybe_link
        if link is None:
            raise NotConnectedError
        return link

    def _ask(self, question: Callable[[Session], T], *, otherwise: T) -> T:
        link = self._maybe_link
        return otherwise if link is None else link.gate.run(question)

    def _resolve(self, to: Recipients) -> tuple[int, ...]:
        """The ids that are meant, each once and all of them there."""
        link = self._link()
        if to is Group.EVERYONE:
            link.gate.run(Session.require_registered)
            return tuple(person.id for person in self.people)
        recipients = (to,) if isinstance(to, int) else tuple(dict.fromkeys(to))
        link.gate.run(lambda session: session.check_recipients(recipients))
        return recipients

    def _is_dispatching(self) -> bool:
        return self._maybe_link is not None and self._maybe_link.is_dispatching()


def _maybe_downloads(config: ClientConfig) -> "DownloadFolder | None":
    if config.downloads is None:
        return None
    from tcpipclient.folder import DownloadFolder

    return DownloadFolder(config.downloads, config.conflict)
