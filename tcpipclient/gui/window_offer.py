"""The strip for what somebody offers: who, what, and Accept, Decline, Always.

Owns these widgets; whatever a name is, the buttons keep their place. Must never answer by itself. Thread: Tk's.
"""

import time
import tkinter as tk
from functools import partial

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import OfferShown, TransferAction
from tcpipclient.gui.window_theme import SMALL_FONT, Look, Palette

_STYLES = {
    TransferAction.ACCEPT: "success",
    TransferAction.REVIEW: "success",
    TransferAction.DECLINE: "danger outline",
    TransferAction.ALWAYS: "outline",
}


class OfferStrip(tk.Frame):
    """The oldest file that waits for an answer."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master)
        self._actions = actions
        self._key = 0
        gap = look.pixels(10)
        self.grid_columnconfigure(1, weight=1)
        self._sign = tk.Label(self)
        self._text = tk.Label(self, font="TkTextFont", anchor="w", justify="left")
        self._more = tk.Label(self, font=SMALL_FONT, anchor="w", justify="left")
        self._sign.grid(row=0, column=0, rowspan=2, padx=gap)
        self._text.grid(row=0, column=1, sticky="ew", pady=(look.pixels(7), 0))
        self._more.grid(row=1, column=1, sticky="ew", pady=(0, look.pixels(7)))
        self._buttons = tk.Frame(self)
        self._buttons.grid(row=0, column=2, rowspan=2, padx=gap)
        self.buttons: dict[TransferAction, tb.Button] = {}
        for column, (action, style) in enumerate(_STYLES.items()):
            button = tb.Button(self._buttons, text=action.value, bootstyle=style, command=partial(self._answer, action))
            button.grid(row=0, column=column, padx=look.pixels(3))
            self.buttons[action] = button
        self._tip = tb.ToolTip(self.buttons[TransferAction.ALWAYS], text="")
        for label in (self._text, self._more):
            label.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))
        look.follow(self._colour)

    def show_offer(self, offer: OfferShown | None) -> None:
        """See TransfersView."""
        if offer is None:
            self.grid_remove()
            return
        self._key = offer.key
        for action, button in self.buttons.items():
            if action not in offer.actions:
                button.grid_remove()
            else:
                button.grid()
        self._text.configure(text=offer.text)
        self._more.configure(text=" · ".join(part for part in (offer.more, offer.always_note) if part))
        self._tip.configure(text=offer.always_note)
        self.grid()

    def _answer(self, action: TransferAction) -> None:
        self._actions.transfer_action(self._key, action, time.monotonic())

    def _colour(self, palette: Palette) -> None:
        for widget in (self, self._sign, self._text, self._more, self._buttons):
            widget.configure(background=palette.drop)
        self._text.configure(foreground=palette.text)
        self._more.configure(foreground=palette.text)
        self._sign.configure(image=tb.Icon("file-earmark-arrow-down-fill", size=24, color=palette.drop_text))
