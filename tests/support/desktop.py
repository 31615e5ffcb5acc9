"""The windows on a screen, as the window manager lists them: their titles and places.

Owns the questions to the window manager. It must never know what is inside a window. Thread: the test's own.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from Xlib import X, display
from Xlib.protocol import event

from tests.support.leaks import wait_until
from tests.support.virtual_screen import Screen

SECONDS = 30.0
_USER = 2
"""To the window manager: whoever asks speaks for the user."""


def titles(screen: Screen) -> list[str]:
    """The titles of all windows."""
    with _connection(screen) as connection:
        return [title for title, _ in _windows(connection)]


def window_named(screen: Screen, pattern: str, seconds: float) -> tuple[int, int]:
    """The middle of the window whose title has the pattern in it, as soon as there is one."""
    found: list[tuple[int, int]] = []

    def look() -> bool:
        with _connection(screen) as connection:
            for title, window in _windows(connection):
                if re.search(pattern, title):
                    left, top, width, height = _box(connection, window)
                    found.append((left + width // 2, top + height // 2))
        return bool(found)

    assert wait_until(look, seconds), f"no window is called {pattern}: {titles(screen)}"
    return found[0]


def picture_of(screen: Screen, title: str, place: tuple[int, int]) -> Image.Image:
    """What the window shows whose title ends so, without its frame; of several the one nearest to a place."""
    with _connection(screen) as connection:
        boxes = [_box(connection, window) for name, window in _windows(connection) if name.endswith(title)]
    left, top, width, height = min(boxes, key=lambda box: abs(box[0] - place[0]) + abs(box[1] - place[1]))
    return screen.picture().crop((left, top, left + width, top + height))


def move_window(screen: Screen, title: str, place: tuple[int, int]) -> None:
    """Move the newest window of this title so that its content begins there, and wait until it does."""
    with _connection(screen) as connection:
        window = [window for name, window in _windows(connection) if name == title][-1]
        window.configure(x=place[0], y=place[1])
        connection.sync()

        def is_near() -> bool:
            # The frame, which is the window manager's, takes some pixels.
            left, top, _, _ = _box(connection, window)
            return abs(left - place[0]) < 40 and abs(top - place[1]) < 40

        assert wait_until(is_near, SECONDS), f"{title} cannot be moved to {place}"


def close_window(screen: Screen, title: str, seconds: float = SECONDS) -> None:
    """Have the window manager close the newest window of this title, as its button does, as soon as there is one."""
    closed: list[bool] = []

    def close() -> bool:
        with _connection(screen) as connection:
            for window in [window for name, window in _windows(connection) if name == title][-1:]:
                asked = event.ClientMessage(
                    window=window,
                    client_type=connection.intern_atom("_NET_CLOSE_WINDOW"),
                    data=(32, [X.CurrentTime, _USER, 0, 0, 0]),
                )
                mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
                connection.screen().root.send_event(asked, event_mask=mask)
                connection.sync()
                closed.append(True)
        return bool(closed)

    assert wait_until(close, seconds), f"no window is called {title}: {titles(screen)}"


@contextmanager
def _connection(screen: Screen) -> Iterator[Any]:
    connection = display.Display(screen.name)
    try:
        yield connection
    finally:
        connection.close()


def _windows(connection: Any) -> Iterator[tuple[str, Any]]:
    root = connection.screen().root
    listed = root.get_full_property(connection.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
    for number in listed.value if listed else []:
        window = connection.create_resource_object("window", number)
        title = window.get_full_property(connection.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
        yield (title.value.decode() if title else ""), window


def _box(connection: Any, window: Any) -> tuple[int, int, int, int]:
    """Left, top, width and height on the screen, without the frame."""
    size, away = window.get_geometry(), window.translate_coords(connection.screen().root, 0, 0)
    return -away.x, -away.y, size.width, size.height
