"""The composer tells what is typed, sends by Enter, and breaks lines by Shift+Enter."""

from tcpipclient.gui.shown import ComposerShown
from tests.support.client_windows import ShownWindow, conversation, message

CAN = ComposerShown(can_send=True, can_attach=True, hint="Enter sends", warning="")


def test_enter_sends_and_shift_enter_breaks(client_window: ShownWindow) -> None:
    """The text goes as it is, with empty numbers."""
    pane = client_window.window.conversation
    pane.show_composer(CAN)
    pane.composer.insert("1.0", "two")
    client_window.press(pane.composer, "<Shift-Return>")
    pane.composer.insert("end", "lines")
    client_window.press(pane.composer, "<Return>")
    (sent,) = client_window.told.of("send_clicked")
    assert (sent[0], sent[3]) == ("two\nlines", ("", ""))
    assert client_window.told.of("draft_typed")[-1] == ("two\nlines",)


def test_what_may_not_be_sent_is_not(client_window: ShownWindow) -> None:
    """Neither by Enter nor by the button; the hint says why."""
    pane = client_window.window.conversation
    pane.show_composer(ComposerShown(can_send=False, can_attach=False, hint="Connect first.", warning=""))
    client_window.press(pane.composer, "<Return>")
    assert client_window.told.of("send_clicked") == []
    assert pane.send_button.instate(["disabled"])
    assert pane.attach_button.instate(["disabled"])
    assert "Connect first." in client_window.texts()


def test_the_numbers_go_with_a_text_to_the_server(client_window: ShownWindow) -> None:
    """Their fields are there for the server alone."""
    pane = client_window.window.conversation
    pane.show_composer(CAN)
    assert "First number" not in client_window.texts()
    pane.show_conversation(conversation(message(1, "x"), is_server=True))
    client_window.until(lambda: "First number" in client_window.texts())
    pane.first_number.insert(0, "4")
    pane.second_number.insert(0, "7")
    client_window.press(pane.composer, "<Return>")
    assert client_window.told.of("send_clicked")[0][3] == ("4", "7")


def test_a_draft_is_put_without_being_told_back(client_window: ShownWindow) -> None:
    """It is what the presenter knows already."""
    pane = client_window.window.conversation
    pane.show_conversation(conversation(draft="kept"))
    client_window.window.update()
    assert pane.composer.get("1.0", "end-1c") == "kept"
    assert client_window.told.of("draft_typed") == []


def test_tab_leaves_the_composer(client_window: ShownWindow) -> None:
    """To Send; nothing is written."""
    pane = client_window.window.conversation
    pane.show_composer(CAN)
    client_window.press(pane.composer, "<Tab>")
    assert client_window.window.focus_get() is pane.send_button
    assert pane.composer.get("1.0", "end-1c") == ""
