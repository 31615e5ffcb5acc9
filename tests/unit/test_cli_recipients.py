"""Whom --to means: the ids it leads to, and the sentences where it leads to none or to too many."""

import pytest

from tcpipclient.cli_recipients import MOST_LISTED, NobodyThereError, RecipientError, resolve, shown_name
from tcpipclient.core.events import Person

ANN, BOB, OTHER_BOB = Person(1, "Ann"), Person(2, "Bob", "DESK", "192.0.2.7"), Person(5, "bob", "LAPTOP", "192.0.2.8")
PEOPLE = (ANN, BOB, OTHER_BOB)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (["Ann"], (1,)),
        (["ANN"], (1,)),
        (["Bob"], (2,)),
        (["bob"], (5,)),
        (["5"], (5,)),
        (["@all"], (1, 2, 5)),
        (["server"], (0,)),
        (["Bob", "server", "2", "@all"], (2, 0, 1, 5)),
    ],
)
def test_a_recipient_is_a_name_an_id_or_one_of_two_words(wanted: list[str], ids: tuple[int, ...]) -> None:
    """A name as it is written comes before one in other case; nobody gets anything twice."""
    assert resolve(wanted, PEOPLE) == ids


@pytest.mark.parametrize("wanted", ["BOB", "bOb"])
def test_a_name_that_two_people_have_is_refused(wanted: str) -> None:
    """The sentence tells them apart and asks for an id."""
    with pytest.raises(RecipientError) as refusal:
        resolve([wanted], PEOPLE)
    sentence = str(refusal.value)
    assert "Bob (2) on DESK at 192.0.2.7 or bob (5) on LAPTOP at 192.0.2.8" in sentence
    assert "give the id" in sentence


@pytest.mark.parametrize("wanted", ["Bobby", "7", "", "all", "Server "])
def test_a_name_that_nobody_has_is_refused_with_those_who_are_there(wanted: str) -> None:
    """The sentence lists everybody with id."""
    with pytest.raises(RecipientError) as refusal:
        resolve(["Ann", wanted], PEOPLE)
    assert "Ann (1), Bob (2) and bob (5)" in str(refusal.value)


def test_an_id_comes_before_a_name_of_digits() -> None:
    """Nobody takes another's place by calling himself by that one's id; without such an id it is a name like others."""
    assert resolve(["2"], [BOB, Person(9, "2")]) == (2,)
    assert resolve(["2"], [ANN, Person(9, "2")]) == (9,)


@pytest.mark.parametrize("name", ["server", "@all", "Server", "@ALL"])
def test_nobody_stands_for_the_server_or_for_all(name: str) -> None:
    """Who calls himself by one of the two words, however it is written, is reached by his id only."""
    people = [ANN, Person(9, name)]
    assert 9 in resolve(["9"], people)
    assert resolve([name], people) == ((0,) if name.lower() == "server" else (1, 9))


def test_all_of_nobody_is_refused() -> None:
    """A text to an empty hub is not silently dropped; the server can be told things all the same."""
    with pytest.raises(NobodyThereError, match="Nobody else is on the hub"):
        resolve(["@all"], [])
    with pytest.raises(RecipientError, match="nor anybody else"):
        resolve(["Bob"], [])
    assert resolve(["server"], []) == (0,)


def test_a_full_hub_does_not_fill_the_screen() -> None:
    """Some are listed, the rest is counted."""
    with pytest.raises(RecipientError) as refusal:
        resolve(["Bob"], [Person(number, f"P{number}") for number in range(1, MOST_LISTED + 31)])
    assert f"P{MOST_LISTED} ({MOST_LISTED}) and 30 more (see 'tcpipclient roster')" in str(refusal.value)


def test_names_are_shown_so_that_they_deceive_nobody() -> None:
    """Control characters are escaped, long names are cut, the id stands behind; only the hub is shown as server."""
    assert shown_name("Bob\x1b[2J\n", 2) == "Bob\\x1b[2J\\n (2)"
    assert shown_name("server", 4) == "server (4)"
    assert shown_name("anything", 0) == "server"
    assert shown_name("", 3) == "somebody (3)"
    assert len(shown_name("x" * 500, 3)) < 80
    with pytest.raises(RecipientError) as refusal:
        resolve(["x\x1b"], [Person(1, "\x1b[31mAnn")])
    assert "\x1b" not in str(refusal.value)
