"""Running the hub with its window: puts feed, control and window together, and takes them apart.

Owns the order of opening and closing. Must never be imported where there is to be no window: it loads the toolkit. Run
by the main thread, which becomes the Tk thread.
"""

import logging
import tkinter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from commonlib.exceptions import ChatError
from tcpipserver.config import ServerConfig
from tcpipserver.gui.control import Control
from tcpipserver.gui.feed import Feed
from tcpipserver.gui.machine import prefers_dark
from tcpipserver.gui.settings import read_settings, write_settings
from tcpipserver.gui.window import Window
from tcpipserver.hub.admission import AT_FIRST, Joining, Policy

log = logging.getLogger(__name__)


class NoDisplayError(ChatError):
    """There is no display to open a window on.

    Attributes:
        detail: What the toolkit says about it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"There is no display for the server window ({self.detail})."


def run_window(
    config: ServerConfig,
    port: int | None,
    folder: Path,
    listening: Callable[[int], None],
    should_end: Callable[[], bool],
) -> None:
    """Open the window, start the hub, and return when both have ended.

    Args:
        port: Where to listen; None is the port of last time.
        folder: Where the window keeps its settings.
        listening: Called with the port whenever the hub begins to listen, on the control thread; may raise ChatError.
        should_end: Asked again and again by the Tk thread: whether the program has been told to stop.

    Raises:
        NoDisplayError: There is no window to open.
    """
    settings = read_settings(folder)
    remembered = Policy(Joining(settings.joining), settings.takes_classic)
    policy = remembered if config.policy == AT_FIRST else config.policy
    config = replace(config, policy=policy)
    feed = Feed()
    control = Control(config, feed, listening)
    is_dark = bool(prefers_dark()) if settings.colours == "system" else settings.colours == "dark"
    chosen = settings.port if port is None else port
    try:
        window = Window(settings, control, feed, is_dark, chosen, config.host, policy, should_end)
    except tkinter.TclError as error:
        raise NoDisplayError(str(error)) from error
    window.report_callback_exception = _report
    logging.getLogger().addHandler(feed)
    control.open()
    try:
        window.open()
        window.mainloop()
    finally:
        control.close()
        logging.getLogger().removeHandler(feed)
    kept = window.settings_now()
    # A port or a policy that was given for this once is not the usual one.
    if port is not None:
        kept = replace(kept, port=settings.port)
    if policy != remembered:
        kept = replace(kept, joining=settings.joining, takes_classic=settings.takes_classic)
    write_settings(folder, kept)


def _report(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    log.error("Something in the window broke; it goes on.", exc_info=(kind, error, traceback))
