"""The client with its window: settings, connector, presenter and window put together, and taken apart at the end.

Owns the order of opening and closing. Must never be imported where there is to be no window: it loads the toolkit.
Thread: the program's main thread, which becomes Tk's.
"""

import logging
import time
import tkinter
from pathlib import Path

from commonlib.exceptions import ChatError
from commonlib.values import replace
from tcpipclient.cli_arguments import Window
from tcpipclient.gui.connector import Connector
from tcpipclient.gui.presenter import Presenter
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.settings_file import FILE_NAME, load_settings
from tcpipclient.gui.window import DRAWN_MILLISECONDS, ClientWindow

_LOG_NAME = "client.log"
_log = logging.getLogger(__name__)


class NoDisplayError(ChatError):
    """There is no display to open a window on; the text is what the toolkit says about it."""


def run(asked: Window, login_name: str | None) -> None:
    """Open the window, and return when it has closed and the goodbye is said.

    Args:
        login_name: The system's name for the user, where it is known.

    Raises:
        NoDisplayError: There is no window to open.
        KeyboardInterrupt: The program was told to stop.
    """
    folder, downloads = _folders(asked.data_dir)
    settings = _with_asked(load_settings(folder / FILE_NAME), asked)
    _log_to(folder)
    connector = Connector(downloads, folder / FILE_NAME)
    try:
        try:
            window = ClientWindow(
                lambda view: Presenter(view, connector, settings, login_name or ""), connector.events, settings.theme
            )
        except tkinter.TclError as error:
            raise NoDisplayError(str(error)) from error
        window.begin()
        window.after(DRAWN_MILLISECONDS, connector.load)
        if asked.connect:
            name = settings.name or login_name or ""
            window.actions.connect_clicked(settings.host, str(settings.port), name, time.monotonic())
        window.mainloop()
    finally:
        connector.stop()
    if window.is_interrupted:
        raise KeyboardInterrupt


def _with_asked(settings: Settings, asked: Window) -> Settings:
    """What was typed goes before what is remembered."""
    if asked.server is not None:
        settings = replace(settings, host=asked.server[0], port=asked.server[1])
    return settings if asked.name is None else replace(settings, name=asked.name)


def _folders(data_dir: Path | None) -> tuple[Path, Path]:
    """Where settings and log are, and where received files go unless the settings say otherwise."""
    if data_dir is not None:
        return data_dir, data_dir / "downloads"
    import platformdirs

    return (
        Path(platformdirs.user_data_dir("tcpipchat", appauthor=False)) / "client",
        platformdirs.user_downloads_path(),
    )


def _log_to(folder: Path) -> None:
    """Keep warnings in a file of the data folder: a program with a window may have no console."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / _LOG_NAME, encoding="utf-8", delay=True)
    except OSError as error:
        _log.warning("The log cannot be written: %s", error)
        return
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
