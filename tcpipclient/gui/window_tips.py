"""What the parts of the client's window say while the pointer rests on them.

Owns the sentences. Must never be the only place where something is said: the keyboard does not reach them. Thread:
Tk's.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Any

import ttkbootstrap as tb

_DELAY_MILLISECONDS = 600


def tips(window: Any) -> list[Callable[[], object]]:
    """Steps that let the parts of a ClientWindow say what they are for."""
    connection, people, conversation = window.connection, window.people, window.conversation
    told: tuple[tuple[tk.Misc, str], ...] = (
        (connection.host, "Name or address of the hub's computer, or HOST:PORT. The list has those used before."),
        (connection.port, "Port of the hub: 9999 unless whoever runs it says otherwise."),
        (connection.name, "The name by which others see you."),
        (connection.lock.button, "Whether the connection is encrypted. Click to compare the hub's key code."),
        (window.menu.button, "Colours, size of the text, where received files go, and the list of keys."),
        (people.search, "Show only people whose name, computer, address, id or key code has this in it."),
        (people.select_all, "Select everybody who is shown, to write to all of them."),
        (people.server, "Write to whoever runs the hub."),
        (conversation.send_button, "Send what is written to everybody in this conversation."),
        (conversation.attach_button, "Choose files to send to everybody in this conversation."),
        (conversation.earlier, "Show messages from before the first one here."),
        (window.transfers.clear, "Take the files that are over from this list. Nothing is deleted."),
    )
    return [partial(tb.ToolTip, widget, text=sentence, delay=_DELAY_MILLISECONDS) for widget, sentence in told]
