"""The details of a row: what is known of it, as it is now."""

from dataclasses import replace

from tcpipclient.gui.shown import FileItem
from tcpipclient.gui.shown_files import DetailsShown
from tests.support.client_windows import ShownWindow


def test_details_are_listed(client_window: ShownWindow) -> None:
    """What is known, and what went wrong; they cover no question."""
    window = client_window.window
    shown = DetailsShown(3, "Photos", (("State", "Failed"),), "Not simply saved:", (FileItem("a.jpg", "no"),))
    window.show_details(shown)
    client_window.until(lambda: "Photos" in client_window.texts())
    assert client_window.list_text() == "State\tFailed\nNot simply saved:\na.jpg   no"
    window.show_details(replace(shown, title="Others"))
    assert "Others" not in client_window.texts()
    changed = replace(shown, facts=(("State", "Sent"), ("Took", "3 s")), heading="", items=())
    for key in (4, 3):
        window.change_details(replace(changed, key=key))
    assert client_window.list_text() == "State\tSent\nTook\t3 s"
    client_window.press(client_window.button("Close"), "<Escape>")
    assert not window.questions.is_open
    window.change_details(shown)
    assert not window.questions.is_open
