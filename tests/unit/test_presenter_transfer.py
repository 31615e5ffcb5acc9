"""One file: how fast it is, how long it takes, what its row says."""

import pytest

from tcpipclient.core.events import Direction
from tcpipclient.gui.presenter_transfer import SMOOTHING_SECONDS, Speed, Transfer
from tcpipclient.gui.shown import TransferShown


def test_the_speed_is_smoothed() -> None:
    """A jump counts for a part at first, and for nearly all after a while."""
    speed = Speed()
    speed.moved(0, 0.0)
    assert speed.bytes_per_second is None
    speed.moved(1000, 1.0)
    assert speed.bytes_per_second == 1000
    speed.moved(1000 + 5000, 2.0)
    assert speed.bytes_per_second is not None
    assert 1500 < speed.bytes_per_second < 3000
    for second in range(3, 40):
        speed.moved(6000 + 5000 * (second - 2), float(second))
    assert 4900 < speed.bytes_per_second <= 5000


def test_a_moment_that_does_not_pass_has_no_speed() -> None:
    """Nor does a clock that stands still divide by nothing."""
    speed = Speed()
    speed.moved(0, 5.0)
    speed.moved(1000, 5.0)
    assert speed.bytes_per_second is None
    assert speed.maybe_left(1000) is None


def test_after_a_long_pause_only_the_new_speed_counts() -> None:
    """What was before says nothing any more."""
    speed = Speed()
    speed.moved(0, 0.0)
    speed.moved(1000, 1.0)
    passed = 11 * SMOOTHING_SECONDS
    speed.moved(1000 + int(passed), 1.0 + passed)
    assert speed.bytes_per_second == pytest.approx(1.0)
    assert speed.maybe_left(2000 + int(passed)) == pytest.approx(1000)
    assert speed.maybe_left(0) == 0


def test_nobody_can_tell_when_what_stands_still_is_done() -> None:
    """Less than a byte a second is no speed."""
    speed = Speed()
    speed.moved(10, 0.0)
    speed.moved(10, 60.0)
    assert speed.maybe_left(1000) is None


@pytest.mark.parametrize(
    ("state", "size", "done", "percent"),
    [
        (TransferShown.SENDING, 0, 0, 0),
        (TransferShown.SENT, 0, 0, 100),
        (TransferShown.SENDING, 3, 1, 33),
        (TransferShown.SENDING, 3, 9, 100),
    ],
)
def test_the_bar_is_full_when_all_is_done(state: TransferShown, size: int, done: int, percent: int) -> None:
    """Empty files and sizes that lie too."""
    transfer = Transfer(1, Direction.OUTGOING, 1, "to Ann (2)", "a\u202etxt" * 100, size, state, done=done)
    assert transfer.row().percent == percent
    assert len(transfer.row().name) == 120
    assert "\u202e" not in transfer.row().name
