"""Size and place of the client's window.

Owns the usual and the smallest size, and keeping what is remembered within the screen that there is now. Must never
remember anything itself. Thread: Tk's.
"""

import re
import tkinter as tk

from tcpipclient.gui.window_theme import Look

SIZE, SMALLEST = (1100, 720), (560, 420)
_GEOMETRY = re.compile(r"(\d+)x(\d+)(?:\+(-?\d+)\+(-?\d+))?")


def place(window: tk.Tk, look: Look, remembered: str) -> None:
    """Give a window the remembered size and place, as far as the screen shows them, else the usual size."""
    screen = window.winfo_screenwidth(), window.winfo_screenheight()
    smallest = [min(look.pixels(side), room) for side, room in zip(SMALLEST, screen, strict=True)]
    window.minsize(*smallest)
    found = _GEOMETRY.fullmatch(remembered)
    if found is None:
        width, height = (min(look.pixels(side), round(room * 0.95)) for side, room in zip(SIZE, screen, strict=True))
        window.geometry(f"{width}x{height}")
        return
    width, height = (
        max(low, min(int(side), room)) for low, side, room in zip(smallest, found.group(1, 2), screen, strict=True)
    )
    where = ""
    if found[3] is not None:
        left = max(0, min(int(found[3]), screen[0] - width // 2))
        top = max(0, min(int(found[4]), screen[1] - look.pixels(80)))
        where = f"+{left}+{top}"
    window.geometry(f"{width}x{height}{where}")


def maximise(window: tk.Tk) -> None:
    """Let it fill the screen."""
    if window.tk.call("tk", "windowingsystem") == "x11":
        window.attributes("-zoomed", True)
    else:
        window.state("zoomed")


def is_maximised(window: tk.Tk) -> bool:
    """Whether it fills the screen."""
    if window.tk.call("tk", "windowingsystem") == "x11":
        return bool(window.attributes("-zoomed"))
    return window.state() == "zoomed"
