"""Texts to the server, with the two numbers that come with them, and the operator's answers.

Owns who will read what the operator writes. Must never send a text to anybody else than the window says. Pure: run by
the Tk thread.
"""

from collections import deque
from collections.abc import Callable

from commonlib.exceptions import ChatError
from commonlib.printable import printable
from commonlib.wording import shown_person
from tcpipserver.gui.events import TextSaid
from tcpipserver.gui.forms import time_of_day
from tcpipserver.gui.views import HubControl, ShownText, TextsView

MOST_TEXTS = 500
TEXTS_PER_TICK = 50
LONGEST_SHOWN = 2000
_SMALLEST_NUMBER, _LARGEST_NUMBER = -(2**31), 2**31 - 1
_MOST_DIGITS = 10
EVERYBODY = "everybody"


class TextsPresenter:
    """The texts, and the line below them."""

    def __init__(self, view: TextsView, control: HubControl, maybe_name: Callable[[int], str | None]) -> None:
        self._view = view
        self._control = control
        self._maybe_name = maybe_name
        self._senders: dict[int, tuple[int, str]] = {}
        self._due: deque[ShownText] = deque(maxlen=MOST_TEXTS)
        self._to: tuple[int, ...] | None = None
        self._names = EVERYBODY
        self._last_key = 0
        self._unread = 0
        self._is_seen = False

    def opened(self) -> None:
        """The window is there: everybody is whom one writes to unless one chooses."""
        self._show_recipient()

    def receive_text(self, said: TextSaid) -> None:
        """A client said something to the server."""
        who = shown_person(said.sender.name, said.sender.id)
        key = self._add(said.wall, who, said.numbers, said.text, is_ours=False)
        self._senders[key] = (said.sender.id, who)
        if len(self._senders) > MOST_TEXTS:
            del self._senders[next(iter(self._senders))]
        if not self._is_seen:
            self._unread += 1
            self._view.show_unread(self._unread)

    def tick(self) -> None:
        """Show some of what is due."""
        if self._due:
            self._view.add_texts([self._due.popleft() for _ in range(min(TEXTS_PER_TICK, len(self._due)))])

    def visibility_changed(self, is_seen: bool) -> None:
        """The operator looks at the texts, or at something else."""
        self._is_seen = is_seen
        if is_seen and self._unread:
            self._unread = 0
            self._view.show_unread(0)

    def text_chosen(self, key: int) -> None:
        """The operator has chosen a text: what he writes is an answer to its sender."""
        sender = self._senders.get(key)
        if sender is not None:
            client_id, who = sender
            self._to, self._names = (client_id,), who
            self._show_recipient()

    def write_to(self, ids: tuple[int, ...], names: str) -> None:
        """The operator wants to write to these."""
        self._to, self._names = ids, names
        self._show_recipient()
        self._view.open_texts()

    def everybody_clicked(self) -> None:
        """What he writes is for all."""
        self._to, self._names = None, EVERYBODY
        self._show_recipient()

    def send_clicked(self, text: str, first: str, second: str, wall: float) -> None:
        """Say what was typed; where that is impossible, say why, and leave it in the line."""
        problem = self._maybe_problem(text, first, second)
        if problem is None:
            numbers = (_number(first), _number(second))
            try:
                self._control.say(self._to, text, numbers)
            except ChatError as error:
                problem = str(error)
            else:
                self._add(wall, f"You to {self._names}", numbers, text, is_ours=True)
                self._view.clear_entry()
        self._view.show_problem(problem or "")

    def _maybe_problem(self, text: str, first: str, second: str) -> str | None:
        if not text.strip():
            return "There is nothing to send yet: type a text first."
        if not (_is_number(first) and _is_number(second)):
            return "The two numbers have to be whole numbers from -2147483648 to 2147483647; empty ones count as 0."
        if self._to is not None and not self._is_anybody_here(self._to):
            return f"{self._names[:1].upper()}{self._names[1:]} left: choose somebody else, or everybody."
        return None

    def _is_anybody_here(self, ids: tuple[int, ...]) -> bool:
        """Where a single one is named on the window it has to be that one: his id may be somebody else's by now."""
        here = [name for client_id in ids if (name := self._maybe_name(client_id)) is not None]
        return here == [self._names] if len(ids) == 1 else bool(here)

    def _add(self, wall: float, who: str, numbers: tuple[int, int], text: str, is_ours: bool) -> int:
        self._last_key += 1
        shown = "\n".join(printable(line, LONGEST_SHOWN) for line in text[:LONGEST_SHOWN].splitlines())
        self._due.append(
            ShownText(self._last_key, time_of_day(wall), who, f"{numbers[0]}, {numbers[1]}", shown, is_ours)
        )
        return self._last_key

    def _show_recipient(self) -> None:
        self._view.show_recipient(self._names, self._to is None)
        self._view.show_problem("")


def _is_number(typed: str) -> bool:
    digits = typed.strip().removeprefix("-")
    if not typed.strip():
        return True
    if len(digits) > _MOST_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    return _SMALLEST_NUMBER <= int(typed) <= _LARGEST_NUMBER


def _number(typed: str) -> int:
    return int(typed) if typed.strip() else 0
