"""The files' panel: of any number, only those in sight are widgets; buttons act on their own file."""

from dataclasses import replace

from tcpipclient.gui.shown import TransferAction
from tests.support.client_windows import ShownWindow, transfer


def test_ten_thousand_files_are_few_widgets(client_window: ShownWindow) -> None:
    """The first are in sight; after End the last are."""
    panel = client_window.window.transfers
    panel.put_transfers([transfer(key, f"file {key}", TransferAction.CANCEL) for key in range(10_000)])
    client_window.until(lambda: "↑ file 0" in client_window.texts())
    assert len(panel.canvas.winfo_children()) < 40
    client_window.press(panel.canvas, "<End>")
    client_window.until(lambda: "↑ file 9999" in client_window.texts())
    assert "↑ file 0" not in client_window.texts()


def test_a_button_acts_on_its_file(client_window: ShownWindow) -> None:
    """Also after the one before was taken away."""
    panel = client_window.window.transfers
    panel.put_transfers([transfer(1, "one", TransferAction.CANCEL), transfer(2, "two", TransferAction.RETRY)])
    client_window.until(lambda: "Retry" in client_window.texts())
    panel.remove_transfers([1])
    client_window.until(lambda: "↑ one" not in client_window.texts())
    client_window.button("Retry").invoke()
    assert client_window.told.of("transfer_action")[0][:2] == (2, TransferAction.RETRY)


def test_a_button_that_stays_keeps_the_keyboard(client_window: ShownWindow) -> None:
    """While the bar moves, and another button comes."""
    panel = client_window.window.transfers
    panel.put_transfers([transfer(1, "one", TransferAction.CANCEL)])
    client_window.until(lambda: "Cancel" in client_window.texts())
    button = client_window.button("Cancel")
    button.focus_force()
    panel.put_transfers([transfer(1, "one", TransferAction.CANCEL, TransferAction.OPEN_FOLDER, percent=40)])
    client_window.until(lambda: "Open folder" in client_window.texts())
    assert client_window.window.focus_get() is button


def test_a_long_name_hides_no_button(client_window: ShownWindow) -> None:
    """It is cut with an ellipsis."""
    panel = client_window.window.transfers
    panel.put_transfers([transfer(1, "W" * 120, TransferAction.CANCEL)])
    client_window.until(lambda: "Cancel" in client_window.texts())
    assert any(text.startswith("↑ WWW") and text.endswith("…") for text in client_window.texts())


def test_rows_change_places(client_window: ShownWindow) -> None:
    """Among each other; the others stay where they are."""
    panel = client_window.window.transfers
    panel.put_transfers([transfer(key, f"file {key}", TransferAction.CANCEL) for key in (1, 2, 3)])
    panel.order_transfers([3, 1])
    client_window.until(
        lambda: [text for text in client_window.texts() if text.startswith("↑")] == ["↑ file 3", "↑ file 2", "↑ file 1"]
    )


def test_a_drop_on_a_row_that_takes_more_is_added_to_it(client_window: ShownWindow) -> None:
    """On any other it goes by itself; so do files that are chosen by its menu."""
    window = client_window.window
    panel = window.transfers
    adding = replace(transfer(1, "one", TransferAction.CANCEL), more=(TransferAction.ADD,))
    panel.put_transfers([adding, transfer(2, "two", TransferAction.CANCEL)])
    client_window.until(lambda: "↑ two" in client_window.texts())
    for name, into in (("↑ one", 1), ("↑ two", None)):
        label = next(widget for widget in client_window.labels() if widget.cget("text") == name)
        window.dropped("/a", label.winfo_rootx() + 2, label.winfo_rooty() + 2)
        assert client_window.told.calls[-1] == (
            ("files_dropped", (("/a",),), {"into": 1}) if into else ("files_dropped", (("/a",), None), {})
        )
    canvas = panel.canvas
    below = canvas.winfo_rooty() + canvas.winfo_height() - 2
    assert panel.maybe_taking_more_at(canvas.winfo_rootx() + 2, below) is None
