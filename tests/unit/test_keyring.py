"""What the hub remembers of keys, and what it forgets."""

from tcpipserver.hub.effects import Forget, Remember
from tcpipserver.hub.keyring import Keyring
from tcpipserver.hub.people import Credentials, KnownKey
from tests.support.hubs import WALL, key

ALICE, BOB, CAROL = key(1), key(2), key(3)


def keyring(most_passing: int = 100) -> Keyring:
    return Keyring(most_passing)


def test_a_key_is_remembered_with_who_it_was_and_when() -> None:
    """First and last; what he calls himself now takes the place of what he did before."""
    ring = keyring()
    first = KnownKey(ALICE, "Alice", "vm", first_seen=WALL, last_seen=WALL)
    assert ring.see(ALICE, Credentials("Alice", "vm"), WALL) == [Remember(first)]
    later = KnownKey(ALICE, "Al", "pc", first_seen=WALL, last_seen=WALL + 9)
    assert ring.see(ALICE, Credentials("Al", "pc"), WALL + 9) == [Remember(later)]
    assert ring.maybe_known(ALICE) == later
    assert ring.maybe_known(BOB) is None


def test_one_who_goes_leaves_the_name_of_his_other_session() -> None:
    """Only when he was last here changes; of a key that was forgotten nothing is remembered again."""
    ring = keyring()
    ring.see(ALICE, Credentials("Alice"), WALL)
    ring.see(ALICE, Credentials("Al"), WALL)
    assert ring.leave(ALICE, WALL + 9) == [Remember(KnownKey(ALICE, "Al", "", WALL, WALL + 9))]
    assert ring.leave(BOB, WALL) == []


def test_what_has_not_changed_is_not_stored_again() -> None:
    """The store has it already."""
    ring = keyring()
    ring.see(ALICE, Credentials("Alice"), WALL)
    assert ring.see(ALICE, Credentials("Alice"), WALL) == []
    ring.admit(ALICE)
    assert ring.admit(ALICE) == []
    assert ring.unban(ALICE) == []
    assert ring.unban(BOB) == []


def test_an_admitted_key_stays_admitted() -> None:
    """Whatever it calls itself; it may be admitted before it was ever here."""
    ring = keyring()
    assert ring.admit(ALICE) == [Remember(KnownKey(ALICE, is_admitted=True))]
    ring.see(ALICE, Credentials("Alice"), WALL)
    assert ring.is_admitted(ALICE)
    assert ring.maybe_known(ALICE) == KnownKey(ALICE, "Alice", "", WALL, WALL, is_admitted=True)
    assert not ring.is_admitted(BOB)


def test_a_ban_is_kept_with_its_reason_and_can_be_taken_back() -> None:
    """Whoever had been admitted is so again."""
    ring = keyring()
    ring.admit(ALICE)
    assert ring.ban(ALICE, "too loud") == [Remember(KnownKey(ALICE, is_admitted=True, banned_for="too loud"))]
    ring.ban(BOB, "")
    ring.see(CAROL, Credentials("Carol"), WALL)
    assert [known.key for known in ring.banned()] == [ALICE, BOB]
    assert {known.key for known in ring.known()} == {ALICE, BOB, CAROL}
    assert ring.unban(ALICE) == [Remember(KnownKey(ALICE, is_admitted=True))]
    assert [known.key for known in ring.banned()] == [BOB]
    assert ring.is_admitted(ALICE)


def test_keys_without_end_do_not_fill_the_memory() -> None:
    """The one that was not seen for longest is forgotten, in the store too; those of whom the operator knows never."""
    ring = keyring(most_passing=2)
    ring.ban(key(10), "")
    ring.admit(key(11))
    ring.see(ALICE, Credentials("Alice"), WALL)
    ring.see(BOB, Credentials("Bob"), WALL + 1)
    ring.see(ALICE, Credentials("Alice"), WALL + 2)
    assert ring.see(CAROL, Credentials("Carol"), WALL + 3)[1:] == [Forget(BOB)]
    assert ring.maybe_known(BOB) is None
    for known in (ALICE, CAROL, key(10), key(11)):
        assert ring.maybe_known(known) is not None


def test_an_unbanned_key_is_one_of_many_again() -> None:
    """It may push another out."""
    ring = keyring(most_passing=1)
    ring.ban(ALICE, "")
    ring.see(BOB, Credentials("Bob"), WALL)
    assert ring.unban(ALICE) == [Remember(KnownKey(ALICE)), Forget(BOB)]


def test_what_was_stored_is_remembered_after_a_start() -> None:
    """In the order in which they were last seen, whatever order the store has; too many are forgotten there as well."""
    ring = keyring(most_passing=1)
    stored = (
        KnownKey(ALICE, "Alice", last_seen=WALL + 1),
        KnownKey(BOB, "Bob", last_seen=WALL),
        KnownKey(CAROL, "Carol", is_admitted=True),
    )
    assert ring.load(stored) == [Forget(BOB)]
    assert ring.maybe_known(ALICE) == stored[0]
    assert ring.is_admitted(CAROL)
