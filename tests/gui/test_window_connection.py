"""The upper edge shows the connection and tells what is typed."""

from tcpipclient.gui.shown import Banner, ConnectionShown, Light, Severity
from tests.support.client_windows import ShownWindow


def test_connect_tells_the_three_fields_as_they_are(client_window: ShownWindow) -> None:
    """By the button, or by Enter in a field."""
    window = client_window.window
    window.show_fields("hub.lan", "9999", "Ann", ["hub.lan", "other"])
    client_window.button("Connect").invoke()
    window.connection.port.insert("end", "x")
    client_window.press(window.connection.name, "<Return>")
    told = [call[:3] for call in client_window.told.of("connect_clicked")]
    assert told == [("hub.lan", "9999", "Ann"), ("hub.lan", "9999x", "Ann")]
    assert tuple(window.connection.host.cget("values")) == ("hub.lan", "other")


def test_while_connected_the_fields_are_shown_but_not_edited(client_window: ShownWindow) -> None:
    """They still take what the presenter says; Enter in them does nothing; the button says what it does."""
    window = client_window.window
    window.show_connection(ConnectionShown(Light.GREEN, "Connected as Ann (3).", "Disconnect", can_edit=False))
    window.show_fields("hub", "1", "Bob", [])
    assert window.connection.host.get() == "hub"
    assert str(window.connection.host.cget("state")) == "disabled"
    client_window.press(window.connection.name, "<Return>")
    assert client_window.told.of("connect_clicked") == []
    assert client_window.button("Disconnect")
    assert "Connected as Ann (3)." in client_window.texts()


def test_a_banner_is_shown_until_it_is_taken_away(client_window: ShownWindow) -> None:
    """Its button tells that it was read."""
    window = client_window.window
    window.show_banner(Banner(Severity.WARNING, "Mind the gap."))
    client_window.button("Close").invoke()
    assert "Mind the gap." in client_window.texts()
    assert client_window.told.of("banner_closed") == [()]
    window.show_banner(None)
    client_window.until(lambda: "Mind the gap." not in client_window.texts())
