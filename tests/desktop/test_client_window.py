"""Everything on the client's window that can be clicked, and its keys.

Slow: second stage of .ci/run. Thread: pytest's main thread; every window is a process of its own.
"""

from tests.desktop.conftest import Room
from tests.support.thoroughness import Thoroughness


def test_every_button_works(room: Room) -> None:
    """Each button, heading and entry of a menu is used once, with somebody selected; none of them fails."""
    room.ann.choose("Bob")
    for entry, label in (("Files…", "File names:"), ("A folder…", "Selection:")):
        room.ann.click("Attach…")
        room.ann.choose_in_menu(entry)
        room.ann.wait_for(label)
        room.ann.hand.press("Escape")
        room.ann.wait_until_gone(label)
    everything = Thoroughness(room.ann, leave=("Disconnect",))
    everything.use_everything()
    assert {"Clear finished", "Select all", "The server", "Send", "Keys…"} <= everything.used
    assert {"Light", "Dark"} <= {word for label in everything.used for word in label.split()}


def test_a_window_is_used_by_keys_alone(room: Room) -> None:
    """Everybody selected in the list, a text written, and the list of keys looked at."""
    room.ann.hand.click(room.ann.wait_for("Connected as", "TLabel").place)
    room.ann.hand.press("ctrl+f", "Down", "ctrl+a", "ctrl+m")
    room.ann.hand.write("No mouse here")
    room.ann.hand.press("Return")
    room.ann.hand.press("F1")
    room.ann.wait_for("New line", "Text")
    room.ann.hand.press("Escape")
    room.ann.wait_until_gone("New line", "Text")
    for client in (room.bob, room.cid):
        client.choose("Ann")
        client.wait_for("No mouse here", "Text")
