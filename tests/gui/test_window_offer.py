"""A file that is offered can be accepted, declined, or always accepted, whatever its name is."""

import pytest

from tcpipclient.gui.shown import OfferShown, TransferAction
from tests.support.client_windows import ShownWindow

OFFER = OfferShown(6, f'Ann (3) sends you "{"W" * 120}".', "Always holds until you disconnect.", "and 3 more wait")


@pytest.mark.parametrize("action", [TransferAction.ACCEPT, TransferAction.DECLINE, TransferAction.ALWAYS])
def test_each_answer_is_told_with_the_file(client_window: ShownWindow, action: TransferAction) -> None:
    """And stands within the window."""
    window = client_window.window
    window.geometry("800x600")
    window.show_offer(OFFER)
    button = client_window.button(action.value)
    client_window.until(lambda: window.winfo_width() == 800)
    assert button.winfo_rootx() + button.winfo_width() <= window.winfo_rootx() + 800
    button.invoke()
    assert client_window.told.of("transfer_action")[0][:2] == (6, action)


def test_the_strip_goes_when_nothing_waits(client_window: ShownWindow) -> None:
    """It takes no room then."""
    window = client_window.window
    window.show_offer(OFFER)
    client_window.until(lambda: OFFER.text in client_window.texts())
    window.show_offer(None)
    client_window.until(lambda: OFFER.text not in client_window.texts())
