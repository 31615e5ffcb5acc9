"""The client as a program uses it: connect, see who is there, say something, send a file, add commands of one's own.

Owns the public class `Client` and the meaning of `to`. Must never interpret a packet or touch a socket: that is for
core/ and net/. Threads: every method may be called from any thread, from handlers too, except where it says otherwise.
Handlers run one after another on the client's dispatcher thread: while one runs, nothing else arrives.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import DEFAULT_PORT, Layout
from tcpipclient.config import Accept, Acceptance, ClientConfig
from tcpipclient.core.events import CommandArrived, Event, Person
from tcpipclient.folder import Conflict
from tcpipclient.handles import SentText, Transfer


class Group(Enum):
    """A recipient that is no single id."""

    EVERYONE = "everyone"


EVERYONE = Group.EVERYONE
"""Everybody on the roster at the moment of sending, ourselves excepted; what is sent is repeated for each."""

Recipients = int | Iterable[int] | Group
"""An id, several, or EVERYONE. The id 0 (`SERVER`) is the hub itself."""


class Client:
    """One connection to one hub.

    `Client("host", name="Ann")` or `Client(ClientConfig(...))`; as a context manager it connects and closes. A Client
    connects once; for another connection make another.

    Raises:
        SettingError: A setting cannot be used.
    """

    def __init__(
        self,
        hub: str | ClientConfig,
        *,
        port: int = DEFAULT_PORT,
        name: str = "somebody",
        downloads: Path | None = None,
        accept: Acceptance = Accept.ASK,
        conflict: Conflict = Conflict.RENAME,
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def connect(self) -> None:
        """Connect and return when the hub has taken us in and the roster is complete.

        Handlers registered before get every event from `Registered` on.

        Raises:
            ConnectError: One of its kinds says why we did not get in; nothing is left running.
            AlreadyConnectedError: This client was connected before.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Say goodbye, send what is due within `close_timeout`, and end all threads.

        May be called any number of times, by several threads and by a handler; called by a handler it returns at once,
        and the threads end after the handler has returned. What is not sent by then is told as not sent.
        """
        raise NotImplementedError

    @property
    def is_connected(self) -> bool:
        """True from the hub's taking us in until the connection ends."""
        raise NotImplementedError

    @property
    def own_id(self) -> int:
        """The id that the hub gave us; 0 before."""
        raise NotImplementedError

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody else on the hub now, by id."""
        raise NotImplementedError

    def on_event(self, handler: Callable[[Event], object]) -> None:
        """Have a handler called with every event from now on. What it raises is logged, and the next one goes on."""
        raise NotImplementedError

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
        raise NotImplementedError

    def send_text(self, text: str, to: Recipients = EVERYONE, numbers: tuple[int, int] = (0, 0)) -> SentText:
        """Send a text; `SERVER` is the hub's operator. Returns at once; `wait` on the result to know that it arrived.

        Args:
            text: Up to 1,000,000 characters; what code page 1252 lacks becomes `?`.
            numbers: Two signed 32-bit numbers that go with it.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: A recipient is not on the hub; nobody was sent anything.
            FieldError: The text is too long or a number too large; nobody was sent anything.
            HubBusyError: The hub did not take it in `send_timeout`; some recipients may have been sent it.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def send_file(self, path: str | Path, to: int) -> Transfer:
        """Send a file to one person. Returns at once; files go one after another, texts overtake them.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: The recipient is not on the hub.
            UnsendableFileError: There is no such file, it is none, or it cannot be read.
            FileTooLargeError: It has more bytes than this wire can say (4 GiB).
        """
        raise NotImplementedError

    def accept_file(self, transfer: int) -> None:
        """Keep an offered file (`FileOffered.transfer`) under Accept.ASK; nothing where it was answered or is over."""
        raise NotImplementedError

    def decline_file(self, transfer: int) -> None:
        """Do not keep an offered file under Accept.ASK; what came of it is deleted. As accept_file otherwise."""
        raise NotImplementedError

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
        raise NotImplementedError
