"""The card before files are sent: exactly what goes to whom. What is found out meanwhile comes into its place.

Owns the question's widgets, which stay: whoever presses an answer while folders are still counted has pressed it. For
that the card keeps its size, too, and its list gives the room for what is added. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable

from tcpipclient.gui.shown import SendQuestion
from tcpipclient.gui.window_card import Card, show_if
from tcpipclient.gui.window_theme import Look

_SPARE_LINES = 3
"""For a heading that gets longer and the switch for links."""


class SendCard(Card):
    """One question.

    Args:
        answered: Takes the answer, and whether links are wanted, too.

    Attributes:
        number: Of the question.
    """

    def __init__(self, root: tk.Tk, look: Look, question: SendQuestion, answered: Callable[[bool, bool], None]) -> None:
        self._links = tk.BooleanVar(root)
        super().__init__(root, look, question.heading, lambda yes: answered(yes, bool(self._links.get())))
        self.number = question.number
        self._question = question
        self.add_words("To " + ", ".join(question.recipients) if len(question.recipients) > 1 else "")
        self._note = self.add_words(question.note)
        self.add_list()
        self._put_files()
        self._switch = self.add_switch(self._links)
        show_if(self._switch, question.links)
        self._yes, self._no = self.add_buttons(question.button, _no_label(question))

    @property
    def spare_lines(self) -> int:
        """Room for what is known when folders have been counted."""
        return _SPARE_LINES if self._question.note else 0

    def show(self, question: SendQuestion) -> None:
        """Say what is known by now."""
        before, self._question = self._question, question
        show_if(self._heading, question.heading)
        show_if(self._note, question.note)
        show_if(self._switch, question.links)
        show_if(self._yes, question.button)
        show_if(self._no, _no_label(question))
        if (before.items, before.refused, before.more_refused) != (
            question.items,
            question.refused,
            question.more_refused,
        ):
            seen = self.list.yview()[0]
            self._put_files()
            self.list.yview_moveto(seen)
        if not question.button:
            self._first = self._no
            self.take_focus()

    def _put_files(self) -> None:
        question, text = self._question, self.list
        text.configure(state="normal")
        text.delete("1.0", "end")
        self.add_items("", question.items, question.more_items, "size")
        if question.refused:
            self.add_items("Not sent:", question.refused, question.more_refused, "why")
        text.configure(state="disabled")


def _no_label(question: SendQuestion) -> str:
    return "Cancel" if question.button else "Close"
