"""Questions inside the client's window: what would be sent, and whether to leave while files are on their way.

Owns which card is open, one at a time, and where the keyboard goes when it is closed. Must never answer by itself.
Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Sequence
from typing import Protocol

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import LeaveQuestion, SendQuestion
from tcpipclient.gui.shown_files import DetailsShown
from tcpipclient.gui.window_card import Card
from tcpipclient.gui.window_details import DetailsCard
from tcpipclient.gui.window_send_card import SendCard
from tcpipclient.gui.window_theme import Look


class Covering(Protocol):
    """What lies over the window until it is answered; `cover` has everything of it."""

    cover: tk.Frame

    def take_focus(self) -> None:
        """Give the keyboard to what is answered first."""

    def escape(self) -> None:
        """Escape was pressed."""

    def close(self) -> None:
        """Take it away."""


class Questions:
    """The question that is open, if one is."""

    def __init__(self, root: tk.Tk, look: Look, actions: Actions) -> None:
        self._root, self._look, self._actions = root, look, actions
        self._card: Covering | None = None
        self._focused_before: tk.Misc | None = None
        root.bind("<FocusIn>", self._keep_focus, add="+")
        root.bind("<Escape>", self._escaped, add="+")

    @property
    def is_open(self) -> bool:
        """Whether one waits for an answer."""
        return self._card is not None

    def ask_send(self, question: SendQuestion) -> None:
        """See TransfersView."""
        open_card = self._card
        if isinstance(open_card, SendCard) and open_card.number == question.number:
            open_card.show(question)
            return

        def answered(yes: bool, links: bool) -> None:
            self.dismiss(card)
            self._actions.send_answered(question.number, yes=yes, links=links)

        card = SendCard(self._root, self._look, question, answered)
        self._open(card)

    def show_details(self, shown: DetailsShown) -> None:
        """See TransfersView."""
        if self._card is None:
            card = DetailsCard(self._root, self._look, shown, lambda _: self.dismiss(card))
            self._open(card)

    def change_details(self, shown: DetailsShown) -> None:
        """See TransfersView."""
        if isinstance(self._card, DetailsCard) and self._card.key == shown.key:
            self._card.show(shown)

    def ask_leave(self, question: LeaveQuestion) -> None:
        """See NoticeView."""

        def answered(yes: bool) -> None:
            self.dismiss(card)
            self._actions.leave_answered(yes=yes)

        card = Card(self._root, self._look, question.heading, answered)
        card.add_words(question.text)
        card.add_buttons(question.leave, question.stay, dangerous=True)
        self._open(card)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show which key does what."""
        if self._card is None:
            card = Card(self._root, self._look, "Keys", lambda _: self.dismiss(card))
            text = card.add_list()
            card.add_columns(keys)
            text.delete("end-2c")
            text.configure(state="disabled")
            card.add_buttons("", "Close")
            self._open(card)

    def show(self, card: Covering) -> None:
        """A card has been opened: it takes the place of the one before, whose question is not answered any more."""
        if self._card is not None:
            self._card.close()
        else:
            self._focused_before = self._root.focus_get()
        self._card = card

    def dismiss(self, card: Covering) -> None:
        """Take a card away where it is still there, and give the keyboard back."""
        if self._card is not card:
            return
        self._card = None
        card.close()
        before = self._focused_before
        if before is not None and before.winfo_exists():
            before.focus_set()

    def _open(self, card: Card) -> None:
        """Show a card on which everything is."""
        self.show(card)
        card.fit()
        card.take_focus()

    def _escaped(self, _: object) -> None:
        if self._card is not None:
            self._card.escape()

    def _keep_focus(self, event: "tk.Event[tk.Misc]") -> None:
        """Tab goes round within the card."""
        if self._card is not None and not str(event.widget).startswith(str(self._card.cover)):
            self._card.take_focus()
