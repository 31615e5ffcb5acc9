"""Scrollbars of the server window are there when they are needed."""

import tkinter as tk

import pytest
import ttkbootstrap as tb

from tcpipserver.gui.window_scrollbar import Scrollbar
from tests.support.client_windows import ShownWindow


@pytest.mark.parametrize("is_across", [False, True])
def test_it_comes_with_what_does_not_fit_and_goes_again(client_window: ShownWindow, is_across: bool) -> None:
    """Beside a text of many lines, below one of a long line."""
    top = tb.Toplevel(client_window.window)
    text = tk.Text(top, width=20, height=4, wrap="none")
    text.grid(row=0, column=0)
    bar = Scrollbar(text, int(is_across), int(not is_across), is_across=is_across)
    text.insert("end", "short")
    client_window.until(lambda: bool(text.winfo_viewable()) and not bar.winfo_viewable())
    text.insert("end", "long " * 50 if is_across else "line\n" * 50)
    client_window.until(lambda: bool(bar.winfo_viewable()))
    text.delete("1.0", "end")
    client_window.until(lambda: not bar.winfo_viewable())
    top.destroy()
