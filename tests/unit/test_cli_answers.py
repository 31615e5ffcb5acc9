"""The waiting for several people's word."""

import pytest

from tcpipclient.cli_answers import Answers
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_wording import Report


class Words(Answers[str]):
    """Waits for people, known by their names."""

    def refuse(self, number: int) -> Report:
        """One says no."""
        return self._fail(number, "no")

    def _silence(self, number: int, seconds: float) -> str:
        return f"{self.waiting[number]} said nothing for {seconds:g} seconds"

    def _missing(self, number: int, reason: str, *, timed_out: bool) -> Report:
        self.complaints.append(reason)
        return Report(reason, {"name": self.waiting.pop(number), "timed_out": timed_out})


@pytest.mark.parametrize(
    ("refused", "unheard", "code"),
    [
        ([], False, ExitCode.DONE),
        ([], True, ExitCode.TIMED_OUT),
        ([1], False, ExitCode.FAILED),
        ([1], True, ExitCode.FAILED),
    ],
)
def test_a_failure_counts_before_a_lack_of_patience(refused: list[int], unheard: bool, code: ExitCode) -> None:
    """And both before the good word of all others."""
    words = Words({1: "Ann", 2: "Bob"})
    for number in refused:
        words.refuse(number)
    if not unheard:
        words.waiting.clear()
    words.give_up(5)
    assert words.exit_code is code


def test_everybody_who_was_not_heard_of_is_told() -> None:
    """With the time that was waited, and nobody is waited for afterwards."""
    words = Words({1: "Ann", 2: "Bob"})
    words.refuse(1)
    told = words.give_up(5)
    assert told == [Report("Bob said nothing for 5 seconds", {"name": "Bob", "timed_out": True})]
    assert words.complaints == ["no", "Bob said nothing for 5 seconds"]
    assert words.waiting == {}
