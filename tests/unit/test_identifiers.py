"""Which number a newcomer gets, and under which number a file passes."""

import pytest

from tcpipserver.hub.identifiers import LARGEST_ID, ClientIds, FileIds

ALICE, BOB, CAROL, DAVE = 1, 2, 3, 4


def taken(ids: ClientIds, count: int, now: float = 0.0) -> list[int | None]:
    return [ids.maybe_take(now) for _ in range(count)]


def test_ids_are_counted_up_even_when_earlier_ones_are_free() -> None:
    """1, 2, 3 …: a free id is not taken while there are fresh ones, however long it has been free."""
    ids = ClientIds()
    assert taken(ids, 2) == [1, 2]
    ids.free(1, 0.0)
    assert taken(ids, 2, now=1e6) == [3, 4]


def test_all_ids_of_the_wire_are_given() -> None:
    """1 to 65535, each once, then none."""
    ids = ClientIds()
    assert taken(ids, LARGEST_ID) == list(range(1, 65536))
    assert ids.maybe_take(1e6) is None


def test_when_all_were_given_the_one_free_for_longest_comes_first() -> None:
    """The order is that in which they became free, not that of the numbers."""
    ids = ClientIds(largest=3)
    taken(ids, 3)
    for now, freed in enumerate((2, 3, 1)):
        ids.free(freed, float(now))
    assert taken(ids, 4, now=10_000.0) == [2, 3, 1, None]


@pytest.mark.parametrize(("later", "given"), [(0.0, None), (599.9, None), (600.0, 1), (6000.0, 1)])
def test_an_id_rests_for_ten_minutes(later: float, given: int | None) -> None:
    """Others may still write to the one who had it."""
    ids = ClientIds(largest=1)
    taken(ids, 1)
    ids.free(1, 50.0)
    assert ids.maybe_take(50.0 + later) == given


def test_an_id_that_was_never_registered_need_not_rest() -> None:
    """Nobody was told of it. It comes after the fresh ones and before those that rest, the first one first."""
    ids = ClientIds(largest=5)
    taken(ids, 4)
    ids.free(1, 0.0)
    ids.free_at_once(3)
    ids.free_at_once(2)
    assert taken(ids, 4, now=600.0) == [5, 3, 2, 1]


def test_an_id_given_again_rests_again() -> None:
    """The ten minutes count from the last time it became free."""
    ids = ClientIds(largest=1)
    taken(ids, 1)
    ids.free(1, 0.0)
    assert ids.maybe_take(600.0) == 1
    ids.free(1, 700.0)
    assert ids.maybe_take(1299.0) is None
    assert ids.maybe_take(1300.0) == 1


def test_a_file_keeps_its_number_while_nobody_else_has_it() -> None:
    """From its beginning to its end a file passes under one number."""
    files = FileIds()
    assert files.maybe_begin(ALICE, BOB, 718) == 718
    assert files.maybe_passing(ALICE, BOB, 718) == 718


def test_the_second_file_of_a_number_passes_under_the_next_free_one() -> None:
    """Two senders chose one number: the first keeps it, whoever the receivers are."""
    files = FileIds()
    begun = [
        files.maybe_begin(ALICE, CAROL, 718),
        files.maybe_begin(BOB, CAROL, 718),
        files.maybe_begin(DAVE, ALICE, 718),
    ]
    assert begun == [718, 719, 720]
    assert files.maybe_passing(ALICE, CAROL, 718) == 718
    assert files.maybe_passing(BOB, CAROL, 718) == 719
    assert files.maybe_passing(DAVE, ALICE, 718) == 720


def test_one_sender_may_send_one_number_to_two() -> None:
    """The same file on its way to two people is two files, and more of either finds its own number."""
    files = FileIds()
    assert files.maybe_begin(ALICE, BOB, 5) == 5
    assert files.maybe_begin(ALICE, CAROL, 5) == 6
    files.end(ALICE, BOB, 5)
    assert files.maybe_passing(ALICE, CAROL, 5) == 6


