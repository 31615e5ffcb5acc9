"""The cards that a window may never show: before files are accepted, and for the speed limit. Made when first wanted.

Owns when they are loaded: the window is drawn before that. Must never know what is on them. Thread: Tk's.
"""

import tkinter as tk
from functools import cached_property
from typing import TYPE_CHECKING

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown_files import AcceptQuestion, LimitQuestion
from tcpipclient.gui.window_questions import Questions
from tcpipclient.gui.window_theme import Look

if TYPE_CHECKING:
    from tcpipclient.gui.window_accept import AcceptCards
    from tcpipclient.gui.window_limit import LimitCard


class LateCards:
    """Those of one window."""

    def __init__(self, root: tk.Tk, look: Look, actions: Actions, questions: Questions) -> None:
        self._root, self._look, self._actions, self._questions = root, look, actions, questions

    @cached_property
    def accepting(self) -> "AcceptCards":
        """The card before files are accepted."""
        from tcpipclient.gui.window_accept import AcceptCards

        return AcceptCards(self._root, self._look, self._actions, self._questions)

    @cached_property
    def limit(self) -> "LimitCard":
        """The card for the speed limit."""
        from tcpipclient.gui.window_limit import LimitCard

        return LimitCard(self._root, self._look, self._actions, self._questions)

    def ask_accept(self, question: AcceptQuestion) -> None:
        """See TransfersView."""
        self.accepting.ask_accept(question)

    def close_accept(self, key: int) -> None:
        """See TransfersView."""
        self.accepting.close_accept(key)

    def ask_limit(self, question: LimitQuestion) -> None:
        """See TransfersView."""
        self.limit.ask_limit(question)

    def close_limit(self) -> None:
        """See TransfersView."""
        self.limit.close_limit()
