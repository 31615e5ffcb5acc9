"""The File Drop area can be seen, clicked and reached by the keyboard; without drops it says what else to do."""

from typing import Any

import pytest
from tkinterdnd2 import TkinterDnD

from tcpipclient.gui.window_drop import DropArea, Drops
from tests.support.client_windows import ShownWindow


def test_the_area_says_what_it_is_and_what_happens(client_window: ShownWindow) -> None:
    """Its name, how to use it, what is held above it, and that a drop is being read."""
    area = client_window.window.drop_area
    client_window.until(lambda: {"File Drop", "Drop files here, or click to choose."} <= set(client_window.texts()))
    area.show_ready(ready=True)
    client_window.until(lambda: "Let go to send." in client_window.texts())
    area.show_ready(ready=False)
    area.show_drop_note("Reading 4,000 of 8,000")
    client_window.until(lambda: "Reading 4,000 of 8,000" in client_window.texts())


def test_the_keyboard_chooses_files_too(client_window: ShownWindow) -> None:
    """Enter and Space do what a click does."""
    window = client_window.window
    asked: list[bool] = []
    area = DropArea(window, window._look, lambda: asked.append(True))
    area.grid(row=9, column=0)
    for keys in ("<Return>", "<space>", "<Button-1>"):
        client_window.press(area, keys)
    assert len(asked) == 3


def test_without_drops_the_window_works(client_window: ShownWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library cannot be loaded, the area says that a click chooses files."""

    def refuse(_: object) -> None:
        raise RuntimeError("no libXcursor")

    monkeypatch.setattr(TkinterDnD, "require", refuse)
    window: Any = client_window.window
    Drops(window, window.drop_area, window.dropped).begin()
    client_window.until(lambda: "Click to choose files to send." in client_window.texts())
