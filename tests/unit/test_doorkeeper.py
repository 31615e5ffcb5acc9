"""Who may stand at the door, and for how long one who guesses is locked out."""

import pytest

from tcpipserver.hub.doorkeeper import Doorkeeper, Visit
from tcpipserver.hub.limits import Limits

HERE, THERE = "192.0.2.7", "192.0.2.8"
NOW = 1000.0


def begun(doorkeeper: Doorkeeper, address: str = HERE, now: float = NOW) -> Visit:
    visit = doorkeeper.begin(address, now)
    assert isinstance(visit, Visit), visit
    return visit


def guess_wrongly(doorkeeper: Doorkeeper, count: int, address: str = HERE, now: float = NOW) -> None:
    for _ in range(count):
        assert doorkeeper.begin_guess(address, now) == 0


def test_two_hundred_people_behind_one_address_come_at_once() -> None:
    """The limits that are set at the start let them all in, twice over."""
    doorkeeper = Doorkeeper(Limits())
    for _ in range(400):
        begun(doorkeeper)
    assert doorkeeper.arriving == 400


def test_no_more_stand_at_the_door_than_may() -> None:
    """From wherever they come; one who has proved who he is, or has gone, makes room."""
    doorkeeper = Doorkeeper(Limits(arriving=2))
    first, second = begun(doorkeeper, HERE), begun(doorkeeper, THERE)
    assert doorkeeper.begin("192.0.2.9", NOW) == "2 others are arriving at this moment"
    doorkeeper.prove(first)
    doorkeeper.end(second)
    begun(doorkeeper)
    begun(doorkeeper)
    assert isinstance(doorkeeper.begin(HERE, NOW), str)


def test_one_who_has_proved_who_he_is_makes_room_once() -> None:
    """However often it is said, and when he goes, too."""
    doorkeeper = Doorkeeper(Limits())
    visit = begun(doorkeeper)
    doorkeeper.prove(visit)
    doorkeeper.prove(visit)
    doorkeeper.end(visit)
    assert doorkeeper.arriving == 0


def test_an_address_has_so_many_connections_and_others_their_own() -> None:
    """Those who are here count, too; one who goes makes room."""
    doorkeeper = Doorkeeper(Limits(connections_per_address=2))
    first = begun(doorkeeper)
    doorkeeper.prove(begun(doorkeeper))
    doorkeeper.prove(first)
    assert doorkeeper.begin(HERE, NOW) == "its address has 2 connections already"
    begun(doorkeeper, THERE)
    doorkeeper.end(first)
    begun(doorkeeper)


def test_an_address_connects_so_many_times_a_minute() -> None:
    """Whether anybody stays or not; with the time it may again."""
    doorkeeper = Doorkeeper(Limits(attempts_per_minute=6))
    for _ in range(6):
        doorkeeper.end(begun(doorkeeper))
    assert doorkeeper.begin(HERE, NOW + 9) == "its address connects more than 6 times a minute"
    doorkeeper.end(begun(doorkeeper, THERE))
    doorkeeper.end(begun(doorkeeper, now=NOW + 10))
    assert isinstance(doorkeeper.begin(HERE, NOW + 10), str)
    for _ in range(6):
        doorkeeper.end(begun(doorkeeper, now=NOW + 1000))
    assert isinstance(doorkeeper.begin(HERE, NOW + 1000), str)


def test_each_further_failure_locks_out_for_twice_as_long() -> None:
    """Wrong proofs and wrong codes alike, and never for longer than the longest."""
    limits = Limits(free_failures=2, lock_out_seconds=15.0, longest_lock_out_seconds=100.0)
    doorkeeper = Doorkeeper(limits)
    seconds = []
    for _ in range(8):
        doorkeeper.fail(HERE, NOW)
        seconds.append(doorkeeper.seconds_locked_out(HERE, NOW))
    assert seconds == [0, 0, 15, 30, 60, 100, 100, 100]
    assert doorkeeper.seconds_locked_out(HERE, NOW + 99.5) == 1
    assert doorkeeper.seconds_locked_out(HERE, NOW + 100) == 0
    assert doorkeeper.seconds_locked_out(THERE, NOW) == 0


