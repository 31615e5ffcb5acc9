"""What the client's window will need when the first file comes, made as soon as the window is drawn.

Owns which modules that is, which looks of buttons and fields, and how many rows: all of that together would hold up the
window for longer than a user overlooks. Must never show anything. Threads: `load_parts` any but Tk's; the steps are
Tk's, one by one.
"""

from collections.abc import Callable
from functools import partial

import ttkbootstrap as tb

from tcpipclient.gui.window_transfers import TransfersPanel

AHEAD_SECONDS = 0.002
"""What a slice of this may take: whatever else the window does at that moment comes on top of it."""
_LOOKS: tuple[tuple[type[tb.Button | tb.Checkbutton | tb.Combobox], str], ...] = (
    (tb.Button, "success"),
    (tb.Button, "success outline"),
    (tb.Button, "primary outline"),
    (tb.Button, "secondary outline"),
    (tb.Button, "danger outline"),
    (tb.Button, "secondary link"),
    (tb.Button, "outline"),
    (tb.Checkbutton, "default"),
    (tb.Combobox, "default"),
)
"""What rows and cards have, as it is written where they are made; what is not made here is made there, a bit later."""


def load_parts() -> None:
    """Load what the first row and the first cards need."""
    import tcpipclient.gui.window_accept
    import tcpipclient.gui.window_limit  # noqa: F401 - all of it to be there when it is needed


def steps_ahead(transfers: TransfersPanel) -> list[Callable[[], None]]:
    """Steps, each of some milliseconds, after which rows and cards come quickly."""
    looks: list[Callable[[], None]] = [partial(_make_look, transfers, kind, style) for kind, style in _LOOKS]
    return [*looks, *transfers.rows_ahead()]


def _make_look(transfers: TransfersPanel, kind: type[tb.Button | tb.Checkbutton | tb.Combobox], style: str) -> None:
    kind(transfers, bootstyle=style).destroy()
