"""What the first file needs is there before it comes."""

import subprocess
import sys

from tcpipclient.gui.shown import TransferAction
from tests.support.client_windows import ShownWindow, transfer
from tests.support.virtual_screen import Screen

FIRST_FILE = """
import sys
from tcpipclient.gui import window, window_ahead
from tcpipclient.gui.connector import load_client
from tcpipclient.gui.event_queue import EventQueue
from tcpipclient.gui.shown_files import AcceptQuestion
from tests.support.client_windows import NotedActions, transfer
from tcpipclient.gui.shown import TransferAction

shown = window.ClientWindow(lambda _: NotedActions(), EventQueue())
shown.begin()
load_client()
window_ahead.load_parts()
for step in window_ahead.steps_ahead(shown.transfers):
    step()
shown.update()
before = set(sys.modules)
shown.put_transfers([transfer(1, "one", TransferAction.CANCEL)])
shown.ask_accept(AcceptQuestion(1, "Ann sends one", "", (), "", "", "", False, (), "", "", "", ""))
import tcpipclient.batches, tcpipclient.gui.presenter_batches
import tcpipclient.net.exchange.shell, tcpipclient.net.peer.receiving_pump
shown.update()
print(*sorted(set(sys.modules) - before))
shown.end()
"""


def test_nothing_is_loaded_for_the_first_file(screen: Screen) -> None:
    """Neither for its row nor for its card, nor for what carries it."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FILE],
        env=screen.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == []


def test_rows_are_made_ahead_and_not_seen(client_window: ShownWindow) -> None:
    """The first file takes one of them."""
    panel = client_window.window.transfers
    client_window.until(lambda: len(panel.canvas.winfo_children()) >= 2 and not panel.rows_ahead())
    rows = panel.canvas.winfo_children()
    assert not any(row.winfo_viewable() for row in rows)
    panel.put_transfers([transfer(1, "one", TransferAction.CANCEL)])
    client_window.until(lambda: "↑ one" in client_window.texts())
    assert panel.canvas.winfo_children() == rows
    assert [bool(row.winfo_viewable()) for row in rows] == [True, *[False] * (len(rows) - 1)]


def test_looks_are_made_ahead(client_window: ShownWindow) -> None:
    """A button that strikes one is not drawn for the first time when it is needed."""
    style = client_window.window.style
    client_window.until(lambda: bool(style.style_exists_in_theme("danger.Outline.TButton")))
