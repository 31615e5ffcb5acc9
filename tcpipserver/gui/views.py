"""What the presenters need of the window, and of the hub: the protocols between deciding and doing.

Owns the protocols and the values that pass through them. Must never hold behaviour. Pure: views are called on the Tk
thread alone; a control takes orders on the Tk thread and does not block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commonlib.meaning import Meaning
from tcpipserver.gui.views_door import DoorControl, DoorView


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the client list.

    Attributes:
        width: In digits of the font.
        is_number: Whether it is aligned to the right.
    """

    key: str
    title: str
    width: int
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of the client list; `cells` in the order of the columns."""

    id: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HubState:
    """The state of the hub in words.

    Attributes:
        title: A few words beside the light.
        meaning: The light's colour.
        button: What the start/stop switch says; it cannot be used while `is_busy`.
        can_edit_port: Whether the port may be typed over.
    """

    title: str
    meaning: Meaning
    button: str
    is_busy: bool
    can_edit_port: bool


@dataclass(frozen=True, slots=True)
class ShownAddresses:
    """Where others find the hub.

    Attributes:
        main: Shown big, with port; "" where there is none.
        others: Shown small, with port.
        hint: A sentence below.
    """

    main: str
    others: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence across the window.

    Attributes:
        command: To be copied; "" for none.
        action: What the button says; "" for none.
    """

    meaning: Meaning
    text: str
    command: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the event log as it is shown: the word says what the colour says."""

    meaning: Meaning
    time: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text to or from the server.

    Attributes:
        key: Names it when it is chosen.
        is_ours: Whether the operator wrote it.
    """

    key: int
    time: str
    who: str
    numbers: str
    text: str
    is_ours: bool


class PeopleView(Protocol):
    """The client list."""

    def put_people(self, rows: Sequence[PersonRow]) -> None:
        """Add rows, or replace those whose id is there."""

    def remove_people(self, ids: Sequence[int]) -> None:
        """Take rows away."""

    def order_people(self, ids: Sequence[int]) -> None:
        """Put all rows into this order."""

    def show_sorting(self, column: str, is_descending: bool) -> None:
        """Mark the column by which the rows are ordered."""

    def show_empty(self, text: str) -> None:
        """Say this instead of rows; "" when there are rows."""

    def ask_reason(self, question: str, ids: tuple[int, ...]) -> None:
        """Ask whether, and why, to send these away; the answer comes as `kick_confirmed`."""

    def ask_ban(self, question: str, keys: tuple[str, ...]) -> None:
        """Ask whether, and why, to keep these keys out, in hexadecimal digits; the answer comes as `ban_confirmed`."""


class LogView(Protocol):
    """The event log."""

    def add_lines(self, lines: Sequence[ShownLine]) -> None:
        """Add lines below; above the most that are shown, the oldest go."""

    def clear_lines(self) -> None:
        """Take all lines away."""

    def show_log_state(self, text: str, is_paused: bool) -> None:
        """Say how many lines there are, and whether new ones are being shown."""


class TextsView(Protocol):
    """The texts to the server, and the answers."""

    def add_texts(self, texts: Sequence[ShownText]) -> None:
        """Add below; above the most that are shown, the oldest go."""

    def show_recipient(self, text: str, is_everybody: bool) -> None:
        """Say who will read what is being written."""

    def show_unread(self, count: int) -> None:
        """Say how many texts nobody has looked at."""

    def show_problem(self, text: str) -> None:
        """Say why a text was not sent; "" when all is well."""

    def clear_entry(self) -> None:
        """A text has gone out: empty the line."""

    def open_texts(self) -> None:
        """Bring the texts to the front, ready for typing."""


class HubView(Protocol):
    """The head and foot of the window."""

    def show_state(self, state: HubState) -> None:
        """Show what the hub does."""

    def show_port(self, port: int) -> None:
        """Show the port."""

    def show_addresses(self, addresses: ShownAddresses) -> None:
        """Show where others find the hub."""

    def show_notice(self, notice: Notice | None) -> None:
        """Show a sentence across the window, or none."""

    def show_totals(self, text: str) -> None:
        """Show the line at the foot."""

    def show_dark(self, is_dark: bool) -> None:
        """The system prefers dark windows, or light ones."""

    def ask_close(self, question: str) -> None:
        """Ask whether to close; the answer comes as `close_confirmed`."""

    def close(self) -> None:
        """End the window."""


class Clipboard(Protocol):
    """Where copied text goes."""

    def copy(self, text: str) -> None:
        """Put a text there."""


class WindowView(PeopleView, LogView, TextsView, HubView, DoorView, Clipboard, Protocol):
    """The whole window."""


class HubControl(DoorControl, Protocol):
    """What can be done with the hub. Nothing here waits: what comes of it arrives as events."""

    def start(self, port: int) -> None:
        """Start a hub: HubStarted or ListenRefused follows."""

    def stop(self) -> None:
        """Stop it: HubStopped follows."""

    def say(self, to: tuple[int, ...] | None, text: str, numbers: tuple[int, int]) -> None:
        """Say a text as the server, to these ids or to everybody.

        Raises:
            ChatError: It cannot be said; the sentence says why.
        """

    def kick(self, ids: tuple[int, ...], reason: str) -> None:
        """Send these away.

        Raises:
            ChatError: There is no hub.
        """

    def save_lines(self, path: str, lines: tuple[str, ...]) -> None:
        """Write lines to a file: LogSaved or WorkFailed follows."""