def test_the_numbers_go_round() -> None:
    """After 65535 comes 0."""
    files = FileIds()
    files.maybe_begin(ALICE, CAROL, 65535)
    assert files.maybe_begin(BOB, CAROL, 65535) == 0


def test_a_number_is_free_when_its_file_has_ended() -> None:
    """The next one who chooses it has it for himself."""
    files = FileIds()
    files.maybe_begin(ALICE, CAROL, 718)
    files.end(ALICE, CAROL, 718)
    assert files.maybe_begin(BOB, CAROL, 718) == 718


def test_a_moved_number_is_free_when_its_file_has_ended() -> None:
    """What is freed is the number under which the file passed, and the first owner's stays his."""
    files = FileIds()
    files.maybe_begin(ALICE, CAROL, 718)
    files.maybe_begin(BOB, CAROL, 718)
    files.end(BOB, CAROL, 718)
    assert files.maybe_begin(DAVE, CAROL, 719) == 719
    assert files.maybe_begin(BOB, CAROL, 718) == 720


def test_a_file_begun_anew_does_not_take_a_second_number() -> None:
    """A sender who begins again under a number of his own keeps it."""
    files = FileIds(largest=1)
    assert files.maybe_begin(ALICE, BOB, 0) == 0
    assert files.maybe_begin(CAROL, BOB, 0) == 1
    assert files.maybe_begin(ALICE, BOB, 0) == 0


def test_a_sender_who_leaves_frees_his_numbers() -> None:
    """His files are gone with him, and nobody else's."""
    files = FileIds()
    files.maybe_begin(ALICE, CAROL, 5)
    files.maybe_begin(BOB, CAROL, 9)
    files.forget_sender(ALICE)
    assert files.maybe_begin(DAVE, CAROL, 5) == 5
    assert files.maybe_begin(DAVE, CAROL, 9) == 10


def test_a_sender_who_never_ends_a_file_loses_his_oldest_number() -> None:
    """One sender cannot use up the numbers."""
    files = FileIds(most_per_sender=2)
    for file_id in (5, 6, 7):
        assert files.maybe_begin(ALICE, CAROL, file_id) == file_id
    assert files.maybe_begin(BOB, CAROL, 5) == 5
    assert files.maybe_begin(BOB, CAROL, 6) == 8


def test_no_file_begins_while_all_numbers_are_in_use() -> None:
    """It would pass under another's; when one has become free, it may begin."""
    files = FileIds(largest=1)
    files.maybe_begin(ALICE, CAROL, 0)
    files.maybe_begin(BOB, CAROL, 0)
    assert files.maybe_begin(DAVE, CAROL, 0) is None
    assert files.maybe_passing(DAVE, CAROL, 0) is None
    files.end(ALICE, CAROL, 0)
    assert files.maybe_begin(DAVE, CAROL, 0) == 0


def test_more_of_a_file_that_never_began_does_not_get_into_another() -> None:
    """Where the beginning was not seen, the sender's own number passes only while it is nobody else's."""
    files = FileIds()
    assert files.maybe_passing(BOB, CAROL, 718) == 718
    files.maybe_begin(ALICE, CAROL, 718)
    assert files.maybe_passing(BOB, CAROL, 718) is None
    assert files.maybe_passing(ALICE, DAVE, 718) is None


def test_the_end_of_what_never_began_frees_nothing() -> None:
    """Somebody else's number stays his."""
    files = FileIds()
    files.maybe_begin(ALICE, CAROL, 718)
    files.end(BOB, CAROL, 718)
    files.forget_sender(BOB)
    assert files.maybe_begin(BOB, CAROL, 718) == 719


def test_wide_ids_are_counted_on_and_never_given_twice() -> None:
    """Neither are they given to those who need a short one."""
    ids = ClientIds(largest=0)
    assert [ids.maybe_take_wide() for _ in range(3)] == [65_536, 65_537, 65_538]
    ids.free(65_536, 0.0)
    assert ids.maybe_take(10_000.0) is None
    assert ids.maybe_take_wide() == 65_539
