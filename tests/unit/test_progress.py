"""How far a batch is, how fast, and for how long yet.

Thread: pytest's main thread.
"""

from tcpipclient.core.transfers.progress import SPAN_SECONDS, Progress


def test_the_speed_is_that_of_the_last_seconds() -> None:
    """What was before them counts for nothing."""
    progress = Progress()
    progress.restart(0.0)
    for second in range(1, 11):
        progress.move(second * 100, 0, "a", float(second))
    assert progress.speed(10.0) == 100.0
    assert progress.maybe_seconds_left(1500, 10.0) == 5.0
    progress.move(4000, 0, "a", 11.0)
    assert progress.speed(11.0) > 1000.0


def test_what_stands_still_has_no_speed_and_no_end() -> None:
    """After the span, and at once where it is stopped."""
    progress = Progress()
    assert progress.maybe_seconds_left(10, 0.0) is None
    progress.restart(0.0)
    progress.move(500, 0, "a", 1.0)
    assert progress.speed(1.0) == 500.0
    assert progress.speed(1.0 + 2 * SPAN_SECONDS) == 0.0
    progress.move(900, 0, "a", 9.0)
    progress.stop()
    assert (progress.speed(9.1), progress.current, progress.done) == (0.0, "", 900)


def test_a_moment_is_too_short_to_measure() -> None:
    """The first bytes would look like a speed that nobody has."""
    progress = Progress()
    progress.restart(0.0)
    progress.move(1000, 0, "a", 0.01)
    assert progress.speed(0.01) == 0.0


def test_a_further_connection_does_not_count_back() -> None:
    """It begins to count at 0: what it says goes beyond before it is told."""
    progress = Progress()
    progress.restart(0.0)
    assert progress.move(500, 3, "a", 1.0)
    assert not progress.move(100, 1, "b", 2.0)
    assert (progress.done, progress.files_done, progress.current) == (500, 3, "b")
    assert progress.move(501, 3, "b", 3.0)


def test_what_is_added_counts_on_from_what_was_settled() -> None:
    """Its connection begins at 0, too."""
    progress = Progress()
    progress.move(500, 3, "", 1.0)
    progress.settle()
    progress.move(10, 1, "", 2.0)
    assert (progress.done, progress.files_done) == (510, 4)
