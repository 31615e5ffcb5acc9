"""The server window and the hub behind it, as a presenter sees them: both only write down what they are told.

Owns RecordingServerView and RecordingHubControl. They must never decide anything. Thread: the test's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from commonlib.exceptions import ChatError
from tcpipserver.gui.views import HubState, Notice, PersonRow, ShownAddresses, ShownLine, ShownText
from tcpipserver.gui.views_door import DoorForm, KeyRow, ShownDoor
from tcpipserver.hub.admission import Policy


@dataclass(slots=True)
class RecordingServerView:
    """What a user would see now, and what he has been asked.

    Attributes:
        rows: The client list, in its order.
        largest_batch: The most rows, lines or texts that were ever handed over at once.
        put: Ids in the order in which their rows were put, repeats too.
        copied: What went to the clipboard, in order.
    """

    rows: dict[int, tuple[str, ...]] = field(default_factory=dict)
    put: list[int] = field(default_factory=list)
    orders: int = 0
    sorting: tuple[str, bool] | None = None
    empty: str = ""
    reasons_asked: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    lines: list[ShownLine] = field(default_factory=list)
    clearings: int = 0
    log_state: tuple[str, bool] = ("", False)
    texts: list[ShownText] = field(default_factory=list)
    recipient: tuple[str, bool] = ("", False)
    unread: list[int] = field(default_factory=list)
    problem: str = ""
    entries_cleared: int = 0
    texts_opened: int = 0
    states: list[HubState] = field(default_factory=list)
    port: int | None = None
    addresses: ShownAddresses | None = None
    notice: Notice | None = None
    totals: str = ""
    darkness: list[bool] = field(default_factory=list)
    closings_asked: list[str] = field(default_factory=list)
    is_closed: bool = False
    copied: list[str] = field(default_factory=list)
    door: ShownDoor | None = None
    form: DoorForm | None = None
    remembered: Policy | None = None
    waiting: tuple[KeyRow, ...] = ()
    alarms: int = 0
    banned: tuple[KeyRow, ...] = ()
    banned_count: int = 0
    bans_asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    denials_asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    largest_batch: int = 0

    def put_people(self, rows: Sequence[PersonRow]) -> None:
        self._note(rows)
        for row in rows:
            self.rows[row.id] = row.cells
            self.put.append(row.id)

    def remove_people(self, ids: Sequence[int]) -> None:
        for client_id in ids:
            self.rows.pop(client_id, None)

    def order_people(self, ids: Sequence[int]) -> None:
        assert set(ids) == set(self.rows), "an order has to name every row, and no other"
        self.rows = {client_id: self.rows[client_id] for client_id in ids}
        self.orders += 1

    def show_sorting(self, column: str, is_descending: bool) -> None:
        self.sorting = column, is_descending

    def show_empty(self, text: str) -> None:
        self.empty = text

    def ask_reason(self, question: str, ids: tuple[int, ...]) -> None:
        self.reasons_asked.append((question, ids))

    def add_lines(self, lines: Sequence[ShownLine]) -> None:
        self._note(lines)
        self.lines.extend(lines)

    def clear_lines(self) -> None:
        self.lines.clear()
        self.clearings += 1

    def show_log_state(self, text: str, is_paused: bool) -> None:
        self.log_state = text, is_paused

    def add_texts(self, texts: Sequence[ShownText]) -> None:
        self._note(texts)
        self.texts.extend(texts)

    def show_recipient(self, text: str, is_everybody: bool) -> None:
        self.recipient = text, is_everybody

    def show_unread(self, count: int) -> None:
        self.unread.append(count)

    def show_problem(self, text: str) -> None:
        self.problem = text

    def clear_entry(self) -> None:
        self.entries_cleared += 1

    def open_texts(self) -> None:
        self.texts_opened += 1

    def show_state(self, state: HubState) -> None:
        self.states.append(state)

    def show_port(self, port: int) -> None:
        self.port = port

    def show_addresses(self, addresses: ShownAddresses) -> None:
        self.addresses = addresses

    def show_notice(self, notice: Notice | None) -> None:
        self.notice = notice

    def show_totals(self, text: str) -> None:
        self.totals = text

    def show_dark(self, is_dark: bool) -> None:
        self.darkness.append(is_dark)

    def ask_close(self, question: str) -> None:
        self.closings_asked.append(question)

    def close(self) -> None:
        self.is_closed = True

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def show_door(self, door: ShownDoor) -> None:
        self.door = door

    def ask_door(self, form: DoorForm) -> None:
        self.form = form

    def remember_policy(self, policy: Policy) -> None:
        self.remembered = policy

    def show_waiting(self, rows: Sequence[KeyRow], *, is_new: bool) -> None:
        self.waiting = tuple(rows)
        self.alarms += is_new

    def show_banned(self, rows: Sequence[KeyRow], count: int) -> None:
        self.banned, self.banned_count = tuple(rows), count

    def ask_ban(self, question: str, keys: tuple[str, ...]) -> None:
        self.bans_asked.append((question, keys))

    def ask_denial(self, question: str, keys: tuple[str, ...]) -> None:
        self.denials_asked.append((question, keys))

    def _note(self, batch: Sequence[object]) -> None:
        self.largest_batch = max(self.largest_batch, len(batch))


@dataclass(slots=True)
class RecordingHubControl:
    """The orders that were given, such as ("start", 9999).

    Attributes:
        refusal: Raised, where it is there, by all that needs a hub that runs.
    """

    orders: list[tuple[object, ...]] = field(default_factory=list)
    refusal: ChatError | None = None

    def start(self, port: int) -> None:
        self.orders.append(("start", port))

    def stop(self) -> None:
        self.orders.append(("stop",))

    def say(self, to: tuple[int, ...] | None, text: str, numbers: tuple[int, int]) -> None:
        self._order("say", to, text, numbers)

    def kick(self, ids: tuple[int, ...], reason: str) -> None:
        self._order("kick", ids, reason)

    def ban(self, keys: tuple[bytes, ...], reason: str) -> None:
        self._order("ban", keys, reason)

    def unban(self, key: bytes) -> None:
        self._order("unban", key)

    def approve(self, key: bytes) -> None:
        self._order("approve", key)

    def deny(self, key: bytes, reason: str) -> None:
        self._order("deny", key, reason)

    def set_policy(self, policy: Policy) -> None:
        self.orders.append(("policy", policy))

    def renew_join_code(self) -> None:
        self.orders.append(("renew",))

    def save_lines(self, path: str, lines: tuple[str, ...]) -> None:
        self.orders.append(("save", path, lines))

    def _order(self, *order: object) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.orders.append(order)