def test_an_endless_guesser_is_locked_out_for_a_bounded_time() -> None:
    """A number that doubles without end would break the hub instead."""
    doorkeeper = Doorkeeper(Limits(free_failures=0))
    for _ in range(5000):
        doorkeeper.fail(HERE, NOW)
    assert doorkeeper.seconds_locked_out(HERE, NOW) == 3600


def test_failures_are_forgotten_after_a_while() -> None:
    """An address that has sent nothing wrong for so long begins anew."""
    doorkeeper = Doorkeeper(Limits(free_failures=1, failures_kept_seconds=1000.0))
    doorkeeper.fail(HERE, NOW)
    doorkeeper.fail(HERE, NOW + 1001)
    assert doorkeeper.seconds_locked_out(HERE, NOW + 1001) == 0
    doorkeeper.fail(HERE, NOW + 1002)
    assert doorkeeper.seconds_locked_out(HERE, NOW + 1002) == 15


def test_connecting_alone_locks_nobody_out() -> None:
    """Nor does going away again: only what was wrong counts."""
    doorkeeper = Doorkeeper(Limits(free_failures=0))
    for _ in range(100):
        doorkeeper.end(begun(doorkeeper))
    assert doorkeeper.seconds_locked_out(HERE, NOW) == 0


def test_guesses_at_the_same_time_are_counted_one_by_one() -> None:
    """Each counts as wrong before it is looked at, so that a thousand connections do not have a thousand guesses."""
    doorkeeper = Doorkeeper(Limits(free_failures=3))
    guess_wrongly(doorkeeper, 4)
    assert doorkeeper.begin_guess(HERE, NOW) == 15
    assert doorkeeper.begin_guess(HERE, NOW + 15) == 0
    assert doorkeeper.begin_guess(HERE, NOW + 15) == 30


def test_a_right_guess_takes_back_what_was_held_against_an_address() -> None:
    """Whoever mistyped the code and then typed it well leaves no lock-out to his neighbours."""
    doorkeeper = Doorkeeper(Limits(free_failures=2, failures_per_minute=4))
    guess_wrongly(doorkeeper, 2)
    assert doorkeeper.begin_guess(HERE, NOW) == 0
    doorkeeper.guess_was_right(HERE)
    assert doorkeeper.seconds_locked_out(HERE, NOW) == 0
    guess_wrongly(doorkeeper, 2)


def test_a_guesser_with_many_addresses_gets_no_further() -> None:
    """After so many wrong codes from anywhere none is tried for the rest of the minute."""
    doorkeeper = Doorkeeper(Limits(failures_per_minute=3))
    for number in range(3):
        guess_wrongly(doorkeeper, 1, f"192.0.2.{number}", NOW + number)
    assert doorkeeper.begin_guess("192.0.2.99", NOW + 20) == 40
    assert doorkeeper.begin_guess("192.0.2.99", NOW + 60) == 0


@pytest.mark.parametrize("most", [1, 10])
def test_the_addresses_that_are_remembered_are_bounded(most: int) -> None:
    """The one that was not seen for longest goes; one from which somebody is connected never does."""
    doorkeeper = Doorkeeper(Limits(free_failures=0), most_addresses=most)
    visit = begun(doorkeeper)
    doorkeeper.fail(HERE, NOW)
    for number in range(1000):
        doorkeeper.fail(f"2001:db8::{number:x}", NOW)
    assert doorkeeper.seconds_locked_out("2001:db8::0", NOW) == 0
    assert doorkeeper.seconds_locked_out(HERE, NOW) == 15
    assert doorkeeper.seconds_locked_out("2001:db8::3e7", NOW) == 15
    doorkeeper.end(visit)
