"""What each request of the operator's command line does to the hub, and what it refuses."""

from dataclasses import replace

import pytest

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, key_code, short_key_code
from tcpipserver.control import requests
from tcpipserver.control.answers import MOST_LISTED, Affected, Client, Clients, Done, Waiting
from tcpipserver.control.naming import NamingError
from tcpipserver.control.operations import Decision, OperationError, decide
from tcpipserver.control.picture import Picture
from tcpipserver.hub import inputs
from tcpipserver.hub.people import KnownKey
from tests.support.operators import ANN, ANN_KEY, BOB, BOB_KEY, EVE, EVE_KEY, OLD, PICTURE, STATUS, with_people

DAN_KEY, NEW_KEY = bytes([4]) * 32, bytes([5]) * 32
DAN = KnownKey(Fingerprint(DAN_KEY), "Dan")
BANNED = KnownKey(Fingerprint(DAN_KEY), "Dan", banned_for="loud")


def knowing(*known: KnownKey) -> Picture:
    """The picture of a hub that remembers these."""
    return replace(PICTURE, known=known)


def affected(*clients: Client) -> Done:
    """The answer that names these."""
    return Done(affected=tuple(Affected(id=one.id, name=one.name, key=one.key) for one in clients))


# Looking


def test_the_status_is_what_the_picture_says() -> None:
    """And nothing is done."""
    assert decide(requests.StatusAsked(), PICTURE) == Decision((STATUS, Done()))


def test_everybody_is_listed_in_parts() -> None:
    """In the order in which they came, none twice, none left out; nobody is no part at all."""
    crowd = tuple(Client(id=number, name="x") for number in range(1, 2 * MOST_LISTED + 2))
    decision = decide(requests.ClientsAsked(), with_people(*crowd))
    *parts, done = decision.answers
    assert done == Done()
    assert [len(part.clients) for part in parts if isinstance(part, Clients)] == [MOST_LISTED, MOST_LISTED, 1]
    assert tuple(one for part in parts if isinstance(part, Clients) for one in part.clients) == crowd
    assert decide(requests.ClientsAsked(), with_people()) == Decision((Done(),))


def test_the_keys_that_wait_are_listed() -> None:
    """With what their owners say of themselves."""
    assert decide(requests.WaitingAsked(), PICTURE).answers == (Waiting(keys=(EVE,)), Done())


# Sending away


def test_who_is_kicked_goes_with_the_reason() -> None:
    """With all connections of his key where he is named by it, with the one where that is named by its id."""
    again = Client(id=9, name="Ann", key=ANN_KEY, session=2)
    picture = with_people(ANN, BOB, again)
    both = decide(requests.Kick(who="Ann", reason="loud"), picture)
    assert both == Decision((affected(ANN, again),), (inputs.OperatorKicked((1, 9), "loud"),))
    assert decide(requests.Kick(who="9"), picture).told == (inputs.OperatorKicked((9,)),)


@pytest.mark.parametrize("who", ["Ann", "1", "9", short_key_code(Fingerprint(ANN_KEY)), ANN_KEY.hex()[:8]])
def test_a_ban_is_for_the_key_however_it_is_named(who: str) -> None:
    """All connections of it end, so all are told."""
    again = Client(id=9, name="Ann", key=ANN_KEY, session=2)
    decision = decide(requests.Ban(who=who, reason="loud"), with_people(ANN, BOB, again))
    banned = inputs.OperatorBanned(keys=(Fingerprint(ANN_KEY),), reason="loud")
    assert decision == Decision((affected(ANN, again),), (banned,))


@pytest.mark.parametrize(
    ("who", "key", "name"),
    [
        ("Eve", EVE_KEY, "Eve"),
        (EVE_KEY.hex()[:10], EVE_KEY, "Eve"),
        ("Dan", DAN_KEY, "Dan"),
        (key_code(Fingerprint(DAN_KEY)), DAN_KEY, "Dan"),
        (NEW_KEY.hex(), NEW_KEY, ""),
    ],
)
def test_who_is_not_here_can_be_kept_out_too(who: str, key: bytes, name: str) -> None:
    """One who waits, one whom the hub remembers, and any key in full."""
    decision = decide(requests.Ban(who=who), knowing(DAN))
    assert decision.told == (inputs.OperatorBanned(keys=(Fingerprint(key),)),)
    assert decision.answers == (Done(affected=(Affected(id=None, name=name, key=key),)),)


def test_one_who_waits_and_is_remembered_is_one() -> None:
    """He is told of once."""
    decision = decide(requests.Ban(who="Eve"), knowing(KnownKey(Fingerprint(EVE_KEY), "Eve")))
    assert decision.answers == (Done(affected=(Affected(id=None, name="Eve", key=EVE_KEY),)),)


