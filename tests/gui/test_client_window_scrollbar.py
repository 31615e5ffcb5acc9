"""A scrollbar is there when there is something to scroll."""

from tests.support.client_windows import ShownWindow, person


def test_it_comes_and_goes_without_moving_anything(client_window: ShownWindow) -> None:
    """The table keeps its width."""
    people = client_window.window.people
    people.show_people([person(1, "Ann")])
    client_window.until(lambda: people.tree.winfo_width() > 1)
    width = people.tree.winfo_width()
    bars = [child for child in people.winfo_children() if child.winfo_class() == "TScrollbar"]
    down = next(bar for bar in bars if str(bar.cget("orient")) == "vertical")
    client_window.until(lambda: not down.winfo_viewable())
    people.show_people([person(key, f"P{key}") for key in range(200)])
    client_window.until(lambda: bool(down.winfo_viewable()))
    assert people.tree.winfo_width() == width
