"""What waits for the server window: in order, bounded, and nothing is lost without a word."""

import logging

from commonlib.meaning import Meaning
from tcpipserver.gui.events import HubStopped, LineLogged, Lost
from tcpipserver.gui.feed import Feed


def record(text: str, *arguments: object, level: int = Meaning.GOOD) -> logging.LogRecord:
    """What a logger hands to its handlers."""
    return logging.LogRecord("tcpipserver.events", level, "", 0, text, arguments, None)


def texts(feed: Feed, most: int = 100) -> list[str]:
    """The lines that are taken."""
    return [event.text for event in feed.take(most) if isinstance(event, LineLogged)]


def test_lines_are_taken_in_order_and_no_more_than_asked_for() -> None:
    """With time, meaning and text."""
    feed = Feed()
    feed.emit(record("port %d", 9999))
    feed.emit(record("second"))
    (first,) = feed.take(1)
    assert isinstance(first, LineLogged)
    assert (first.meaning, first.text) == (Meaning.GOOD, "port 9999")
    assert first.wall > 0
    assert texts(feed) == ["second"]
    assert feed.take(100) == []


def test_a_line_that_cannot_be_formed_is_shown_as_it_is() -> None:
    """Whoever logs must not fail for it."""
    feed = Feed()
    feed.emit(record("%d clients", "many"))
    assert texts(feed) == ["%d clients"]


def test_what_does_not_fit_is_counted() -> None:
    """The count follows once the window has caught up; what the hub itself does always fits."""
    feed = Feed(most=2)
    for number in range(5):
        feed.emit(record(str(number)))
    feed.post(HubStopped())
    assert len(feed.take(1)) == 1
    assert feed.take(100)[-2:] == [HubStopped(), Lost(3)]
    assert feed.take(100) == []


def test_logging_reaches_the_feed() -> None:
    """As any handler of a logger does."""
    feed = Feed()
    logger = logging.getLogger("tests.feed")
    logger.addHandler(feed)
    try:
        logger.error("broken")
    finally:
        logger.removeHandler(feed)
    (line,) = feed.take(10)
    assert isinstance(line, LineLogged)
    assert (line.meaning, line.text) == (Meaning.TROUBLE, "broken")
