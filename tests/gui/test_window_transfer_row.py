"""A row of the files' panel: its buttons, its menu, and what fits."""

from dataclasses import replace

from tcpipclient.gui.shown import TransferAction, TransferShown
from tcpipclient.gui.window_transfer_row import MORE
from tests.support.client_windows import ShownWindow, transfer

ACT = TransferAction
RUNNING = replace(
    transfer(1, "Photos and 3 more", ACT.PAUSE, ACT.CANCEL, percent=40),
    more=(ACT.ADD, ACT.DETAILS),
    way="through the hub",
    count="3 of 12 files",
)


def test_the_way_and_the_count_are_told(client_window: ShownWindow) -> None:
    """Beside the state."""
    client_window.window.put_transfers([RUNNING])
    client_window.until(
        lambda: any(text.startswith("Sending to Ann (3) · through the hub") for text in client_window.texts())
    )


def test_buttons_keep_their_order(client_window: ShownWindow) -> None:
    """Also when one takes the place of another; all are within the panel."""
    window = client_window.window
    for row in (RUNNING, replace(RUNNING, actions=(ACT.RESUME, ACT.CANCEL), state=TransferShown.PAUSED), RUNNING):
        window.put_transfers([row])
        client_window.until(lambda row=row: row.actions[0].value in client_window.texts())  # type: ignore[misc]
        buttons = [client_window.button(label) for label in (row.actions[0].value, "Cancel", MORE)]
        client_window.until(
            lambda buttons=buttons: (  # type: ignore[misc]
                [button.winfo_rootx() for button in buttons] == sorted({button.winfo_rootx() for button in buttons})
            )
        )
        edge = window.transfers.canvas.winfo_rootx() + window.transfers.canvas.winfo_width()
        assert buttons[-1].winfo_rootx() + buttons[-1].winfo_width() <= edge
    window.put_transfers([replace(RUNNING, more=())])
    client_window.until(lambda: MORE not in client_window.texts())


def test_the_menu_has_what_no_button_is_for(client_window: ShownWindow) -> None:
    """Its entries act on the row for which it was opened, whichever stands there by then."""
    window = client_window.window
    window.put_transfers([RUNNING])
    client_window.press(client_window.button(MORE), "<Down>")
    menu = window.transfers.menu
    assert [menu.entrycget(index, "label") for index in range(menu.index("end") + 1)] == ["Add files…", "Details…"]
    window.remove_transfers([1])
    window.put_transfers([transfer(2, "another", ACT.CANCEL)])
    client_window.until(lambda: "↑ another" in client_window.texts())
    menu.invoke("Details…")
    menu.unpost()
    assert client_window.told.of("transfer_action")[0][:2] == (1, ACT.DETAILS)


def test_a_right_click_opens_everything(client_window: ShownWindow) -> None:
    """Of the row under the pointer."""
    window = client_window.window
    window.put_transfers([RUNNING])
    client_window.until(lambda: "Pause" in client_window.texts())
    row = window.transfers.canvas.winfo_children()[0]
    row.event_generate("<Button-3>", x=5, y=5)
    window.update()
    menu = window.transfers.menu
    assert menu.index("end") == 3
    menu.invoke("Pause")
    menu.unpost()
    assert client_window.told.of("transfer_action")[0][:2] == (1, ACT.PAUSE)
