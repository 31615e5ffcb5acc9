"""notices: few messages say what there is to say of many entries, in the order in which it happened."""

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import (
    MOST_MARKS,
    WINDOW,
    EntryKind,
    Mark,
    More,
    Outcome,
    Place,
    Settled,
    SettledRun,
    Want,
    Wanted,
    encode_message,
)
from commonlib.transfer.notices import Notices
from commonlib.transfer.stream import LARGEST_MESSAGE, LONGEST_WHY


def entry(number: int, offer: int = 0) -> Listed:
    """A listed file."""
    return Listed(number, offer, ("f",), EntryKind.FILE, 1, 0, 0, "f")


def test_neighbours_are_joined_to_runs() -> None:
    """As long as the same is said of them, and they are of one offer."""
    notices = Notices()
    for number in (1, 2, 3, 7, 8):
        notices.want(entry(number))
    notices.want(entry(9, offer=1))
    for number in (1, 2, 3):
        notices.settle(entry(number), Outcome.SAVED)
    notices.settle(entry(4), Outcome.FAILED, Place.RECEIVER, "full")
    notices.settle(entry(5), Outcome.FAILED, Place.SENDER, "full")
    notices.settle(entry(6), Outcome.FAILED, Place.SENDER, "gone")
    notices.settle(entry(7, offer=1), Outcome.FAILED, Place.SENDER, "gone")
    assert list(notices.take()) == [
        Wanted(items=[Want(1, 3), Want(7, 2), Want(9, 1)]),
        Settled(
            items=[
                SettledRun(1, 3, Outcome.SAVED),
                SettledRun(4, 1, Outcome.FAILED, Place.RECEIVER, "full"),
                SettledRun(5, 1, Outcome.FAILED, Place.SENDER, "full"),
                SettledRun(6, 1, Outcome.FAILED, Place.SENDER, "gone"),
                SettledRun(7, 1, Outcome.FAILED, Place.SENDER, "gone"),
            ]
        ),
    ]
    assert list(notices.take()) == []


def test_a_part_is_asked_for_alone() -> None:
    """Its marks are of one file; a fresh one behind it begins a new run."""
    notices = Notices()
    marks = [Mark(5, bytes(32))]
    notices.want(entry(1))
    notices.want(entry(2), marks)
    notices.want(entry(3))
    assert list(notices.take()) == [Wanted(items=[Want(1, 1), Want(2, 1, marks), Want(3, 1)])]


def test_room_is_told_of_when_it_is_worth_a_message() -> None:
    """Not with every entry; what was told is not told again."""
    notices = Notices()
    notices.freed = WINDOW // 8 - 1
    assert list(notices.take()) == []
    notices.freed += 1
    assert list(notices.take()) == [More(entries=WINDOW // 8)]
    assert notices.freed == 0


def test_every_message_fits_into_a_frame() -> None:
    """A whole window with nothing in common, all marks and the longest reasons."""
    notices = Notices()
    for number in range(0, 2 * WINDOW, 2):
        notices.want(entry(number), [Mark(1 << 62, bytes(32))] * MOST_MARKS)
        notices.settle(entry(number), Outcome.FAILED, Place.RECEIVER, "\U0001f600" * LONGEST_WHY)
    assert len(notices) == 2 * WINDOW
    messages = list(notices.take())
    assert all(len(encode_message(message)) <= LARGEST_MESSAGE for message in messages)
    assert sum(len(message.items) for message in messages if isinstance(message, Wanted | Settled)) == 2 * WINDOW
