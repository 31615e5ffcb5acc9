"""The values that the client's window shows: rows, questions and states as they are drawn.

Every text in them is fit to be shown: peers' names and file names are clamped and printable, messages too, with their
line breaks. Owns no behaviour: presenters make them, and a window must never change, parse or decide upon them. Pure:
they may go to any thread. The calls that take them are in view.py.
"""

from enum import StrEnum

from commonlib.values import dataclass
from tcpipclient.gui.shown_hub import Lock

MOST_SHOWN = 500
"""Messages on show at a time."""


class Light(StrEnum):
    """The article's light; there are always words beside it."""

    RED = "red"
    """Not connected."""
    PURPLE = "purple"
    """Connecting, or waiting to connect again."""
    GREEN = "green"
    """Registered."""
    BLUE = "blue"
    """Sending."""


@dataclass(frozen=True, slots=True)
class ConnectionShown:
    """The connection as it is now.

    Attributes:
        words: Beside the light: "Connected as Ann (3)", "Connecting again in 4 s".
        button: Label of the one button: "Connect" or "Disconnect".
        can_edit: Whether host, port and name may be edited now.
    """

    light: Light
    words: str
    button: str
    can_edit: bool


class Severity(StrEnum):
    """How a banner is meant; its sentence says it too."""

    NOTE = "note"
    WARNING = "warning"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence above everything else, until it is closed (`banner_closed`) or another takes its place."""

    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Toast:
    """A short notice at the window's edge that goes away by itself; `title` is one line, `text` may be empty."""

    title: str
    text: str


class PersonColumn(StrEnum):
    """The columns of the people list; the value is the heading."""

    NAME = "Name"
    COMPUTER = "Computer"
    ADDRESS = "Address"
    ID = "Id"
    PING = "Ping"
    PRESENCE = "Presence"
    UNREAD = "New"
    KEY = "Key"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in the people list.

    Attributes:
        key: Names the row; never used for another person while the window is open. Not the id on the hub.
        cells: One text for each PersonColumn, in its order; ping is "–" where the wire tells none.
        unread: Messages that were not looked at; a row with some is drawn bold.
        is_here: False for somebody who left and whose conversation is kept; such a row is drawn pale.
        lock: Whether what passes between him and the hub is encrypted; the cell of his key says it in words.
    """

    key: int
    cells: tuple[str, ...]
    unread: int
    is_here: bool
    lock: Lock


@dataclass(frozen=True, slots=True)
class PersonMenuShown:
    """What the menu of somebody in the people list says.

    Attributes:
        takes_always: Whether his files are taken without asking.
        can_change: Whether that can be changed there.
    """

    takes_always: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a message: characters `start` to before `end` of its text; a click hands `url` to `link_clicked`."""

    start: int
    end: int
    url: str


class Delivery(StrEnum):
    """How far a message is; its row has the words for it too."""

    NONE = "none"
    """Not ours, or a note."""
    SENDING = "sending"
    SENT = "sent"
    """On its way; somebody's word is missing."""
    RECEIVED = "received"
    NOT_RECEIVED = "not received"


class MessageKind(StrEnum):
    """Who speaks in a message's row."""

    MINE = "mine"
    THEIRS = "theirs"
    NOTE = "note"
    """The program itself: "Ann (3) left.", one line, no sender."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message of a conversation.

    Attributes:
        number: Names the row; later ones are greater.
        sender: "Ann (3)", "You", "The server"; empty for a note.
        time: "12:04", with the date where it is not today's.
        text: Possibly several lines, joined by a line feed.
        detail: Words behind the time: the delivery state, why not, the two numbers; may be empty.
    """

    number: int
    kind: MessageKind
    sender: str
    time: str
    text: str
    links: tuple[Link, ...]
    delivery: Delivery
    detail: str


@dataclass(frozen=True, slots=True)
class ConversationShown:
    """The conversation that is on show; it takes the place of the one before, with its draft.

    Attributes:
        title: With whom, clamped: "Ann (3)", "Ann (3), Bob (4) and 3 more", "The server".
        note: A sentence below the title, or in the middle of the pane while there is no message; may be empty.
        is_server: Whether the fields for the two numbers are shown.
        draft: What stands in the composer; the window puts it there.
        messages: The newest, oldest first.
        has_earlier: Whether "Show earlier" is offered above them.
    """

    title: str
    note: str
    is_server: bool
    draft: str
    messages: tuple[MessageRow, ...]
    has_earlier: bool


