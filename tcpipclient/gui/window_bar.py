"""The bar of a transfer: how much of it is there, in the colour of its state.

Owns its two areas. The toolkit's own bars are drawn from pictures, and each new colour of them holds up the window for
as long as a dozen other widgets do, while files arrive several times that. Must never decide what state a transfer is
in. Thread: Tk's.
"""

import tkinter as tk

from tcpipclient.gui.shown import Light, TransferShown
from tcpipclient.gui.window_theme import Look, Palette

_HEIGHT = 6
_LIGHTS = {
    TransferShown.SENT: Light.GREEN,
    TransferShown.SAVED: Light.GREEN,
    TransferShown.FAILED: Light.RED,
}
_PALE = (TransferShown.CANCELLED, TransferShown.DECLINED)


class Bar(tk.Frame):
    """One bar, empty at first."""

    def __init__(self, parent: tk.Misc, look: Look) -> None:
        super().__init__(parent, height=look.pixels(_HEIGHT))
        self._filled = tk.Frame(self)
        self._state: TransferShown | None = None
        self._percent = 0

    @property
    def filled(self) -> tk.Frame:
        """The part that stands for what is there; its width and colour say so."""
        return self._filled

    def put(self, percent: int, state: TransferShown, palette: Palette) -> None:
        """Show that so much is there, from 0 to 100."""
        if percent != self._percent:
            self._percent = percent
            self._filled.place(relwidth=percent / 100, relheight=1)
        if state is not self._state:
            self._state = state
            self.colour(palette)

    def colour(self, palette: Palette) -> None:
        """Take the colours of the theme."""
        self.configure(background=palette.edge)
        self._filled.configure(background=_colour_of(self._state, palette))


def _colour_of(state: TransferShown | None, palette: Palette) -> str:
    if state is TransferShown.PAUSED:
        return palette.paused
    if state in _PALE:
        return palette.pale
    light = Light.BLUE if state is None else _LIGHTS.get(state, Light.BLUE)
    return palette.lights[light]
