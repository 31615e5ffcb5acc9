"""The values in which the hub keeps its people."""

from commonlib.classic.keepalive import KeepAlive
from commonlib.identity import Fingerprint
from tcpipserver.hub.people import Credentials, Details, KnownKey, Member, Person, Wire
from tcpipserver.hub.receipts import Writer


def test_credentials_are_cut_to_what_the_wire_can_carry_on() -> None:
    """A name may come with 150 characters and leaves with 64; the computer and the version likewise."""
    assert Credentials("n" * 150, "c" * 300, "v" * 300).clamped() == Credentials("n" * 64, "c" * 64, "v" * 64)


def test_credentials_that_fit_are_kept() -> None:
    """Nothing is taken from texts of exactly the right length."""
    fitting = Credentials("n" * 64, "c" * 64, "v" * 64)
    assert fitting.clamped() == fitting
    assert fitting.presentable(7) == fitting


def test_nobody_goes_without_a_name() -> None:
    """Who gives no name, or only spaces, is called by his id: classic clients overlook people without a name."""
    assert Credentials("", "vm", "1").presentable(7) == Credentials("Client 7", "vm", "1")
    assert Credentials(" \xa0\t").presentable(65535).name == "Client 65535"
    assert Credentials(" " * 64 + "x").presentable(7).name == "Client 7"


def test_presentable_credentials_are_clamped() -> None:
    """What others are told of somebody fits, too."""
    assert Credentials("n" * 65).presentable(7).name == "n" * 64
    assert Credentials("n" * 65, "c" * 65, "v" * 65).presentable(7, longest=3) == Credentials("nnn", "ccc", "vvv")
    assert Credentials("").presentable(7, "Annabella", longest=3).name == "Ann"
    assert Credentials("n" * 99).presentable(7, longest=99).name == "n" * 64


def test_details_are_cut_to_what_the_wire_can_carry_on() -> None:
    """The alternate address is cut to 64 characters, and all else is kept."""
    details = Details("a" * 65, colour=1, status=2, listening_port=3, status_ticks=4, mask=5)
    assert details.clamped() == Details("a" * 64, colour=1, status=2, listening_port=3, status_ticks=4, mask=5)


def test_a_client_listens_where_originals_do_unless_it_says_otherwise() -> None:
    """The listening port is 9998 as long as nothing else is known."""
    assert Person(1, "192.0.2.7", Credentials("Alice")).details.listening_port == 9998


def test_whoever_proved_a_key_is_on_the_modern_wire() -> None:
    """Nobody proves anything on the classic one."""
    assert Person(1, "192.0.2.7", Credentials("Alice")).wire is Wire.CLASSIC
    assert Person(1, "192.0.2.7", Credentials("Alice"), key=Fingerprint(bytes(32))).wire is Wire.MODERN


def test_a_short_id_has_sixteen_bits() -> None:
    """Those above have no place in a classic packet."""
    assert Person(65535, "", Credentials("")).has_short_id
    assert not Person(65536, "", Credentials("")).has_short_id


def test_whoever_is_banned_for_nothing_is_banned_all_the_same() -> None:
    """The operator need not give a reason."""
    assert KnownKey(Fingerprint(bytes(32)), banned_for="").is_banned
    assert not KnownKey(Fingerprint(bytes(32))).is_banned


def test_a_member_is_remembered_by_connection_and_id() -> None:
    """Those to whom he writes know him by both."""
    member = Member(12, Person(3, "192.0.2.7", Credentials("Alice")), KeepAlive.begin(0.0), since=0.0)
    assert (member.id, member.person.name) == (3, "Alice")
    assert member.as_writer == Writer(connection=12, id=3)


def test_members_do_not_share_their_unanswered_texts() -> None:
    """What one was given waits for his receipt, not for another's."""
    one, other = (
        Member(number, Person(number, "", Credentials("")), KeepAlive.begin(0.0), since=0.0) for number in (1, 2)
    )
    one.unanswered.add(other.as_writer)
    assert (len(one.unanswered), len(other.unanswered)) == (1, 0)
