"""The tables of who is here and who is arriving."""

from dataclasses import replace

from commonlib.classic.keepalive import KeepAlive
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.people import Credentials, Member, Person, Wire
from tcpipserver.hub.roster import Arriving, Roster
from tests.support.hubs import key


def add_member(roster: Roster, connection: int) -> Member:
    arriving = roster.maybe_greet(connection, "192.0.2.7", 0.0)
    assert arriving is not None
    roster.maybe_take_arriving(connection)
    person = Person(arriving.client_id, arriving.address, Credentials(f"name {connection}"))
    member = Member(connection, person, KeepAlive.begin(0.0), since=0.0)
    roster.add(member)
    return member


def test_a_newcomer_gets_an_id_and_is_arriving() -> None:
    """He is known, and no member yet."""
    roster = Roster(ClientIds())
    assert roster.maybe_greet(11, "192.0.2.7", 0.0) == Arriving(client_id=1, address="192.0.2.7")
    assert roster.knows(11)
    assert roster.arriving_connections() == (11,)
    assert (roster.connections(), roster.maybe_member(11), len(roster)) == ((), None, 0)


def test_a_newcomer_without_an_id_is_not_known() -> None:
    """Where no id is left, nothing is kept of him."""
    roster = Roster(ClientIds(largest=0))
    assert roster.maybe_greet(11, "192.0.2.7", 0.0) is None
    assert not roster.knows(11)


def test_somebody_arrives_once() -> None:
    """Whoever takes him out of the arriving is the only one."""
    roster = Roster(ClientIds())
    arriving = roster.maybe_greet(11, "192.0.2.7", 0.0)
    assert roster.maybe_take_arriving(11) == arriving
    assert roster.maybe_take_arriving(11) is None
    assert not roster.knows(11)


def test_one_who_is_forgotten_while_arriving_leaves_his_id_to_the_next() -> None:
    """At once, and once."""
    roster = Roster(ClientIds(largest=1))
    arriving = roster.maybe_greet(11, "192.0.2.7", 0.0)
    assert roster.maybe_forget_arriving(11) == arriving
    assert roster.maybe_forget_arriving(11) is None
    assert not roster.knows(11)
    assert roster.maybe_greet(12, "192.0.2.8", 0.0) == Arriving(1, "192.0.2.8")
    assert roster.maybe_greet(13, "192.0.2.9", 0.0) is None


def test_a_member_is_found_by_connection_and_by_id() -> None:
    """Members are listed in the order in which they registered."""
    roster = Roster(ClientIds())
    later, sooner = add_member(roster, 12), add_member(roster, 11)
    assert roster.knows(12)
    assert (roster.maybe_member(12), roster.maybe_member_by_id(1)) == (later, later)
    assert (roster.maybe_member(11), roster.maybe_member_by_id(2)) == (sooner, sooner)
    assert (list(roster), roster.connections(), len(roster)) == ([later, sooner], (12, 11), 2)


def test_one_who_leaves_is_found_no_more() -> None:
    """His id rests, and the files that he was sending are forgotten."""
    roster = Roster(ClientIds(largest=1))
    member = add_member(roster, 11)
    roster.file_ids.maybe_begin(member.id, 2, 718)
    roster.remove(member, 100.0)
    assert not roster.knows(11)
    assert (roster.maybe_member_by_id(1), len(roster)) == (None, 0)
    assert roster.file_ids.maybe_begin(3, 2, 718) == 718
    assert roster.maybe_greet(12, "192.0.2.8", 699.0) is None
    assert roster.maybe_greet(12, "192.0.2.8", 700.0) == Arriving(1, "192.0.2.8")


def test_a_newcomer_without_an_id_may_be_known() -> None:
    """Where he needs none yet; there is none to give back then."""
    roster = Roster(ClientIds(largest=0))
    assert roster.maybe_greet(11, "192.0.2.7", 0.0, needs_id=False) == Arriving(0, "192.0.2.7")
    assert roster.knows(11)
    assert roster.maybe_forget_arriving(11) == Arriving(0, "192.0.2.7")
    assert roster.maybe_greet(12, "192.0.2.7", 0.0) is None


def test_sessions_of_a_key_are_numbered_and_found() -> None:
    """The lowest number that is free; a key of which nobody is here has none."""
    roster = Roster(ClientIds())
    members = []
    for connection in (11, 12, 13):
        session = roster.free_session(key(1))
        person = Person(connection, "192.0.2.7", Credentials("Alice"), key=key(1), session=session)
        members.append(Member(connection, person, KeepAlive.begin(0.0), since=0.0))
        roster.add(members[-1])
    assert [member.person.session for member in members] == [1, 2, 3]
    roster.remove(members[1], 0.0)
    assert roster.free_session(key(1)) == 2
    assert roster.members_with(key(1)) == (members[0], members[2])
    assert (roster.members_with(key(2)), roster.free_session(key(2))) == ((), 1)


def test_connections_are_known_by_wire() -> None:
    """As long as they are there."""
    roster = Roster(ClientIds())
    classic = add_member(roster, 11)
    modern = Member(12, Person(9, "", Credentials("Bob"), key=key(1)), KeepAlive.begin(0.0), since=0.0)
    roster.add(modern)
    assert (roster.connections_on(Wire.CLASSIC), roster.connections_on(Wire.MODERN)) == ((11,), (12,))
    roster.remove(classic, 0.0)
    roster.remove(modern, 0.0)
    assert (roster.connections_on(Wire.CLASSIC), roster.connections_on(Wire.MODERN)) == ((), ())


def test_people_are_as_the_others_see_them_now() -> None:
    """Whoever has come, changed or left since they were last put together."""
    roster = Roster(ClientIds())
    assert roster.people() == ()
    ann, bob = add_member(roster, 11), add_member(roster, 12)
    assert roster.people() == (ann.person, bob.person)
    renamed = replace(ann.person, credentials=Credentials("Anna"))
    roster.change(ann, renamed)
    assert roster.people() == (renamed, bob.person)
    cid = add_member(roster, 13)
    roster.remove(bob, 0.0)
    assert roster.people() == (renamed, cid.person)
