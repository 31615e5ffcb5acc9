"""Who takes up whose row: by the key on its hub, else by name and computer."""

from tcpipclient.core.events import Person
from tcpipclient.gui.presenter_departed import MOST_GONE, Departed, identity_of

KEY, HUB = b"k" * 32, b"h" * 32


def test_a_key_counts_before_a_name_and_only_on_its_hub() -> None:
    """Without a key, or on a hub without one, it is name and computer; the two kinds are never the same."""
    ann = Person(2, "Ann", "desk", key=KEY)
    assert identity_of(ann, HUB) == (HUB, KEY)
    assert identity_of(Person(9, "Zoe", "lap", key=KEY), HUB) == identity_of(ann, HUB)
    assert identity_of(ann, b"o" * 32) != identity_of(ann, HUB)
    assert identity_of(Person(2, "Ann", "desk"), HUB) == ("Ann", "desk")
    assert identity_of(ann, None) == ("Ann", "desk")


def test_a_session_gets_its_row_else_the_one_that_was_left_last() -> None:
    """Until a row is taken."""
    departed = Departed()
    assert departed.maybe_row((HUB, KEY)) is None
    departed.add(11, (HUB, KEY), session=1)
    departed.add(12, (HUB, KEY), session=2)
    assert [departed.maybe_row((HUB, KEY), session) for session in (1, 2, 3)] == [11, 12, 12]
    departed.remove(12)
    assert departed.maybe_row((HUB, KEY), session=2) == 11
    departed.remove(11)
    assert departed.maybe_row((HUB, KEY)) is None


def test_the_oldest_goes_when_there_are_too_many() -> None:
    """But none that is kept, and none while there is room."""
    departed = Departed()
    for row in range(MOST_GONE):
        departed.add(row, ("name", str(row)))
    assert departed.maybe_take_oldest(()) is None
    departed.add(MOST_GONE, ("name", "last"))
    assert departed.maybe_take_oldest(range(MOST_GONE + 1)) is None
    assert departed.maybe_take_oldest({0, 1}) == 2
    assert departed.maybe_row(("name", "2")) is None
