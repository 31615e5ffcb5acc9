"""Where the parts of the client's window stand: files beside the conversation in a wide window, else below it.

Owns the arrangement and its measures, which grow with the text. Must never make a part, nor know what is in one.
Thread: Tk's.
"""

from typing import TYPE_CHECKING

import ttkbootstrap as tb

from tcpipclient.gui.window_drop import DropArea
from tcpipclient.gui.window_theme import Look
from tcpipclient.gui.window_transfers import TransfersPanel

if TYPE_CHECKING:
    from tcpipclient.gui.window_people import PeopleList

NARROW = 1040
"""Below this width in logical pixels the files stand below the conversation."""
_SIDE_WIDTH, _SIDE_HEIGHT, _SIDE_LEAST = 310, 200, 84
_PEOPLE_WIDTH, _PEOPLE_NARROW = 400, 368
_PEOPLE_MOST = 0.46
"""Of the width of the window: with large text the list is moved sideways rather than the conversation cut."""


class Layout:
    """The arrangement of one window.

    Args:
        panes: The people list and `main` beside each other.
        main: The conversation and `side`.
        side: What has to do with files.
    """

    def __init__(
        self,
        look: Look,
        panes: tb.Panedwindow,
        people: "PeopleList",
        main: tb.Frame,
        side: tb.Frame,
        drop_area: DropArea,
        transfers: TransfersPanel,
    ) -> None:
        self._look = look
        self._panes, self._people = panes, people
        self._main, self._side = main, side
        self._drop_area, self._transfers = drop_area, transfers
        self._is_narrow: bool | None = None
        self._people_width = 0
        side.grid_propagate(False)
        main.bind("<Configure>", self._main_configured)

    def is_narrow(self, width: int) -> bool:
        """Whether a window of so many pixels is a narrow one."""
        return width < self._look.units(NARROW)

    def fit(self, width: int) -> None:
        """The window has this width now, or the text another size."""
        narrow = self.is_narrow(width)
        self._divide(width, narrow=narrow)
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        side, drop_area, transfers = self._side, self._drop_area, self._transfers
        for index in (0, 1):
            side.rowconfigure(index, weight=0)
            side.columnconfigure(index, weight=0)
        if narrow:
            side.configure(width=1, height=self._low_side())
            side.grid(row=1, column=0, sticky="ew")
            drop_area.grid(row=0, column=0, sticky="nsew")
            transfers.grid(row=0, column=1, sticky="nsew")  # type: ignore[no-untyped-call]
            side.rowconfigure(0, weight=1)
            side.columnconfigure(1, weight=1)
        else:
            side.configure(width=self._look.units(_SIDE_WIDTH), height=1)
            side.grid(row=0, column=1, sticky="ns")
            drop_area.grid(row=0, column=0, sticky="ew")
            transfers.grid(row=1, column=0, sticky="nsew")  # type: ignore[no-untyped-call]
            side.rowconfigure(1, weight=1)
            side.columnconfigure(0, weight=1)

    def forget(self) -> None:
        """The size of the text has changed: everything is arranged anew by the next `fit`."""
        self._is_narrow = None

    def _divide(self, width: int, *, narrow: bool) -> None:
        """Give the people list its part of the width, whenever that is another one than before."""
        people = min(self._look.units(_PEOPLE_NARROW if narrow else _PEOPLE_WIDTH), int(width * _PEOPLE_MOST))
        if people == self._people_width:
            return
        self._people_width = people
        self._people.configure(width=people)
        if self._panes.winfo_ismapped():
            self._panes.after_idle(lambda: self._panes.sashpos(0, people))

    def _low_side(self) -> int:
        """Height of the files below the conversation: two fifths of what there is, within limits."""
        least, most = self._look.units(_SIDE_LEAST), self._look.units(_SIDE_HEIGHT)
        return max(least, min(most, self._main.winfo_height() * 2 // 5))

    def _main_configured(self, _: object) -> None:
        if self._is_narrow:
            self._side.configure(height=self._low_side())
