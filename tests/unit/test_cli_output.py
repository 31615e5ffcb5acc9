"""What goes to standard output and what to standard error, in which form, and what if it cannot be written."""

import errno
import io
import json

import pytest

from tcpipclient.cli_output import Output, OutputError, Throttle
from tcpipclient.cli_wording import Report

REPORT = Report("Bob (2) came.", {"event": "joined", "name": "Bøb\x1b"})


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


class Full(io.StringIO):
    """A stream that takes nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error


def test_a_result_is_a_sentence_or_an_object() -> None:
    """One line either way; the object is plain ASCII, which every console and pipe can carry."""
    plain, scripted = io.StringIO(), io.StringIO()
    Output(False, plain, io.StringIO()).report(REPORT)
    Output(True, scripted, io.StringIO()).report(REPORT)
    assert plain.getvalue() == "Bob (2) came.\n"
    assert scripted.getvalue().isascii()
    assert scripted.getvalue().count("\n") == 1
    assert json.loads(scripted.getvalue()) == REPORT.item


def test_what_is_only_for_scripts_leaves_no_empty_line() -> None:
    """A report without a sentence is not told to a person."""
    out = io.StringIO()
    Output(False, out, io.StringIO()).report(Report("", {"event": "progress"}))
    assert out.getvalue() == ""


def test_notices_stay_out_of_the_results() -> None:
    """They are sentences on standard error in both forms."""
    for as_json in (False, True):
        out, err = io.StringIO(), io.StringIO()
        Output(as_json, out, err).notice("Mind this.")
        assert (out.getvalue(), err.getvalue()) == ("", "Mind this.\n")


def test_a_question_stays_below_what_is_told() -> None:
    """What comes while a question is open stands above it; answered or withdrawn, it is not shown again."""
    screen = Screen()
    output = Output(False, screen, screen)
    output.ask("Keep it? ")
    output.ask("Keep it? ")
    output.report(Report("Ann (1): Hi.", {}))
    assert screen.getvalue() == "Keep it? \nAnn (1): Hi.\nKeep it? "
    assert output.is_asking
    output.answered()
    output.report(Report("Ann (1): Bye.", {}))
    assert screen.getvalue().endswith("Keep it? Ann (1): Bye.\n")
    output.ask("And this? ")
    output.ask("")
    assert screen.getvalue().endswith("And this? \n")
    assert not output.is_asking


def test_a_question_does_not_get_into_results_that_go_elsewhere() -> None:
    """With standard output in a file, the file holds the results alone."""
    out = io.StringIO()
    output = Output(False, out, Screen())
    output.ask("Keep it? ")
    output.report(REPORT)
    assert out.getvalue() == "Bob (2) came.\n"


def test_lines_go_above_the_bars_only_where_the_bars_are() -> None:
    """While bars are on the terminal, lines for the terminal are printed above them, and lines for a file go there."""
    above: list[str] = []
    out = io.StringIO()
    output = Output(False, out, Screen())
    output.above = above.append
    output.report(REPORT)
    output.notice("Mind this.")
    assert above == ["Mind this."]
    assert out.getvalue() == "Bob (2) came.\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "Whoever read the output is gone"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
    ],
)
def test_output_that_cannot_be_written_is_a_sentence(error: OSError, said: str) -> None:
    """A reader that has gone and a full disk end the command with a documented error."""
    with pytest.raises(OutputError, match=said):
        Output(False, Full(error), io.StringIO()).report(REPORT)


def test_a_closed_stream_is_a_sentence() -> None:
    """A program that was started without standard output says so."""
    out = io.StringIO()
    out.close()
    with pytest.raises(OutputError, match="it is closed"):
        Output(False, out, io.StringIO()).report(REPORT)


def test_the_throttle_lets_a_few_of_each_through() -> None:
    """Each key has its own time; a forgotten one starts anew."""
    throttle = Throttle(0.25)
    assert [throttle.lets_through(1, now) for now in (0.0, 0.1, 0.25, 0.3)] == [True, False, True, False]
    assert throttle.lets_through(2, 0.3)
    throttle.forget(1)
    assert throttle.lets_through(1, 0.31)
