"""Whom the operator means: ids, names, key codes and fingerprints, and that nobody is meant where two could be."""

import pytest

from commonlib.identity import Fingerprint, key_code, short_key_code
from tcpipserver.control.naming import Nameable, NamingError, Wanted, key_meant, person_meant
from tests.support.operators import ANN_KEY, BOB_KEY, EVE_KEY

ANN, BOB = Nameable(1, "Ann", ANN_KEY), Nameable(2, "Bob", BOB_KEY)
ANN_TOO, OLD = Nameable(7, "Ann", ANN_KEY), Nameable(3, "Old One", None)
HERE = (ANN, BOB, OLD)
PLACE = ("on the hub", "clients")
ANN_CODE = key_code(Fingerprint(ANN_KEY))
ANN_DIGITS = short_key_code(Fingerprint(ANN_KEY))


def meant(typed: str, *those: Nameable) -> tuple[Nameable, ...]:
    """Who is meant on a hub where these are."""
    return person_meant(typed, those or HERE, *PLACE)


@pytest.mark.parametrize(
    "typed",
    [
        "1",
        "Ann",
        "ann",
        "ANN",
        ANN_CODE,
        ANN_CODE.upper(),
        ANN_CODE.replace(" ", "-"),
        f"  {ANN_CODE} ",
        ANN_DIGITS,
        ANN_DIGITS.replace(" ", ""),
        ANN_DIGITS.replace(" ", "-"),
        ANN_KEY.hex(),
        ANN_KEY.hex().upper(),
        ANN_KEY.hex(":"),
        ANN_KEY.hex()[:8],
        ANN_KEY.hex()[:9],
    ],
)
def test_somebody_is_named_in_many_ways(typed: str) -> None:
    """By id, by name in any case, by key code with or without its words, by eight digits of the fingerprint or more."""
    assert meant(typed) == (ANN,)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "4",
        "Anna",
        "Old",
        ANN_KEY.hex()[:7],
        "x" * 8,
        "000000",
        ANN_CODE[1:],
        ANN_CODE[:-4],
        "٣",
        "9" * 80,
    ],
)
def test_who_is_not_there_is_told_so(typed: str) -> None:
    """With the command that shows who is."""
    with pytest.raises(NamingError, match="so nothing was done: 'tcpipserver ctl clients' shows who could be meant"):
        meant(typed)


def test_of_two_with_one_name_neither_is_meant() -> None:
    """The sentence tells their ids; a name written exactly so goes before one in other letters."""
    other = Nameable(5, "Ann", None)
    with pytest.raises(NamingError, match=r'"Ann" could be Ann \(1\) or Ann \(5\), so nothing was done: give the id'):
        meant("Ann", ANN, other)
    assert meant("Ann", ANN, Nameable(6, "ANN", BOB_KEY)) == (ANN,)
    with pytest.raises(NamingError):
        meant("aNN", ANN, Nameable(6, "ANN", BOB_KEY))


def test_all_connections_of_one_key_are_one_person() -> None:
    """But an id is one connection."""
    for typed in ("Ann", ANN_DIGITS, ANN_KEY.hex()):
        assert meant(typed, ANN, BOB, ANN_TOO) == (ANN, ANN_TOO)
    assert meant("7", ANN, BOB, ANN_TOO) == (ANN_TOO,)


@pytest.mark.parametrize("typed", [ANN_DIGITS, ANN_KEY.hex()[:12], ANN_CODE])
def test_who_calls_himself_by_anothers_key_makes_it_ambiguous(typed: str) -> None:
    """Never does a name stand in front of a key, or the other way round."""
    liar = Nameable(9, typed, BOB_KEY)
    with pytest.raises(NamingError, match=r"give the id"):
        meant(typed, ANN, liar)


def test_who_calls_himself_by_anothers_id_is_not_meant_by_it() -> None:
    """Only the hub gives ids, so an id is looked for first."""
    liar = Nameable(9, "1", BOB_KEY)
    assert meant("1", liar, ANN) == (ANN,)
    assert meant("9", liar, ANN) == (liar,)
    wide = Nameable(int(ANN_DIGITS.replace(" ", "")), "Cy", None)
    assert meant(ANN_DIGITS.replace(" ", ""), ANN, wide) == (wide,)


def test_keys_with_one_beginning_are_told_apart_by_more_of_it() -> None:
    """Eight digits are enough where they are one key's alone."""
    near = Nameable(4, "Near", ANN_KEY[:10] + bytes(22))
    with pytest.raises(NamingError):
        meant(ANN_KEY.hex()[:20], ANN, near)
    assert meant(ANN_KEY.hex()[:22], ANN, near) == (ANN,)


def test_a_key_is_not_found_by_a_name() -> None:
    """Where a stranger's key is to be let in, what he calls himself must not count."""
    eve = Nameable(None, "Eve", EVE_KEY)
    assert key_meant(EVE_KEY.hex()[:8], [eve], "there", "approve --list") == eve
    with pytest.raises(NamingError, match="'tcpipserver ctl approve --list' shows who could be meant"):
        key_meant("Eve", [eve], "there", "approve --list")


def test_what_others_chose_cannot_forge_a_sentence() -> None:
    """Names come out printable and cut, and of very many only the first are told."""
    crowd = [Nameable(number, "\x1b[31m\n" * 40, bytes([number]) * 32) for number in range(1, 31)]
    with pytest.raises(NamingError) as caught:
        meant("\x1b[31m\n" * 40, *crowd)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert sentence.count("\\x1b[31m\\n") < 150
    assert "or 21 more, so nothing was done" in sentence


def test_somebody_who_is_not_there_is_shown_with_his_key() -> None:
    """He has no id."""
    assert Nameable(None, "Eve", EVE_KEY).shown == "Eve (key 03030303)"
    assert Nameable(None, "", EVE_KEY).shown == "somebody (key 03030303)"
    assert Nameable(None, "Old", None).shown == "Old"


def test_a_fingerprint_in_full_can_be_taken_as_it_is() -> None:
    """For one whom the hub has never seen."""
    assert Wanted(ANN_KEY.hex(":").upper()).maybe_whole_key() == ANN_KEY
    assert Wanted(ANN_KEY.hex()[:62]).maybe_whole_key() is None
    assert Wanted(ANN_CODE).maybe_whole_key() is None