def test_who_has_proved_no_key_cannot_be_kept_out() -> None:
    """The sentence says what helps instead."""
    with pytest.raises(
        OperationError, match=r"Old \(3\) is on the unencrypted wire .+ use 'kick', or start the hub with"
    ):
        decide(requests.Ban(who="Old"), PICTURE)


def test_one_who_is_here_and_one_remembered_with_his_name_are_two() -> None:
    """So nobody is banned by a name that both have had."""
    with pytest.raises(NamingError, match=r"Ann \(1\) or Ann \(key 04040404\)"):
        decide(requests.Ban(who="Ann"), knowing(replace(DAN, name="Ann")))
    same = KnownKey(Fingerprint(ANN_KEY), "Ann")
    assert decide(requests.Ban(who="Ann"), knowing(same)).answers == (affected(ANN),)


# Letting in


@pytest.mark.parametrize("who", ["Dan", DAN_KEY.hex(), DAN_KEY.hex()[:8], short_key_code(Fingerprint(DAN_KEY))])
def test_a_banned_key_is_let_in_again(who: str) -> None:
    """By its name too: the operator knows whom he banned."""
    decision = decide(requests.Unban(who=who), knowing(BANNED))
    assert decision.told == (inputs.OperatorUnbanned(Fingerprint(DAN_KEY)),)
    assert decision.answers == (Done(affected=(Affected(id=None, name="Dan", key=DAN_KEY),)),)


def test_a_key_that_is_not_banned_is_told_with_those_that_are() -> None:
    """And nothing is done; of two with one name neither is meant."""
    for picture, kept_out in ((knowing(DAN), "nobody"), (knowing(BANNED), r"Dan \(key 04040404\)")):
        with pytest.raises(OperationError, match=rf"not banned, so nothing was done\. Kept out: {kept_out}\."):
            decide(requests.Unban(who="Ann"), picture)
    with pytest.raises(NamingError, match="could be Dan"):
        decide(requests.Unban(who="Dan"), knowing(BANNED, replace(BANNED, key=Fingerprint(NEW_KEY))))


@pytest.mark.parametrize("who", [EVE_KEY.hex(), EVE_KEY.hex()[:8], short_key_code(Fingerprint(EVE_KEY))])
def test_a_key_that_waits_is_let_in(who: str) -> None:
    """By its code or its fingerprint."""
    decision = decide(requests.Approve(who=who), PICTURE)
    assert decision.told == (inputs.OperatorApproved(Fingerprint(EVE_KEY)),)
    assert decision.answers == (Done(affected=(Affected(id=None, name="Eve", key=EVE_KEY),)),)


def test_nobody_is_let_in_for_his_name() -> None:
    """A stranger chooses it; nor is one who does not wait, unless his key is given in full."""
    for who in ("Eve", "Ann", ANN_KEY.hex()[:8]):
        with pytest.raises(NamingError, match="among the keys that wait"):
            decide(requests.Approve(who=who), PICTURE)
    for key, name in ((NEW_KEY, ""), (DAN_KEY, "Dan")):
        decision = decide(requests.Approve(who=key.hex()), knowing(DAN))
        assert decision.told == (inputs.OperatorApproved(Fingerprint(key)),)
        assert decision.answers == (Done(affected=(Affected(id=None, name=name, key=key),)),)


# Saying and stopping


def test_a_text_is_said_to_everybody_or_to_some() -> None:
    """Each of those once, however often he is named."""
    assert decide(requests.Say(text="hi"), PICTURE) == Decision((Done(),), (inputs.OperatorSaid(None, "hi"),))
    decision = decide(requests.Say(text="hi", to=("Bob", "3", "2")), PICTURE)
    assert decision == Decision((affected(BOB, OLD),), (inputs.OperatorSaid((2, 3), "hi"),))


def test_where_one_of_several_means_nobody_nothing_is_said() -> None:
    """Nor where nobody is there."""
    with pytest.raises(NamingError):
        decide(requests.Say(text="hi", to=("Bob", "Zoe")), PICTURE)
    with pytest.raises(OperationError, match="try again when somebody is there"):
        decide(requests.Say(text="hi"), with_people())


def test_a_stop_is_decided_and_changes_nothing_else() -> None:
    """The shell does it when the answer has gone."""
    assert decide(requests.Stop(), PICTURE) == Decision((Done(),), stops=True)


def test_every_refusal_is_a_sentence_of_ours() -> None:
    """The shell takes them for what they are by their family."""
    assert issubclass(NamingError, ChatError)
    assert issubclass(OperationError, ChatError)
    assert BOB.key == BOB_KEY
