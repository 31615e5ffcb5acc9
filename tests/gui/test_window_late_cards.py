"""What a window may never show is not loaded with it."""

import subprocess
import sys

from tcpipclient.gui.shown_files import LimitQuestion
from tests.support.client_windows import ShownWindow


def test_cards_are_loaded_when_they_are_wanted() -> None:
    """Not with the window."""
    command = [sys.executable, "-c", "import tcpipclient.gui.window, sys; print(*sys.modules)"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert "tcpipclient.gui.window_late_cards" in loaded
    assert not {"tcpipclient.gui.window_accept", "tcpipclient.core.batch_events"}.intersection(loaded)


def test_a_card_is_made_once(client_window: ShownWindow) -> None:
    """And shown as often as it is wanted."""
    window = client_window.window
    for _ in range(2):
        window.ask_limit(LimitQuestion("", ""))
        assert window.questions.is_open
        window.close_limit()
        assert not window.questions.is_open
    assert window.cards.limit is window.cards.limit
