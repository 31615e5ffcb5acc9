"""The lock is there as long as the connection is, in words too, and leads to the hub's key code."""

from tcpipclient.gui.shown_hub import Lock, LockShown
from tests.support.client_windows import ShownWindow


def test_the_lock_says_what_holds_and_is_clicked(client_window: ShownWindow) -> None:
    """Nothing without a connection; then the words, whichever theme there is."""
    window = client_window.window
    button = window.connection.lock.button
    assert not button.winfo_viewable()
    for shown in (LockShown(Lock.CLOSED, "Encrypted 482 193"), LockShown(Lock.OPEN, "NOT ENCRYPTED")):
        window.show_lock(shown)
        client_window.until(lambda: bool(button.winfo_viewable()))
        assert str(button.cget("text")) == shown.words
        assert button.cget("image")
    button.invoke()
    assert client_window.told.of("hub_clicked") == [()]
    window.show_lock(LockShown(Lock.NONE, ""))
    client_window.until(lambda: not button.winfo_viewable())


def test_the_words_keep_their_place_in_a_narrow_window(client_window: ShownWindow) -> None:
    """They stand in the second line then, within the window."""
    window = client_window.window
    window.show_lock(LockShown(Lock.OPEN, "NOT ENCRYPTED"))
    window.geometry("640x480")
    button = window.connection.lock.button
    client_window.until(
        lambda: window.winfo_width() == 640 and button.winfo_rooty() > window.connection.host.winfo_rooty()
    )
    assert button.winfo_rootx() + button.winfo_width() <= window.winfo_rootx() + 640
