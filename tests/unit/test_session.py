"""What sessions on both wires have in common.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.packet import Layout
from commonlib.exceptions import FieldError
from tcpipclient.core import events
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import NotConnectedError, UnknownPersonError
from tcpipclient.core.receipts import MOST_WAITING
from tcpipclient.core.session import Session
from tests.support import hub_packets, modern_sessions
from tests.support.clock import NOW
from tests.support.sessions import registered_session


@pytest.fixture(params=["classic", "modern"])
def session(request: pytest.FixtureRequest) -> Session:
    """One of each, registered, with Bob (2) on its roster."""
    if request.param == "modern":
        return modern_sessions.modern_session(modern_sessions.BOB)
    return registered_session(hub_packets.person(2, "Bob"))


def test_recipients_are_those_who_are_there(session: Session) -> None:
    """People, oneself and the hub; a file goes to people alone."""
    session.check_recipients((2, 1, 0))
    with pytest.raises(UnknownPersonError):
        session.check_recipients((2, 3))
    for nobody in (0, 3):
        with pytest.raises(UnknownPersonError):
            session.offer_file(1, nobody, "a.txt", 1)


def test_a_text_to_one_who_has_left_is_told_as_not_delivered(session: Session) -> None:
    """Nothing goes out for him; the others get theirs."""
    session.send_text(1, "hello", (3, 2))
    assert session.data_to_send()
    (told,) = session.receive_tick(NOW)
    assert isinstance(told, events.TextNotDelivered)
    assert (told.text, told.recipient) == (1, 3)


def test_one_who_confirms_nothing_does_not_fill_the_memory(session: Session) -> None:
    """The oldest text that waits for him is told as not delivered."""
    for number in range(1, MOST_WAITING + 2):
        session.send_text(number, "x", (2,))
    (told,) = session.receive_tick(NOW)
    assert isinstance(told, events.TextNotDelivered)
    assert told.text == 1


def test_whatever_ends_a_session_is_told_last_and_once(session: Session) -> None:
    """Behind all that came to nothing by it."""
    session.send_text(1, "x", (2,))
    session.offer_file(2, 2, "a.txt", 1)
    told = session.receive_unreadable()
    assert [type(event) for event in told] == [events.FileNotSent, events.TextNotDelivered, events.ConnectionLost]
    assert isinstance(told[-1], events.ConnectionLost)
    assert told[-1].loss is Loss.NOT_UNDERSTOOD
    assert session.fail(Loss.DEFECT, "Again.") == session.receive_eof() == session.receive_tick(NOW) == []
    assert session.data_to_send() == b""
    with pytest.raises(NotConnectedError):
        session.send_text(3, "x", (2,))


def test_own_commands_have_one_of_two_layouts(session: Session) -> None:
    """And a number of their own."""
    session.add_command(99, Layout.BIG_STRING)
    for number, layout in ((16, Layout.DATA), (99, Layout.FILE_START)):
        with pytest.raises(FieldError):
            session.add_command(number, layout)
