"""The counts that bound what has been read and not worked off. Thread: pytest's main thread."""

from commonlib.classic.packet import PACKET_SIZE
from tcpipserver.net.credit import (
    CHUNK_BYTES,
    CREDIT_BYTES,
    FRUGAL_READ_BYTES,
    READ_BYTES,
    RESUME_BYTES,
    Budget,
    Credit,
)


def test_a_connection_may_have_a_mebibyte_unprocessed() -> None:
    """At that it is not read from any more, and it is again when half of it is done."""
    credit = Credit(Budget())
    quarter = CREDIT_BYTES // 4 - CHUNK_BYTES
    for _ in range(3):
        credit.add_read(quarter)
    credit.add_read(quarter - CHUNK_BYTES - 1)
    assert not credit.is_used_up
    credit.add_read(1)
    assert credit.is_used_up
    credit.add_processed(1)
    credit.add_processed(quarter)
    assert not credit.is_restored
    credit.add_processed(quarter)
    assert credit.is_restored
    assert credit.unprocessed <= RESUME_BYTES


def test_many_small_reads_cost_more_than_their_bytes() -> None:
    """Who sends single bytes uses his credit up long before they are a mebibyte; done, they cost nothing."""
    credit = Credit(Budget())
    count = 0
    while not credit.is_used_up:
        credit.add_read(1)
        count += 1
    assert count < 5000
    for _ in range(count):
        credit.add_processed(1)
    assert credit.unprocessed == 0


def test_the_budget_counts_all_connections() -> None:
    """What each has read and not worked off adds up, and comes back."""
    budget = Budget(1000 + 2 * CHUNK_BYTES)
    first, second = Credit(budget), Credit(budget)
    first.add_read(600)
    second.add_read(399)
    assert (budget.used, budget.is_used_up) == (999 + 2 * CHUNK_BYTES, False)
    second.add_read(1)
    assert budget.is_used_up
    first.add_processed(600)
    second.add_processed(399)
    second.add_processed(1)
    assert (budget.used, budget.is_used_up) == (0, False)


def test_with_the_budget_used_up_only_the_idle_are_read_and_little() -> None:
    """One with anything unprocessed waits until it is all done; one with nothing may still say a little."""
    budget = Budget(100_000)
    flooder, small, idle = Credit(budget), Credit(budget), Credit(budget)
    small.add_read(1)
    assert not small.is_used_up
    flooder.add_read(100 * PACKET_SIZE)
    assert flooder.next_read == FRUGAL_READ_BYTES
    assert small.is_used_up
    assert not idle.is_used_up
    assert idle.next_read == FRUGAL_READ_BYTES
    assert not small.is_restored
    small.add_processed(1)
    assert small.is_restored


def test_who_streams_is_read_in_large_pieces() -> None:
    """A read that was filled is followed by a large one, a small one by a small one."""
    credit = Credit(Budget())
    assert credit.next_read == FRUGAL_READ_BYTES
    credit.add_read(FRUGAL_READ_BYTES)
    assert credit.next_read == READ_BYTES
    credit.add_read(FRUGAL_READ_BYTES // 2)
    assert credit.next_read == FRUGAL_READ_BYTES


def test_a_full_read_ends_where_a_packet_ends() -> None:
    """After an odd read the next one asks for so much less that nothing is left over to be copied."""
    credit = Credit(Budget())
    credit.add_read(FRUGAL_READ_BYTES - 24)
    assert credit.next_read == READ_BYTES - (PACKET_SIZE - 24)
    credit.add_read(credit.next_read)
    assert credit.next_read == READ_BYTES


def test_the_usual_budget_holds_many_floods() -> None:
    """With 64 MiB, half a hundred connections may use their credit up before the others notice."""
    budget = Budget()
    for _ in range(50):
        Credit(budget).add_read(CREDIT_BYTES)
    assert not budget.is_used_up
    for _ in range(15):
        Credit(budget).add_read(CREDIT_BYTES)
    assert budget.is_used_up
