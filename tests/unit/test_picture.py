"""The hub as the operator's command line sees it: made of what the brain and the service say, and of nothing else."""

import pytest

from commonlib.classic.keepalive import PingStatistics
from commonlib.identity import Fingerprint
from tcpipserver.control.answers import Client
from tcpipserver.control.picture import Facts, picture_of
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.overview import ListedPerson, Overview, WaitingKey
from tcpipserver.hub.people import Credentials, KnownKey, Person
from tests.support.clock import WALL
from tests.support.operators import ANN_KEY, BOB_KEY, EVE, EVE_KEY, HUB_KEY

FACTS = Facts("1.2.3", 4711, 9999, Fingerprint(HUB_KEY), WALL - 60.0, WALL, relays=6, relayed_bytes=7)
ANN = ListedPerson(
    Person(1, "192.0.2.1", Credentials("Ann", "pc", "2.0"), key=Fingerprint(ANN_KEY), session=2),
    since=WALL - 30.0,
    ping=PingStatistics().with_answer(0.25, WALL),
    sent_bytes=0,
    sent_texts=0,
)
OLD = ListedPerson(Person(2, "192.0.2.2", Credentials("Old")), WALL - 20.0, PingStatistics(), 0, 0)


def test_everybody_is_in_it_with_what_the_list_shows() -> None:
    """Who has not answered a ping has no time yet; who is on the classic wire no key."""
    picture = picture_of(Overview(people=(ANN, OLD)), (), FACTS)
    assert picture.clients == (
        Client(
            id=1, name="Ann", computer="pc", address="192.0.2.1", key=ANN_KEY, session=2, since=WALL - 30.0, ping=0.25
        ),
        Client(id=2, name="Old", address="192.0.2.2", since=WALL - 20.0),
    )
    assert (picture.status.encrypted, picture.status.classic) == (1, 1)


def test_the_totals_are_the_brains_and_the_facts_the_services() -> None:
    """Each in its place."""
    status = picture_of(Overview(arriving=3, passed_bytes=4, passed_texts=5), (), FACTS).status
    assert (status.arriving, status.passed_bytes, status.passed_texts) == (3, 4, 5)
    assert (status.version, status.pid, status.port, status.fingerprint) == ("1.2.3", 4711, 9999, HUB_KEY)
    assert (status.started, status.now) == (WALL - 60.0, WALL)
    assert (status.relays, status.relayed_bytes) == (6, 7)


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (Policy(), ("open", True)),
        (Policy(takes_classic=False), ("open", False)),
        (Policy(Joining.CODE), ("code", False)),
        (Policy(Joining.APPROVAL), ("approval", False)),
    ],
)
def test_the_policy_is_told_as_it_works_out(policy: Policy, told: tuple[str, bool]) -> None:
    """With a code or an approval nobody of the classic wire is taken in, whatever was set."""
    status = picture_of(Overview(policy=policy), (), FACTS).status
    assert (status.policy, status.takes_classic) == told


def test_those_who_wait_and_those_who_are_kept_out_are_in_it() -> None:
    """Counted and named; all keys that are remembered can be."""
    asking = WaitingKey(Fingerprint(EVE_KEY), EVE.name, EVE.computer, EVE.address, EVE.since)
    banned = KnownKey(Fingerprint(BOB_KEY), "Bob", banned_for="")
    known = (KnownKey(Fingerprint(ANN_KEY), "Ann"), banned)
    picture = picture_of(Overview(waiting=(asking,), banned=(banned,)), known, FACTS)
    assert picture.waiting == (EVE,)
    assert picture.known == known
    assert (picture.status.waiting, picture.status.banned) == (1, 1)
