"""The join code: who knows it gets in, who does not learns nothing."""

from dataclasses import replace
from itertools import count

import pytest

from commonlib.identity import Fingerprint
from commonlib.wire.join import HubJoin, JoinCodeError, Parties, normal_join_code
from tests.support.join_codes import CODE, PARTIES, client_join, hub_join


def test_both_ends_confirm_a_code_that_they_share() -> None:
    """The client first, then the hub; the code itself is in nothing that is sent."""
    hub = hub_join()
    client = client_join(hub.exchange)
    answer = hub.confirm(client.exchange, client.confirmation)
    client.check(answer)
    sent = (hub.exchange, client.exchange, client.confirmation, answer)
    assert len(set(sent)) == 4
    assert not any(CODE.encode() in part for part in sent)


@pytest.mark.parametrize(
    "typed", ["CORRECT-horse Battery", " correct\u00a0horse\u2013battery\n", "correcthorsebattery"]
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    """People read it aloud, and write it down in their own way."""
    hub = hub_join()
    client = client_join(hub.exchange, typed)
    client.check(hub.confirm(client.exchange, client.confirmation))
    assert normal_join_code(typed) == "correcthorsebattery"


def test_letters_with_accents_are_the_same_however_they_are_composed() -> None:
    """A file on one system and a keyboard on another make different bytes of them; half a pair is no fault."""
    assert normal_join_code("Cafe\u0301") == normal_join_code("caf\u00e9")
    hub = hub_join("\ud800")
    client = client_join(hub.exchange, "\ud800")
    client.check(hub.confirm(client.exchange, client.confirmation))


def test_a_wrong_code_is_refused_by_the_hub() -> None:
    """And nothing is confirmed to whoever tried it."""
    hub = hub_join()
    client = client_join(hub.exchange, "correct horse butter")
    with pytest.raises(JoinCodeError, match="wrong"):
        hub.confirm(client.exchange, client.confirmation)


def test_a_hub_that_does_not_know_the_code_is_found_out() -> None:
    """It can make up a confirmation, or send the client's own back."""
    false_hub = hub_join("anything")
    client = client_join(false_hub.exchange)
    for made_up in (bytes(32), client.confirmation, b""):
        with pytest.raises(JoinCodeError, match="does not know"):
            client.check(made_up)


def test_a_false_hub_has_one_guess_for_each_try() -> None:
    """The confirmation that it gets fits to the one code that its exchange was made with, and to no other."""
    guesses = [hub_join(f"code {number}") for number in range(3)]
    client = client_join(guesses[0].exchange, "code 1")
    for guess in guesses:
        with pytest.raises(JoinCodeError, match="wrong"):
            guess.confirm(client.exchange, client.confirmation)
    right = client_join(guesses[1].exchange, "code 1")
    assert hub_join("code 1").confirm(right.exchange, right.confirmation)


def test_a_try_cannot_be_repeated() -> None:
    """A second confirmation in the same exchange would be a second guess."""
    hub = hub_join()
    wrong, right = client_join(hub.exchange, "wrong"), client_join(hub.exchange)
    with pytest.raises(JoinCodeError):
        hub.confirm(wrong.exchange, wrong.confirmation)
    with pytest.raises(JoinCodeError):
        hub.confirm(right.exchange, right.confirmation)


@pytest.mark.parametrize(
    "other",
    [
        replace(PARTIES, hub=Fingerprint(b"x" * 32)),
        replace(PARTIES, client=Fingerprint(b"x" * 32)),
        replace(PARTIES, nonce=b"x" * 32),
        Parties(PARTIES.client, PARTIES.hub, PARTIES.nonce),
    ],
    ids=["another hub", "another client", "another connection", "the other way round"],
)
def test_the_code_is_proved_between_two_keys_on_one_connection(other: Parties) -> None:
    """Whoever passes the exchange on between two others is not the one that either of them sees."""
    hub = hub_join()
    client = client_join(hub.exchange, parties=other)
    with pytest.raises(JoinCodeError, match="wrong"):
        hub.confirm(client.exchange, client.confirmation)


SPOILT = {
    "more behind it": b"A" + client_join(hub_join().exchange).exchange[1:] + b"\x00",
    "nothing": b"",
    "too short": b"A" + bytes(31),
    "too long": b"A" + bytes(33),
    "the neutral element": b"A" + (1).to_bytes(32, "little"),
    "zero": b"A" + bytes(32),
    "no point of the curve": b"A" + (2).to_bytes(32, "little"),
    "a point of a small group": b"A" + ((1 << 255) - 20).to_bytes(32, "little"),
    "no side": b"?" + bytes(32),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_no_exchange_is_refused_by_both(what: str) -> None:
    """As a wrong code is: it costs whoever sends it his guess."""
    client = client_join(hub_join().exchange)
    with pytest.raises(JoinCodeError, match="exchange"):
        hub_join().confirm(SPOILT[what], client.confirmation)
    with pytest.raises(JoinCodeError):
        client_join(SPOILT[what].replace(b"A", b"B", 1))


def test_an_exchange_that_comes_back_is_refused() -> None:
    """Each side has a letter of its own; with that changed it is still the other's own point."""
    hub = hub_join()
    mirrored = b"A" + hub.exchange[1:]
    for exchange in (hub.exchange, mirrored):
        with pytest.raises(JoinCodeError):
            hub_join().confirm(exchange, bytes(32))


def test_each_exchange_is_a_new_one() -> None:
    """From the random bytes that come in, and from nothing else."""
    numbers = count(1)
    made = {HubJoin(CODE, PARTIES, lambda size: next(numbers).to_bytes(size)).exchange for _ in range(3)}
    assert len(made) == 3
    assert hub_join().exchange == hub_join().exchange
