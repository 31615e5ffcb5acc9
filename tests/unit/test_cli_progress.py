"""When progress bars are drawn, and that what is told stands above them."""

import io
import sys

import pytest

from tcpipclient.cli_batches import Row
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import SMALLEST_SHOWN, Bars
from tcpipclient.cli_wording import Report

LARGE = 8 * SMALLEST_SHOWN


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _a_real_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")


def test_a_long_transfer_has_a_bar_with_its_name_and_how_far_it_is() -> None:
    """It is drawn on standard error, and gone at the end."""
    out, err = io.StringIO(), Screen()
    with Bars(Output(False, out, err)) as bars:
        bars.show(5, "a.bin to Bob (2)", LARGE // 2, LARGE)
        bars.show(5, "a.bin to Bob (2)", LARGE, LARGE)
        bars.hide()
    assert "a.bin to Bob (2)" in err.getvalue()
    assert "8.4/8.4 MB" in err.getvalue()
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("as_json", "err", "size"),
    [(False, io.StringIO(), LARGE), (True, Screen(), LARGE), (False, Screen(), SMALLEST_SHOWN - 1)],
    ids=["no terminal", "JSON", "small file"],
)
def test_nothing_is_drawn_where_nobody_wants_it(as_json: bool, err: io.StringIO, size: int) -> None:
    """Not without a terminal, not beside JSON, not for what is done before it can be read."""
    with Bars(Output(as_json, io.StringIO(), err)) as bars:
        bars.show(5, "a.bin", 0, size)
    assert err.getvalue() == ""


def test_what_is_told_goes_above_the_bars_until_they_are_hidden() -> None:
    """Lines are not drawn over; with the last bar gone they go straight to the stream again."""
    screen = Screen()
    output = Output(False, screen, screen)
    with Bars(output) as bars:
        bars.show(5, "a.bin", 0, LARGE)
        bars.show(6, "b.bin", 0, LARGE)
        output.report(Report("[bold]Ann (1): Hi :smile:", {}))
        assert "[bold]Ann (1): Hi :smile:" in screen.getvalue()
        bars.remove(5)
        assert output.above is not None
        bars.remove(6)
        assert output.above is None
        bars.show(7, "c.bin", 0, LARGE)
        assert output.above is not None
    assert output.above is None


def test_a_name_is_not_read_as_markup() -> None:
    """A file called [red] is called so on the screen."""
    err = Screen()
    with Bars(Output(False, io.StringIO(), err)) as bars:
        bars.show(5, "[red]a.bin[/red] [/nothing]", 0, LARGE)
        bars.hide()
    assert "[red]a.bin[/red] [/nothing]" in err.getvalue()


def test_removing_what_has_no_bar_does_nothing() -> None:
    """Small files end too."""
    screen = Screen()
    with Bars(Output(False, io.StringIO(), screen)) as bars:
        bars.remove(5)
    assert screen.getvalue() == ""


def test_standard_output_is_left_alone() -> None:
    """What other parts of the program print goes where it went before."""
    before = sys.stdout
    with Bars(Output(False, io.StringIO(), Screen())) as bars:
        bars.show(5, "a.bin", 0, LARGE)
        assert sys.stdout is before


def row(done: int, size: int = LARGE, note: str = "2.5 MB/s, 12 s left, direct") -> Row:
    """How far a batch is."""
    return Row(5, "photos to Bob (2)", done, size, note)


@pytest.mark.parametrize("size", [5, LARGE])
def test_a_batch_has_a_bar_with_its_note_when_it_takes_long(size: int) -> None:
    """Not before: most are there by then. How large it is does not matter, what takes long does."""
    err = Screen()
    with Bars(Output(False, io.StringIO(), err)) as bars:
        bars.show_rows([row(0, size)], 10.0)
        bars.show_rows([row(1, size)], 10.4)
        assert err.getvalue() == ""
        bars.show_rows([row(2, size)], 10.5)
        bars.hide()
    assert "photos to Bob (2)" in err.getvalue()
    assert "2.5 MB/s, 12 s left, direct" in err.getvalue()


def test_a_batch_whose_size_is_not_known_has_a_bar() -> None:
    """It waits, and says for what."""
    err = Screen()
    with Bars(Output(False, io.StringIO(), err)) as bars:
        for now in (0.0, 1.0):
            bars.show_rows([row(0, 0, "waiting for an answer")], now)
        bars.hide()
    assert "waiting for an answer" in err.getvalue()


def test_who_sees_bars_has_them_kept_up_to_date() -> None:
    """While something is shown, waits are short; they are as long as was wanted where nobody looks."""
    bars, unseen = Bars(Output(False, io.StringIO(), Screen())), Bars(Output(False, io.StringIO(), io.StringIO()))
    assert bars.next_look(None, 10.0) is None
    for each in (bars, unseen):
        each.show_rows([row(0)], 10.0)
    assert bars.next_look(None, 10.0) == 10.5
    assert bars.next_look(99.0, 10.0) == 10.5
    assert bars.next_look(10.2, 10.0) == 10.2
    assert unseen.next_look(99.0, 10.0) == 99.0
    bars.remove(5)
    assert bars.next_look(None, 10.0) is None
