"""Whose text a receipt confirms, and which."""

import pytest

from tcpipserver.hub.receipts import OPERATOR, Confirmed, UnansweredTexts, Writer

ALICE, BOB = Writer(connection=11, id=1), Writer(connection=12, id=2)


def oldest(unanswered: UnansweredTexts, times: int) -> list[Writer | None]:
    """Whose texts are confirmed by so many receipts that say nothing more."""
    return [None if found is None else found.writer for found in (unanswered.maybe_take_oldest() for _ in range(times))]


def given(*writers: Writer, most_runs: int = 16) -> UnansweredTexts:
    unanswered = UnansweredTexts(most_runs)
    for writer in writers:
        unanswered.add(writer)
    return unanswered


def test_the_oldest_text_is_confirmed_first() -> None:
    """A receipt that says nothing more is for the one who has waited longest; then there is nothing to confirm."""
    unanswered = given(ALICE, BOB, BOB, ALICE)
    assert oldest(unanswered, 5) == [ALICE, BOB, BOB, ALICE, None]


def test_a_receipt_may_name_the_writer() -> None:
    """Then it is for the oldest text of that one, and the others wait on."""
    unanswered = given(ALICE, BOB, ALICE)
    assert unanswered.maybe_take_from(2) == Confirmed(BOB, 0)
    assert unanswered.maybe_take_from(2) is None
    assert unanswered.maybe_take_oldest() == Confirmed(ALICE, 0)
    assert unanswered.maybe_take_from(1) == Confirmed(ALICE, 0)
    assert len(unanswered) == 0


def test_the_operator_waits_like_everybody() -> None:
    """His texts are in the same line."""
    assert given(OPERATOR, ALICE).maybe_take_oldest() == Confirmed(OPERATOR, 0)


def test_two_owners_of_one_id_are_two_writers() -> None:
    """A receipt for the text of somebody who has left is not credited to whoever has his id now."""
    later = Writer(connection=99, id=1)
    assert given(ALICE, later).maybe_take_from(1) == Confirmed(ALICE, 0)


def test_a_burst_costs_no_more_than_one_text() -> None:
    """Every text of a burst is confirmed, though there is room for two writers' only."""
    unanswered = given(*[ALICE] * 1000, BOB, most_runs=2)
    assert len(unanswered) == 1001
    assert oldest(unanswered, 1002) == [ALICE] * 1000 + [BOB, None]


def test_who_never_confirms_costs_a_bounded_amount() -> None:
    """The oldest texts are given up for new ones."""
    unanswered = given(ALICE, BOB, ALICE, BOB, OPERATOR, most_runs=3)
    assert oldest(unanswered, 4) == [ALICE, BOB, OPERATOR, None]


@pytest.mark.parametrize(
    "numbers", [[7], [7, 8, 9], [100, 90, 80, 70], [5, 5, 5], [1, 2, 9, 16, 3], [(1 << 63) - 1, 0, 1 << 62]]
)
def test_each_receipt_tells_the_number_of_the_text(numbers: list[int]) -> None:
    """Whatever numbers the writer gave: the texts are confirmed in the order in which they were given."""
    unanswered = UnansweredTexts()
    for number in numbers:
        unanswered.add(ALICE, number)
    assert [unanswered.maybe_take_oldest() for _ in numbers] == [Confirmed(ALICE, number) for number in numbers]
    assert len(unanswered) == 0


def test_a_run_that_is_confirmed_in_part_goes_on() -> None:
    """Texts that come behind have their own numbers."""
    unanswered = UnansweredTexts(most_runs=1)
    for number in (10, 13, 16):
        unanswered.add(ALICE, number)
    assert unanswered.maybe_take_oldest() == Confirmed(ALICE, 10)
    unanswered.add(ALICE, 19)
    assert [unanswered.maybe_take_from(1) for _ in range(4)] == [
        *(Confirmed(ALICE, number) for number in (13, 16, 19)),
        None,
    ]


def test_a_burst_to_many_costs_each_of_them_no_more_than_one_text() -> None:
    """A writer who numbers his texts one by one and writes to three in turn: each sees every third number."""
    unanswered = UnansweredTexts(most_runs=1)
    for number in range(1, 3001, 3):
        unanswered.add(ALICE, number)
    taken = [unanswered.maybe_take_oldest() for _ in range(1000)]
    assert taken == [Confirmed(ALICE, number) for number in range(1, 3001, 3)]
