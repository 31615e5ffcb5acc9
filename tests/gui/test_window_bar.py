"""The bar of a transfer."""

import pytest

from tcpipclient.gui.shown import TransferShown
from tcpipclient.gui.window_bar import Bar
from tcpipclient.gui.window_theme import Look
from tests.support.client_windows import ShownWindow

WIDTH = 200


@pytest.fixture
def look(client_window: ShownWindow) -> Look:
    """What colours and sizes the window has."""
    look: Look = client_window.window._look
    return look


@pytest.fixture
def bar(client_window: ShownWindow, look: Look) -> Bar:
    """One on show, of a fixed width, above everything else."""
    bar = Bar(client_window.window, look)
    bar.place(x=0, y=0, width=WIDTH, height=8)
    bar.lift()
    client_window.until(lambda: bool(bar.winfo_viewable()))
    return bar


def test_a_bar_is_as_long_as_there_is_of_the_file(client_window: ShownWindow, bar: Bar, look: Look) -> None:
    """Also when it shows another file, of which there is less."""
    palette = look.palette
    for percent in (40, 100, 5):
        bar.put(percent, TransferShown.SENDING, palette)
        client_window.until(lambda percent=percent: bar.filled.winfo_width() == WIDTH * percent // 100)  # type: ignore[misc]


def test_its_colour_tells_what_has_become_of_it(bar: Bar, look: Look) -> None:
    """Each that can be told apart by it has its own, and the rest of the bar has none of them."""
    palette = look.palette
    states = (
        TransferShown.SENDING,
        TransferShown.SAVED,
        TransferShown.FAILED,
        TransferShown.PAUSED,
        TransferShown.CANCELLED,
    )
    colours = []
    for state in states:
        bar.put(50, state, palette)
        colours.append(str(bar.filled.cget("background")))
    assert len({*colours, str(bar.cget("background"))}) == len(states) + 1


def test_it_follows_the_theme(bar: Bar, look: Look) -> None:
    """Dark and light have different colours for it."""
    look.use(dark=False, percent=100)
    bar.put(50, TransferShown.SAVED, look.palette)
    light = (bar.cget("background"), bar.filled.cget("background"))
    look.use(dark=True, percent=100)
    bar.colour(look.palette)
    assert not {*light} & {bar.cget("background"), bar.filled.cget("background")}
