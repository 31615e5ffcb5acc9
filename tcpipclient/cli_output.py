"""Where the commands write: results on standard output, notices on standard error, as sentences or as JSON lines.

Owns the choice between both forms and the throttle for progress. Must never be written to by two threads: handlers only
queue what has happened. Thread: the program's main thread.
"""

from collections.abc import Callable
from typing import TextIO

from commonlib.exceptions import ChatError
from tcpipclient.cli_wording import Report

SECONDS_BETWEEN_PROGRESS = 0.25
"""Between two JSON objects on the progress of one transfer."""


class OutputError(ChatError):
    """What there is to tell cannot be written any more.

    Attributes:
        detail: What the system said; empty where the reader has simply gone.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        if not self.detail:
            return "Whoever read the output is gone, so the command ends: start it again if it is still needed."
        return f"The output cannot be written ({self.detail}): make room where it goes, and start the command again."


class Output:
    """Tells the user things in the form that he asked for.

    Args:
        out, err: Standard output and standard error, None where the program was started without.

    Attributes:
        as_json: Whether results are JSON objects.
        above: Set while progress bars are on the screen: prints a line above them.
    """

    def __init__(self, as_json: bool, out: TextIO | None, err: TextIO | None) -> None:
        self.as_json = as_json
        self.above: Callable[[str], None] | None = None
        self._out = out
        self._err = err
        self._question = ""

    @property
    def has_screen(self) -> bool:
        """Whether bars and questions have a terminal to be seen on."""
        return self._err is not None and self._err.isatty()

    @property
    def screen(self) -> TextIO:
        """The stream for bars and questions, where there is one."""
        assert self._err is not None
        return self._err

    def report(self, report: Report) -> None:
        """Tell a result on standard output. Raises OutputError."""
        if self.as_json:
            import json  # Loaded where it is needed: most commands are for people.

            self._write(self._out, json.dumps(report.item))
        elif report.sentence:
            self._write(self._out, report.sentence)

    def notice(self, sentence: str) -> None:
        """Tell something beside the results, on standard error. Raises OutputError."""
        if self._err is not None:
            self._write(self._err, sentence)

    def ask(self, question: str) -> None:
        """Show a question, or none ("") in place of the one that is open; what is told meanwhile stands above it.

        Raises OutputError.
        """
        if question != self._question:
            self._take_question_off()
            self._question = question
            self._show_question()

    def answered(self) -> None:
        """The user's own line end has taken the open question off."""
        self._question = ""

    @property
    def is_asking(self) -> bool:
        """Whether a question is open."""
        return bool(self._question)

    def _write(self, stream: TextIO | None, text: str) -> None:
        self._take_question_off()
        if self.above is not None and stream is not None and stream.isatty():
            self.above(text)
        else:
            _put(stream, f"{text}\n")
        self._show_question()

    def _take_question_off(self) -> None:
        if self._question:
            _put(self._err, "\n")

    def _show_question(self) -> None:
        if self._question:
            _put(self._err, self._question)


def _put(stream: TextIO | None, text: str) -> None:
    if stream is None:
        raise OutputError("it is closed")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise OutputError("") from None
    except (OSError, ValueError) as error:
        raise OutputError(getattr(error, "strerror", None) or "it is closed") from None


class Throttle:
    """Lets through a few reports a second for each key."""

    def __init__(self, seconds: float = SECONDS_BETWEEN_PROGRESS) -> None:
        self._seconds = seconds
        self._last: dict[int, float] = {}

    def lets_through(self, key: int, now: float) -> bool:
        """Whether enough time has passed since the last one of this key that was let through."""
        last = self._last.get(key)
        if last is not None and now - last < self._seconds:
            return False
        self._last[key] = now
        return True

    def forget(self, key: int) -> None:
        """No more of this key will come."""
        self._last.pop(key, None)
