"""One window, put together as its program does it, with a beat on its own thread: `LOAD AMOUNT PORT FOLDER`.

Owns the beat and looking whether everything has been shown. Must never take part in what the window does, save by what
a user does: selecting, dropping, answering. Started by window_programs.py. The main thread is the Tk thread.
"""

import json
import logging
import queue
import sys
import threading
import time
import tkinter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tcpipclient.__main__ import collect_rarely
from tests.bench.beats import BEAT_SECONDS, stalls_of
from tests.bench.children import HOST

LAST_LINE = "This was the last line."
LAST_TEXT = "This was the last message."
SENDER = "Sender"
_LOOK_SECONDS, _REST_SECONDS, _GIVE_UP_SECONDS = 0.25, 0.5, 200.0


class Measurement:
    """The beat: begins when a line comes on standard input, and ends a little after `is_done`.

    Args:
        begin: Called by the Tk thread when it is time to begin.
        is_done: Whether everything is on show; looked at four times a second.
    """

    def __init__(self, window: tkinter.Tk, begin: Callable[[], None], is_done: Callable[[], bool]) -> None:
        self._window, self._begin, self._is_done = window, begin, is_done
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._times: list[float] = []
        self._used: list[float] = []
        self._next_look = 0.0
        self._done_at: float | None = None

    def run(self, is_ready: Callable[[], bool]) -> None:
        """Say when the window is ready, then run it until all is measured."""
        threading.Thread(target=lambda: self._told.put(sys.stdin.readline()), daemon=True).start()
        self._await(is_ready)
        self._window.mainloop()

    def _await(self, is_ready: Callable[[], bool]) -> None:
        if not is_ready():
            self._window.after(50, self._await, is_ready)
            return
        print(json.dumps("ready"), flush=True)
        self._await_begin()

    def _await_begin(self) -> None:
        if self._told.empty():
            self._window.after(5, self._await_begin)
            return
        self._next_look = time.monotonic() + _LOOK_SECONDS
        self._beat()
        self._window.after(1, self._begin)

    def _beat(self) -> None:
        now = time.monotonic()
        self._times.append(now)
        self._used.append(time.thread_time())
        if now >= self._next_look:
            self._next_look = now + _LOOK_SECONDS
            if self._done_at is None and self._is_done():
                self._done_at = now
        if self._done_at is not None and now > self._done_at + _REST_SECONDS:
            print(json.dumps(asdict(stalls_of(self._times, self._used))), flush=True)
            self._window.quit()
        elif now > self._times[0] + _GIVE_UP_SECONDS:
            print("The window has not shown everything in time.", file=sys.stderr)
            self._window.quit()
        else:
            self._window.after(round(BEAT_SECONDS * 1000), self._beat)


def measure_server(amount: int, folder: Path) -> None:
    """So many lines of the event log, as fast as a thread of the hub can write them."""
    from tcpipserver.config import ServerConfig
    from tcpipserver.eventlog import event_log
    from tcpipserver.gui.control import Control
    from tcpipserver.gui.feed import Feed
    from tcpipserver.gui.settings import read_settings
    from tcpipserver.gui.window import Window

    feed = Feed()
    control = Control(ServerConfig(host=HOST, port=0), feed, lambda _: None)
    window = Window(read_settings(folder), control, feed, False, 0, HOST)
    text = _first_text(window.log)
    is_shown = threading.Event()

    def write() -> None:
        for line in range(amount):
            event_log.info("Client %d has said something to somebody else on the hub.", line)
        while not is_shown.wait(0.2):
            event_log.info(LAST_LINE)

    def is_done() -> bool:
        if LAST_LINE in text.get("end-3l", "end"):
            is_shown.set()
        return is_shown.is_set()

    logging.getLogger().addHandler(feed)
    event_log.setLevel(logging.INFO)
    control.open()
    try:
        window.open()
        writing = threading.Thread(target=write, daemon=True)
        Measurement(window, writing.start, is_done).run(window.winfo_viewable)
    finally:
        control.close()


