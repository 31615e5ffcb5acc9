"""How often something may be done, by hand-made time."""

from tcpipserver.hub.allowance import Allowance, about_files


def spent(allowance: Allowance, now: float, tries: int) -> int:
    """How many of so many tries at one moment are allowed."""
    return sum(allowance.maybe_spend(now) for _ in range(tries))


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    """Who has rested long has no more than at first."""
    allowance = Allowance(most=10, per_second=2, left=10)
    assert spent(allowance, 100.0, 50) == 10
    assert spent(allowance, 101.5, 50) == 3
    assert spent(allowance, 10_000.0, 50) == 10


def test_a_clock_that_stands_gives_nothing() -> None:
    """Nor does one that goes back."""
    allowance = Allowance(most=10, per_second=2, left=10)
    spent(allowance, 100.0, 10)
    assert spent(allowance, 100.0, 5) == spent(allowance, 50.0, 5) == 0


def test_files_may_be_offered_to_a_thousand_people_at_once() -> None:
    """An offer and a way for each of them."""
    assert spent(about_files(), 0.0, 3000) == 2000
