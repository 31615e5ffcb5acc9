"""What a search does where things go wrong: somebody else answers, nobody does, or nobody wants it any more.

TCP and TLS are real, on loopback; the time is the test's.
"""

from commonlib.wire.preface import PrefaceReader
from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.batch_events import WayKind
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.peer.search import DIRECT_SECONDS
from tests.support.clock import FakeClock
from tests.support.peer_ways import Side, two_sides
from tests.support.small_relay import running_relay
from tests.support.strangers import answering
from tests.support.tls_pairs import identity_of

TRANSFER, TOKEN = b"t" * 16, b"k" * 32


def opened(port: int, addresses: tuple[str, ...] = ("127.0.0.1",), role: Role = Role.SENDER) -> WayOpened:
    """The introduction to a receiver at a port."""
    peer_key = identity_of("receiver").fingerprint
    return WayOpened(
        transfer=TRANSFER, role=role, peer=2, peer_key=peer_key, token=TOKEN, port=port, addresses=addresses
    )


def test_nothing_is_said_to_somebody_else_who_answers() -> None:
    """Neither the token nor our key: he has another key than the hub has told of."""
    with answering("stranger") as stranger, Side("sender", FakeClock(), rule=WayRule.DIRECT) as sender:
        sender.ways.open(opened(stranger.port))
        assert "No direct connection" in sender.failure()
        assert stranger.heard() == b""


def test_the_right_one_is_told_who_we_are_and_for_which_way() -> None:
    """By the preface, and nothing else."""
    with answering("receiver") as receiver, Side("sender", FakeClock(), rule=WayRule.DIRECT) as sender:
        sender.ways.open(opened(receiver.port))
        sender.link().close()
        reader, heard = PrefaceReader(), receiver.heard()
        preface = None
        while preface is None:
            step, heard = heard[: reader.wanted], heard[reader.wanted :]
            preface = reader.receive_data(step)
        assert heard == b""
        preface.check(TOKEN, identity_of("receiver").fingerprint, sender.fingerprint)


def test_one_who_takes_connections_and_is_silent_is_given_a_second() -> None:
    """Then it goes through the hub, and the attempt is closed."""
    with answering(None) as silent, running_relay() as relay, two_sides(relay=relay) as two:
        two.introduce(receiver_port=silent.port)
        assert silent.wait_for_connection()
        two.advance(DIRECT_SECONDS)
        assert two.links()[0].way is WayKind.HUB
        assert silent.heard() != b""  # The beginning of TLS, and then the end.
