"""The client's session on the modern wire and what is said of batches: handed on, or passed over.

Thread: pytest's main thread.
"""

import pytest

from commonlib.wire.schema import Message
from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
    WayWanted,
)
from tcpipclient.core import events
from tcpipclient.core.transfers.said import SaidOfFiles
from tests.support.modern_sessions import BOB, BOBS_KEY, arrived_session, frame, modern_session, receive, said
from tests.support.simple_pumps import top, totals

NAME = bytes(16)
OFFERED = FilesOffered(transfer=NAME, totals=totals(), top=top())
ANSWERED = FilesAnswered(transfer=NAME, accepted=True)
CANCELLED = FilesCancelled(transfer=NAME)
WANTED = WayWanted(transfer=NAME, role=Role.SENDER)
OPENED = WayOpened(transfer=NAME, role=Role.SENDER, peer=2, peer_key=BOBS_KEY, token=bytes(32))
REFUSED = WayRefused(transfer=NAME)


@pytest.mark.parametrize(
    ("message", "sender"),
    [(OFFERED, 2), (ANSWERED, 2), (CANCELLED, 2), (CANCELLED, 0), (WANTED, 2), (OPENED, 0), (REFUSED, 0)],
)
def test_what_may_be_said_is_handed_on(message: Message, sender: int) -> None:
    """With who says it; it is no event for users."""
    told = receive(modern_session(BOB), frame(message, sender=sender))
    assert told == [SaidOfFiles(sender, message)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "sender"),
    [(OFFERED, 0), (ANSWERED, 0), (WANTED, 0), (OFFERED, 1), (OPENED, 2), (REFUSED, 2), (OPENED, 1)],
)
def test_nobody_speaks_in_anothers_place(message: Message, sender: int) -> None:
    """The hub offers nothing, people open no ways, and what comes back to us is not ours."""
    (told,) = receive(modern_session(BOB), frame(message, sender=sender))
    assert isinstance(told, events.PacketIgnored)


@pytest.mark.parametrize("message", [OFFERED, ANSWERED, CANCELLED, WANTED, OPENED, REFUSED])
def test_before_we_are_in_nothing_is_said_of_files(message: Message) -> None:
    """It is passed over, as all talk."""
    session = arrived_session()
    assert receive(session, frame(message, sender=2)) == []
    assert session.data_to_send() == b""


def test_we_speak_to_who_is_there() -> None:
    """To nobody else, and not once we leave."""
    session = modern_session(BOB)
    session.say_of_files(OFFERED, 2)
    session.say_of_files(CANCELLED, 77)
    assert said(session) == [(2, OFFERED)]
    session.leave()
    session.data_to_send()
    session.say_of_files(CANCELLED, 2)
    assert said(session) == []
