"""A part of a card that scrolls."""

import tkinter as tk

from tcpipclient.gui.window_scrolled import ScrolledFrame
from tests.support.client_windows import ShownWindow


def test_the_wheel_and_the_keyboard_move_it(client_window: ShownWindow) -> None:
    """As far as there is something to see; where all is in sight, nothing moves."""
    window = client_window.window
    frame = ScrolledFrame(window, window._look, "#ffffff")
    frame.place(x=0, y=0, width=300, height=120)
    buttons = [tk.Button(frame.inside, text=str(number)) for number in range(20)]
    for row, button in enumerate(buttons):
        button.grid(row=row, column=0)
    frame.follow()
    client_window.until(lambda: frame.wanted > 120 and buttons[0].winfo_viewable())
    top = buttons[0].winfo_rooty()
    client_window.press(buttons[0], "<Button-5>")
    client_window.until(lambda: buttons[0].winfo_rooty() < top)
    client_window.press(buttons[0], "<Button-4>")
    client_window.until(lambda: buttons[0].winfo_rooty() == top)
    for button in (buttons[-1], buttons[0]):
        button.focus_force()
        client_window.until(
            lambda button=button: (  # type: ignore[misc]
                frame.winfo_rooty() <= button.winfo_rooty()
                and button.winfo_rooty() + button.winfo_height() <= frame.winfo_rooty() + 120
            )
        )
    frame.place_configure(height=2000)
    client_window.until(lambda: frame.winfo_height() == 2000)
    top = buttons[0].winfo_rooty()
    client_window.press(buttons[0], "<Button-5>")
    assert buttons[0].winfo_rooty() == top
    frame.destroy()
