"""The event log of the server window: what is shown of it, how it is chosen, and that it stays small."""

import pytest

from commonlib.meaning import Meaning
from tcpipserver.gui.events import LineLogged
from tcpipserver.gui.presenter_log import LINES_PER_TICK, MOST_KEPT, MOST_SHOWN, LogPresenter
from tests.support.hubs import WALL
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView


class Log:
    """A log presenter with its view."""

    def __init__(self) -> None:
        self.view = RecordingServerView()
        self.control = RecordingHubControl()
        self.presenter = LogPresenter(self.view, self.view, self.control)

    def write(self, *texts: str, meaning: Meaning = Meaning.NOTE) -> None:
        for text in texts:
            self.presenter.receive_line(LineLogged(WALL, meaning, text))

    def settle(self) -> None:
        """Tick until nothing more is due."""
        before = -1
        while before != len(self.view.lines):
            before = len(self.view.lines)
            self.presenter.tick()

    @property
    def shown(self) -> list[str]:
        self.settle()
        return [line.text for line in self.view.lines]


@pytest.fixture
def log() -> Log:
    return Log()


def test_lines_are_shown_with_time_and_a_word_for_their_colour(log: Log) -> None:
    """The word says what the colour says."""
    log.write("Ann left.", meaning=Meaning.CONNECTION)
    log.settle()
    (line,) = log.view.lines
    assert (line.meaning, line.word, line.text) == (Meaning.CONNECTION, "connection", "Ann left.")
    assert len(line.time) == len("10:15:42")
    assert log.view.log_state == ("1 line", False)


def test_a_flood_is_shown_in_batches(log: Log) -> None:
    """No beat of the window gets more than it can draw at once."""
    log.write(*map(str, range(3 * LINES_PER_TICK + 1)))
    assert log.shown == [str(number) for number in range(3 * LINES_PER_TICK + 1)]
    assert log.view.largest_batch == LINES_PER_TICK


def test_lines_that_would_fall_off_at_once_are_not_shown(log: Log) -> None:
    """Of more lines than can be shown, the newest are."""
    log.write(*map(str, range(MOST_SHOWN + 10)))
    assert log.shown[0] == "10"
    assert len(log.shown) == MOST_SHOWN


def test_memory_is_bounded(log: Log) -> None:
    """The oldest line goes when there are too many, whether it matched or not, and the count stays right."""
    log.presenter.kinds_chosen([Meaning.NOTE])
    log.write("red", meaning=Meaning.TROUBLE)
    log.write(*["plain"] * MOST_KEPT)
    log.settle()
    assert log.view.log_state[0] == f"{MOST_KEPT:,} lines"
    log.write("red", meaning=Meaning.TROUBLE)
    log.settle()
    assert log.view.log_state[0] == f"{MOST_KEPT - 1:,} of {MOST_KEPT:,} lines"


def test_kinds_and_words_choose_the_lines(log: Log) -> None:
    """Both apply to what was there and to what comes; capitals do not matter; nothing typed is everything."""
    log.write("Ann says hello", meaning=Meaning.TALK)
    log.write("Bob says hello", "ANN is loud")
    log.settle()
    log.presenter.words_typed(" ann ")
    assert log.shown == ["Ann says hello", "ANN is loud"]
    log.presenter.kinds_chosen([Meaning.TALK])
    log.write("ann again", "bob again", meaning=Meaning.TALK)
    assert log.shown == ["Ann says hello", "ann again"]
    assert log.view.log_state[0] == "2 of 5 lines"
    log.presenter.words_typed("")
    assert log.shown == ["Ann says hello", "ann again", "bob again"]


def test_typing_that_changes_nothing_draws_nothing(log: Log) -> None:
    """A blank more is the same search."""
    log.presenter.words_typed("ann")
    log.presenter.words_typed("Ann ")
    assert log.view.clearings == 1


def test_a_paused_log_stands_still_and_counts(log: Log) -> None:
    """When it goes on, what came in the meantime is shown once."""
    log.write("before")
    log.settle()
    log.presenter.pause_clicked()
    log.write("during 1", "during 2")
    assert log.shown == ["before"]
    assert log.view.log_state == ("3 lines · paused, 2 new", True)
    log.presenter.pause_clicked()
    log.write("after")
    assert log.shown == ["before", "during 1", "during 2", "after"]
    assert log.view.log_state == ("4 lines", False)


def test_a_search_in_a_paused_log_finds_what_came_meanwhile(log: Log) -> None:
    """The operator looks for something: all that is there is searched, and nothing is shown twice later."""
    log.presenter.pause_clicked()
    log.write("Ann", "Bob")
    log.presenter.words_typed("ann")
    assert log.shown == ["Ann"]
    log.presenter.pause_clicked()
    assert log.shown == ["Ann"]


def test_lost_lines_are_told(log: Log) -> None:
    """The operator learns that there was more, and where it is."""
    log.presenter.receive_lost(1200)
    log.presenter.receive_lost(34)
    log.settle()
    assert log.view.log_state[0] == "0 lines · 1,234 came too fast to be shown; the log file has them"


def test_copying_takes_the_selection_or_all_that_is_shown(log: Log) -> None:
    """With time and kind, one line each."""
    log.write("one", "two")
    log.presenter.copy_clicked("chosen words")
    log.presenter.words_typed("two")
    log.presenter.copy_clicked("")
    assert log.view.copied[0] == "chosen words"
    assert log.view.copied[1].split("  ", 1)[1] == "note        two"


def test_saving_writes_what_matches(log: Log) -> None:
    """All of it, not only what is in the window."""
    log.write(*map(str, range(MOST_SHOWN + 1)))
    log.presenter.save_chosen("/somewhere/log.txt")
    ((order, path, lines),) = log.control.orders
    assert (order, path, len(lines)) == ("save", "/somewhere/log.txt", MOST_SHOWN + 1)  # type: ignore[arg-type]