@dataclass(frozen=True, slots=True)
class ComposerShown:
    """What can be done with the composer now.

    Attributes:
        can_send: Whether Send, and Enter, do something.
        can_attach: Whether Attach and the File Drop area do something.
        hint: Why not, or how ("Enter sends, Shift+Enter makes a new line").
        warning: What to know before sending, such as characters that the wire cannot carry; may be empty.
    """

    can_send: bool
    can_attach: bool
    hint: str
    warning: str


class TransferShown(StrEnum):
    """State of a file, as the transfers panel says it; the value is the word shown."""

    OFFERED = "Offered"
    WAITING = "Waiting"
    CONNECTING = "Connecting"
    SENDING = "Sending"
    RECEIVING = "Receiving"
    PAUSED = "Paused"
    FINISHING = "Finishing"
    """All has come, and the last names are being given."""
    UNCONFIRMED = "Not confirmed"
    SENT = "Sent"
    SAVED = "Saved"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    DECLINED = "Declined"


class TransferAction(StrEnum):
    """What can be asked for a file; the value is the button's label."""

    ACCEPT = "Accept"
    REVIEW = "Accept…"
    """Show what is offered, and how it would be kept, before anything is accepted."""
    DECLINE = "Decline"
    ALWAYS = "Always from this person"
    PAUSE = "Pause"
    RESUME = "Resume"
    CANCEL = "Cancel"
    UP = "Up"
    DOWN = "Down"
    RETRY = "Retry"
    OPEN_FILE = "Open file"
    OPEN_FOLDER = "Open folder"
    ADD = "Add files…"
    """The window asks which, and tells them by `files_dropped`."""
    DETAILS = "Details…"
    CLEAR = "Clear"


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A file in the transfers panel, or several that go together.

    Attributes:
        key: Names the row; never used again.
        arrow: "↑" outgoing, "↓" incoming.
        name: The exact file name, clamped and printable; of several the first, "and 3 more".
        peer: "to Ann (3)", "from Bob (4)".
        percent: 0 to 100, for the bar.
        amount: "3.2 MB of 10.0 MB", or just the size.
        speed: "1.2 MB/s", or empty.
        left: "about 2 min left", or empty.
        detail: A sentence: why it failed, where it is; may be empty.
        actions: What is offered now, in order of use.
        more: What is offered besides, in a menu.
        way: "direct", "through the hub"; empty where there is none, or only one.
        count: "12 of 300 files", or empty.
    """

    key: int
    arrow: str
    name: str
    peer: str
    state: TransferShown
    percent: int
    amount: str
    speed: str
    left: str
    detail: str
    actions: tuple[TransferAction, ...]
    more: tuple[TransferAction, ...] = ()
    way: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class OfferShown:
    """What has waited longest for an answer, as a strip that does not stand in the way of anything else.

    Attributes:
        key: Of its TransferRow; the answer is `transfer_action(key, …)` with one of the actions.
        text: 'Ann (3) sends you "report.txt" (3.2 MB).' and what to know about it.
        always_note: What Always means on this wire.
        more: "and 3 more wait for an answer", or empty.
    """

    key: int
    text: str
    always_note: str
    more: str
    actions: tuple[TransferAction, ...] = (TransferAction.ACCEPT, TransferAction.DECLINE, TransferAction.ALWAYS)


@dataclass(frozen=True, slots=True)
class FileItem:
    """A line of a question: an exact name, clamped, and its size in words, or the reason why it is refused."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class SendQuestion:
    """Exactly what goes to whom, to be confirmed before anything is sent; answered by `send_answered(number, …)`.

    The same number again is the same question, with what has been found out since.

    Attributes:
        heading: "Send 3 files (4.2 MB) to Ann (3)?"
        recipients: Names, one each, clamped; at most 20, then "and 4 more".
        items: What would be sent: the first 200.
        more_items: "and 9,800 more (1.2 GB)", or empty.
        refused: What is not sent and why: the first 200.
        more_refused: As more_items.
        button: Label of the button that sends; empty where there is nothing to send, then only Close is offered.
        links: What a switch says that has symbolic links sent, too; empty where there are none.
        note: A sentence below the recipients: that folders are still being counted; may be empty.
    """

    number: int
    heading: str
    recipients: tuple[str, ...]
    items: tuple[FileItem, ...]
    more_items: str
    refused: tuple[FileItem, ...]
    more_refused: str
    button: str
    links: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeaveQuestion:
    """Asked before the window closes, or disconnects, while files are on their way; answered by `leave_answered(…)`."""

    heading: str
    text: str
    stay: str
    leave: str
