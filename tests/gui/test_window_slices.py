"""Long work is done in slices, in its order."""

from functools import partial

from tcpipclient.gui.window_slices import SLICE_SECONDS, Slices
from tests.support.client_windows import ShownWindow


def test_steps_run_in_their_order_and_events_come_between(client_window: ShownWindow) -> None:
    """More than a slice holds is not done at once, and in the end all is done."""
    done: list[int] = []

    def step(number: int) -> None:
        done.append(number)
        client_window.window.tk.call("after", int(SLICE_SECONDS * 1000) + 1)

    slices = Slices(client_window.window.people)
    slices.add(*(partial(step, number) for number in range(5)))
    assert len(done) < 5
    slices.add(partial(step, 5))
    client_window.until(lambda: len(done) == 6)
    assert done == sorted(done)


def test_what_is_replaced_does_not_run(client_window: ShownWindow) -> None:
    """Only the new steps run of those that waited."""
    done: list[str] = []

    def slow() -> None:
        done.append("slow")
        client_window.window.tk.call("after", int(SLICE_SECONDS * 1000) + 1)

    slices = Slices(client_window.window.people)
    slices.add(slow, partial(done.append, "forgotten"))
    slices.replace([partial(done.append, "new")])
    client_window.until(lambda: "new" in done)
    assert done == ["slow", "new"]