def measure_client(load: str, amount: int, port: int, folder: Path) -> None:
    """What comes over the hub on this port, or a drop of so many files."""
    from tcpipclient.api import Client
    from tcpipclient.config import ClientConfig
    from tcpipclient.core.trusting import Trust
    from tcpipclient.gui.connector import Connector
    from tcpipclient.gui.presenter import Presenter
    from tcpipclient.gui.settings import Settings
    from tcpipclient.gui.window import DRAWN_MILLISECONDS, ClientWindow

    # Whose hub it is was settled at an earlier visit, so that no question stands in the way.
    with Client(ClientConfig(HOST, port, "Window", data_dir=folder, trust=Trust.FIRST_USE)):
        pass
    downloads = folder / "downloads"
    connector = Connector(downloads, folder / "settings.json")
    settings = Settings(host=HOST, port=port, name="Window")
    window = ClientWindow(lambda view: Presenter(view, connector, settings, ""), connector.events)
    window.begin()
    window.after(DRAWN_MILLISECONDS, connector.load)
    window.actions.connect_clicked(HOST, str(port), "Window", time.monotonic())
    begin, is_done = _client_load(window, load, amount, folder, downloads)
    tree = window.people.tree
    try:
        Measurement(window, begin, is_done).run(lambda: load == "people" or _selected_sender(tree))
    finally:
        connector.stop()


def _selected_sender(tree: Any) -> bool:
    """Select whoever sends, as soon as he is in the list."""
    for row in tree.get_children():
        if SENDER in map(str, tree.item(row, "values")) or SENDER in str(tree.item(row, "text")):
            tree.selection_set(row)
            return True
    return False


def _client_load(
    window: Any, load: str, amount: int, folder: Path, downloads: Path
) -> tuple[Callable[[], None], Callable[[], bool]]:
    if load == "people":
        return lambda: None, lambda: len(window.people.tree.get_children()) >= amount
    if load == "messages":
        return lambda: None, lambda: LAST_TEXT in window.conversation.messages.text.get("end-6l", "end")
    if load == "drop":
        files = folder / "files"
        files.mkdir()
        paths = [files / f"file {number:05}.txt" for number in range(amount)]
        for path in paths:
            path.write_bytes(b"x")
        data = window.tk.call("list", *map(str, paths))
        dropped = data if isinstance(data, str) else " ".join(f"{{{path}}}" for path in paths)
        return lambda: window.dropped(dropped, 0, 0), lambda: bool(window.questions.is_open)
    if load == "batch":
        return lambda: None, lambda: _has_saved(window)
    return lambda: None, lambda: _has_arrived(window, amount << 20, downloads)


def _has_arrived(window: Any, size: int, downloads: Path) -> bool:
    """Accept the file once it is offered; whether all of it is there under its own name."""
    if window.offer.winfo_viewable():
        next(button for action, button in window.offer.buttons.items() if action.name == "ACCEPT").invoke()
    return any(path.suffix == ".bin" and path.stat().st_size == size for path in downloads.glob("*.bin"))


def _has_saved(window: Any) -> bool:
    """Accept the batch once it is offered, on the card where that is asked; whether its row says that all is saved."""
    if window.offer.winfo_viewable() and not window.questions.is_open:
        next(button for action, button in window.offer.buttons.items() if action.name == "REVIEW").invoke()
    elif window.questions.is_open:
        _button(window.grab_current(), "Accept").invoke()
    rows = window.transfers.canvas.winfo_children()
    labels = (label for row in rows for label in row.winfo_children() if label.winfo_class() == "TLabel")
    return any(str(label.cget("text")).startswith("Saved") for label in labels)


def _button(widget: Any, label: str) -> Any:
    """The button with this label that was made last."""
    buttons = [each for each in _below(widget) if each.winfo_class() == "TButton" and each.cget("text") == label]
    return buttons[-1]


def _below(widget: Any) -> Iterator[Any]:
    for child in widget.winfo_children():
        yield child
        yield from _below(child)


def _first_text(panel: tkinter.Misc) -> tkinter.Text:
    return next(child for child in panel.winfo_children() if isinstance(child, tkinter.Text))


def main(load: str, amount: str, port: str, folder: str) -> None:
    """Show the window and measure it; writes "ready", and then what was measured, each as a line of JSON."""
    collect_rarely()
    if load == "log":
        measure_server(int(amount), Path(folder))
    else:
        measure_client(load, int(amount), int(port), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
