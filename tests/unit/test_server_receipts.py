"""Whose text a receipt confirms."""

from tcpipserver.hub.receipts import OPERATOR, UnansweredTexts, Writer

ALICE, BOB = Writer(connection=11, id=1), Writer(connection=12, id=2)


def given(*writers: Writer, most_runs: int = 16) -> UnansweredTexts:
    unanswered = UnansweredTexts(most_runs)
    for writer in writers:
        unanswered.add(writer)
    return unanswered


def test_the_oldest_text_is_confirmed_first() -> None:
    """A receipt that says nothing more is for the one who has waited longest; then there is nothing to confirm."""
    unanswered = given(ALICE, BOB, BOB, ALICE)
    assert [unanswered.maybe_take_oldest() for _ in range(5)] == [ALICE, BOB, BOB, ALICE, None]


def test_a_receipt_may_name_the_writer() -> None:
    """Then it is for the oldest text of that one, and the others wait on."""
    unanswered = given(ALICE, BOB, ALICE)
    assert unanswered.maybe_take_from(2) == BOB
    assert unanswered.maybe_take_from(2) is None
    assert unanswered.maybe_take_oldest() == ALICE
    assert unanswered.maybe_take_from(1) == ALICE
    assert len(unanswered) == 0


def test_the_operator_waits_like_everybody() -> None:
    """His texts are in the same line."""
    assert given(OPERATOR, ALICE).maybe_take_oldest() == OPERATOR


def test_two_owners_of_one_id_are_two_writers() -> None:
    """A receipt for the text of somebody who has left is not credited to whoever has his id now."""
    later = Writer(connection=99, id=1)
    assert given(ALICE, later).maybe_take_from(1) == ALICE


def test_a_burst_costs_no_more_than_one_text() -> None:
    """Every text of a burst is confirmed, though there is room for two writers' only."""
    unanswered = given(*[ALICE] * 1000, BOB, most_runs=2)
    assert len(unanswered) == 1001
    assert [unanswered.maybe_take_oldest() for _ in range(1002)] == [ALICE] * 1000 + [BOB, None]


def test_who_never_confirms_costs_a_bounded_amount() -> None:
    """The oldest texts are given up for new ones."""
    unanswered = given(ALICE, BOB, ALICE, BOB, OPERATOR, most_runs=3)
    assert [unanswered.maybe_take_oldest() for _ in range(4)] == [ALICE, BOB, OPERATOR, None]
