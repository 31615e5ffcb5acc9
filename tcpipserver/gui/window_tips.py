"""What the parts of the server window say while the pointer rests on them.

Owns the sentences. Must never be the only place where something is said: the keyboard does not reach them. Run by the
Tk thread.
"""

import tkinter
from typing import Any

import ttkbootstrap as tb

_DELAY_MILLISECONDS = 600


def add_tips(window: Any) -> None:
    """Say what the parts of a Window are for."""
    head, log, texts = window.head, window.log, window.texts
    tips: tuple[tuple[tkinter.Misc, str], ...] = (
        (head.port, "Where the hub listens: 1 to 65535, usually 9999. Stop the hub to change it."),
        (head.switch, "Start the hub, or say goodbye to everybody and stop it."),
        (head.copy, "Copy the address with its port, to be sent to people."),
        (head.more, "The other addresses of this machine."),
        (head.menu_button, "The firewall, saving the log, colours, size of the text."),
        (log.kinds_button, "Which kinds of lines are shown."),
        (log.find, "Show only lines that have this in them."),
        (log.pause, "Stop showing new lines; none is lost meanwhile."),
        (log.copy_button, "Copy what is selected, or else all lines that are shown."),
        (log.save_button, "Write all lines that are kept and match to a file."),
        (texts.send_button, "Send what is written to whom it says on the left."),
    )
    for widget, sentence in tips:
        tb.ToolTip(widget, text=sentence, delay=_DELAY_MILLISECONDS)
