"""What of the window is remembered while it is open."""

import pytest

from tcpipclient.gui.settings import LARGEST_TEXT_PERCENT, SMALLEST_TEXT_PERCENT, Settings, Theme
from tests.support.client_window import ClientWindow


def test_a_change_is_shown_and_saved_at_once() -> None:
    """Theme and folder; the same again does nothing."""
    window = ClientWindow()
    window.actions.theme_chosen(Theme.DARK)
    window.actions.theme_chosen(Theme.DARK)
    window.actions.downloads_chosen("/elsewhere")
    wanted = [Settings(theme=Theme.DARK), Settings(theme=Theme.DARK, downloads="/elsewhere")]
    assert window.view.settings == [Settings(), *wanted]
    assert window.model.of("save_settings") == [(settings,) for settings in wanted]
    window.connect()
    ((target,),) = window.model.of("connect")
    assert target.downloads == "/elsewhere"


@pytest.mark.parametrize(
    ("steps", "percent"),
    [([1, 1], 120), ([-1], 90), ([1, 1, 0], 100), ([1] * 50, LARGEST_TEXT_PERCENT), ([-1] * 50, SMALLEST_TEXT_PERCENT)],
)
def test_the_text_grows_and_shrinks_within_limits(steps: list[int], percent: int) -> None:
    """0 is back to normal."""
    window = ClientWindow()
    for step in steps:
        window.actions.text_size_changed(step)
    assert window.view.settings[-1].text_percent == percent
