"""Where the parts of the client's window stand, by its width and the size of its text."""

from tcpipclient.gui.settings import Settings
from tests.support.client_windows import ShownWindow


def resize(shown: ShownWindow, width: int) -> None:
    """Give the window this width, and wait until it has it."""
    window = shown.window
    window.geometry(f"{width}x700")
    shown.until(lambda: window.winfo_width() == width)


def files_are_below(shown: ShownWindow) -> bool:
    """Whether the files stand below the conversation."""
    conversation, files = shown.window.conversation, shown.window.transfers
    return bool(files.winfo_rooty() >= conversation.winfo_rooty() + conversation.winfo_height())


def test_the_files_stand_beside_the_conversation_where_there_is_room(client_window: ShownWindow) -> None:
    """Else below it; and back again."""
    for width, below in ((1200, False), (800, True), (1200, False)):
        resize(client_window, width)
        client_window.until(lambda: files_are_below(client_window) is below)  # noqa: B023 - it is called at once


def test_with_large_text_half_of_the_window_is_left_to_the_conversation(client_window: ShownWindow) -> None:
    """The list of people is moved sideways instead, whenever the window becomes wider too."""
    window = client_window.window
    resize(client_window, 900)
    client_window.until(lambda: 300 < window.people.winfo_width() < 400)
    window.show_settings(Settings(text_percent=200))
    client_window.until(lambda: 400 < window.people.winfo_width() < 450)
    resize(client_window, 1600)
    client_window.until(lambda: 700 < window.people.winfo_width() < 750)
