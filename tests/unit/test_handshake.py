"""What both ends of an arrival have in common: any division of the bytes, and nothing after a fault."""

import pytest

from commonlib.exceptions import ProtocolError
from commonlib.wire.handshake import HandshakeError, nonce_in, wrong_time
from commonlib.wire.hub_handshake import CodeTried, Proved
from commonlib.wire.messages import Ping
from tests.support.handshakes import GREETING, NONCE, Meeting, new_client, new_hub
from tests.support.join_codes import CODE, entropy_of
from tests.support.tls_pairs import bytewise


def test_an_arrival_works_byte_by_byte() -> None:
    """From the first byte of TLS to the join code, at both ends."""
    meeting = Meeting(divide=bytewise)
    meeting.proved()
    meeting.hub.ask_code(CODE, entropy_of("hub"))
    meeting.run()
    assert [type(event) for event in meeting.hub_events] == [Proved, CodeTried]


def test_after_a_fault_nothing_is_taken_and_nothing_happens() -> None:
    """Whatever comes then, from either side."""
    for end in (new_hub(), new_client()):
        with pytest.raises(ProtocolError):
            end.receive_data(b"\x15\x03\x03\x00\x02\x02\x28 and so on")
        end.receive_data(b"\x16")
        end.receive_eof()
        assert end.events_received() == []


def test_two_clients_do_not_make_an_arrival() -> None:
    """Nor do two hubs, who both wait."""
    with pytest.raises(ProtocolError):
        new_client().receive_data(new_client().data_to_send())
    assert new_hub().data_to_send() == b""


def test_a_hub_that_is_still_deciding_says_nothing() -> None:
    """So that what it says first is its decision."""
    meeting = Meeting()
    meeting.proved()
    assert meeting.hub.data_to_send() == b""
    assert meeting.hub.events_received() == []


def test_the_nonce_is_that_of_the_greeting() -> None:
    """The 32 bytes that the hub drew for this connection."""
    assert nonce_in(GREETING) == NONCE


def test_a_message_at_the_wrong_time_is_named_by_its_kind_alone() -> None:
    """What the peer chose to say is not in the log's line."""
    error = wrong_time(Ping(clock=123456))
    assert isinstance(error, HandshakeError)
    assert "Ping" in str(error)
    assert "123456" not in str(error)
