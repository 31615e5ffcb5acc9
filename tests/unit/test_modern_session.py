"""The client's session on the modern wire: how it begins and ends, who is there, and what keeps it alive.

Thread: pytest's main thread.
"""

from dataclasses import replace

import pytest

from commonlib.exceptions import FieldError
from commonlib.ticks import ticks_from_unix
from commonlib.wire import messages
from commonlib.wire.frames import Frame, FrameType
from commonlib.wire.reasons import ClosingReason
from commonlib.wire.schema import Message
from tcpipclient.core import events
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import NotConnectedError
from tcpipclient.core.modern_session import QUIET_SECONDS, SILENCE_SECONDS
from tcpipclient.core.order import State
from tcpipclient.core.roster import MOST_PEOPLE, Roster
from tests.support.clock import NOW, WALL
from tests.support.modern_sessions import (
    BOB,
    BOBS_KEY,
    EVE,
    HUB_KEY,
    VERSION,
    arrived_session,
    frame,
    modern_session,
    receive,
    said,
)


def people(*there: messages.Person) -> Frame:
    """A frame of the roster."""
    return frame(messages.People(people=list(there)))


def test_we_are_in_when_the_roster_is_complete() -> None:
    """Not before; then everybody is known, and who the hub is, and what it calls us."""
    session = arrived_session(hub_name="Office", name="Ann B.", session=2)
    assert receive(session, people(BOB), people(EVE)) == []
    assert session.state is State.INTRODUCED
    (registered,) = receive(session, frame(messages.RosterComplete()))
    assert isinstance(registered, events.Registered)
    assert (registered.own_id, registered.version, registered.name, registered.session) == (1, VERSION, "Ann B.", 2)
    assert (registered.hub_key, registered.is_encrypted, registered.hub_name) == (HUB_KEY, True, "Office")
    assert session.hub_name == "Office"
    assert [(person.name, person.key, person.is_encrypted) for person in registered.people] == [
        ("Bob", BOBS_KEY, True),
        ("Eve", None, False),
    ]


def test_a_clock_that_differs_is_told_once_behind_registered() -> None:
    """That of the greeting, and those of later pings."""
    session = arrived_session(clock=ticks_from_unix(WALL + 1000))
    told = receive(session, frame(messages.RosterComplete()))
    assert told[1:] == [events.ClockDiffered(1000.0)]
    assert receive(session, frame(messages.Ping(clock=ticks_from_unix(WALL + 2000)))) == []


@pytest.mark.parametrize(
    "message",
    [
        messages.Text(number=1, text="early"),
        messages.Command(number=99),
        messages.Welcome(own_id=9, version=VERSION),
        messages.Refused(reason=6),
    ],
)
def test_before_we_are_in_talk_is_passed_over(message: Message) -> None:
    """And nothing of it is answered; the arrival's own frames are over."""
    session = arrived_session()
    receive(session, frame(message, sender=2))
    assert session.data_to_send() == b""
    _, ignored = receive(session, frame(messages.RosterComplete()))
    assert isinstance(ignored, events.PacketIgnored)
    assert session.own_id == 1


def test_people_join_change_and_leave() -> None:
    """Several in one frame; what is nothing new is not told, and nobody is told of ourselves."""
    session = modern_session(BOB)
    loud = messages.Person(id=2, name="BOB", key=BOBS_KEY)
    told = receive(session, people(loud, EVE, messages.Person(id=1, name="Ann"), EVE))
    assert [type(event) for event in told] == [events.PersonChanged, events.PersonJoined]
    told = receive(session, frame(messages.PeopleLeft(ids=[2, 3, 77])))
    assert [event.person.name for event in told if isinstance(event, events.PersonLeft)] == ["BOB", "Eve"]
    assert session.roster.snapshot() == ()


def test_ids_may_need_more_than_16_bits() -> None:
    """For people and for ourselves."""
    far = messages.Person(id=0xFFFF_FFFF, name="Far", key=BOBS_KEY)
    session = modern_session(far, own_id=70_000)
    session.send_text(1, "hello", (0xFFFF_FFFF,))
    assert said(session) == [(0xFFFF_FFFF, messages.Text(number=1, text="hello"))]


def test_the_roster_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom there is no room for is passed over; who is there may still change."""
    session = modern_session(BOB)
    assert not Roster().is_full
    assert MOST_PEOPLE > 0xFFFF
    monkeypatch.setattr("tcpipclient.core.roster.MOST_PEOPLE", 1)
    told = receive(session, people(EVE, messages.Person(id=2, name="Bobby")))
    assert [type(event) for event in told] == [events.PacketIgnored, events.PersonChanged]
    assert [person.name for person in session.roster.snapshot()] == ["Bobby"]


def test_pings_of_the_hub_are_answered_with_their_own_clock() -> None:
    """Those of others are not."""
    session = modern_session(BOB)
    receive(session, frame(messages.Ping(clock=77)), frame(messages.Ping(clock=78), sender=2))
    assert said(session) == [(0, messages.Pong(clock=77))]


def test_a_quiet_hub_is_asked_and_its_answer_measured() -> None:
    """After 15 seconds without a word, not before, and not again at once; the answer must carry the same clock."""
    session = modern_session()
    assert session.receive_tick(NOW + QUIET_SECONDS - 0.1) == []
    assert session.data_to_send() == b""
    session.receive_tick(NOW + QUIET_SECONDS)
    session.receive_tick(NOW + QUIET_SECONDS + 1)
    ((_, ping),) = said(session)
    assert ping == messages.Ping(clock=ticks_from_unix(WALL + QUIET_SECONDS))
    pong = frame(messages.Pong(clock=ticks_from_unix(WALL + QUIET_SECONDS)))
    wrong = frame(messages.Pong(clock=5))
    assert session.latency is None
    told = receive(session, wrong, pong, pong, now=NOW + QUIET_SECONDS + 0.25)
    assert told == [events.LatencyMeasured(0.25)]
    assert session.latency == 0.25


def test_a_hub_that_talks_is_not_asked() -> None:
    """Every frame is a sign of life."""
    session = modern_session()
    receive(session, people(BOB), now=NOW + 10)
    session.receive_tick(NOW + QUIET_SECONDS + 9)
    assert session.data_to_send() == b""


@pytest.mark.parametrize("is_in", [True, False])
def test_a_hub_silent_for_45_seconds_is_given_up(is_in: bool) -> None:
    """Asked twice by then; also while we wait for the roster."""
    session = modern_session() if is_in else arrived_session()
    for second in range(int(SILENCE_SECONDS)):
        assert session.receive_tick(NOW + second) == []
    assert len(said(session)) == 2
    (lost,) = session.receive_tick(NOW + SILENCE_SECONDS)
    assert isinstance(lost, events.ConnectionLost)
    assert lost.loss is Loss.SILENT


@pytest.mark.parametrize(
    ("reason", "loss"),
    [
        (ClosingReason.STOPPING, Loss.HUB_EXITED),
        (ClosingReason.KICKED, Loss.KICKED),
        (ClosingReason.BANNED, Loss.BANNED),
        (ClosingReason.SILENT, Loss.SILENT),
        (ClosingReason.PROTOCOL, Loss.NOT_UNDERSTOOD),
        (60_000, Loss.CLOSED),
    ],
)
def test_the_hub_says_why_it_ends_the_connection(reason: int, loss: Loss) -> None:
    """What the operator wrote is in the sentence; nothing that comes behind it is believed."""
    session = modern_session(BOB)
    closing = frame(messages.Closing(reason=reason, text="mind your language"))
    told = receive(session, closing, frame(messages.Text(number=1, text="late"), sender=2))
    assert isinstance(told[-1], events.ConnectionLost)
    assert told[-1].loss is loss
    assert "mind your language" in told[-1].reason
    assert [type(event) for event in told[:-1]] == ([events.HubExited] if loss is Loss.HUB_EXITED else [])
    assert session.has_ended()


def test_nobody_but_the_hub_ends_our_connection() -> None:
    """A Closing that names another sender is passed over."""
    session = modern_session(BOB)
    told = receive(session, frame(messages.Closing(reason=ClosingReason.KICKED), sender=2))
    assert [type(event) for event in told] == [events.PacketIgnored]
    assert not session.has_ended()


@pytest.mark.parametrize(
    "came",
    [
        Frame(999, 0, 0, b""),
        Frame(FrameType.TEXT, 1, 2, b"\xff"),
        Frame(FrameType.PEOPLE, 1, 0, b"\x81\xa6people\x07"),
        Frame(FrameType.CLASSIC_PACKETS, 1, 2, b"x" * 1023),
    ],
)
def test_what_cannot_be_read_is_passed_over(came: Frame) -> None:
    """Unknown kinds and wrong bodies; what follows is heard."""
    session = modern_session(BOB)
    told = receive(session, came, frame(messages.Text(number=1, text="hello"), sender=2))
    assert [type(event) for event in told] == [events.PacketIgnored, events.TextArrived]


def test_a_new_profile_is_told_in_full_unicode() -> None:
    """It takes the place of the one before."""
    session = modern_session()
    session.update_profile(replace(session.profile, name="Άννα 🎈", colour=0xFF, status=3, status_since=WALL))
    ((to, profile),) = said(session)
    assert to == 0
    assert profile == messages.Profile(
        name="Άννα 🎈", computer="desk", program="9.9", colour=0xFF, status=3, status_ticks=ticks_from_unix(WALL)
    )
    assert session.profile.name == "Άννα 🎈"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "n" * 65}, {"colour": 1 << 32}, {"name": "\ud800"}])
def test_a_profile_that_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    """Here, and not by the hub."""
    session = modern_session()
    with pytest.raises(FieldError):
        session.update_profile(replace(session.profile, **wrong))  # type: ignore[arg-type]
    assert session.data_to_send() == b""


def test_leaving_says_closing_and_is_no_loss() -> None:
    """Nothing goes out after it, what still comes is heard, and the end is not told as a loss."""
    session = modern_session(BOB)
    session.send_text(5, "last words", (2,))
    session.leave()
    assert said(session)[-1] == (0, messages.Closing(reason=ClosingReason.LEAVING))
    told = receive(session, frame(messages.Receipt(number=5), sender=2), frame(messages.Ping(clock=0)))
    assert told == [events.TextDelivered(5, 2)]
    assert session.data_to_send() == b""
    assert session.receive_eof() == []


def test_before_we_are_in_nothing_can_be_sent() -> None:
    """Each command says so."""
    session = arrived_session()
    for command in (
        lambda: session.send_text(1, "x", (0,)),
        lambda: session.send_payload(99, b"", (0,)),
        lambda: session.update_profile(session.profile),
        lambda: session.offer_file(1, 2, "a", 1),
    ):
        with pytest.raises(NotConnectedError):
            command()


def test_latencies_are_asked_for_in_frames_and_told() -> None:
    """500 in one frame; the hub's own answer is measured along with it; who is not there is left out."""
    session = modern_session(BOB, EVE)
    session.ask_latencies(range(2, 503), NOW)
    (ping, first, second) = (message for _, message in said(session))
    assert isinstance(ping, messages.Ping)
    assert (first, second) == (
        messages.LatenciesAsked(ids=list(range(2, 502))),
        messages.LatenciesAsked(ids=[502]),
    )
    told = receive(session, frame(messages.Latencies(latencies=[(2, 1500), (77, 5)])))
    assert told == [events.LatenciesTold({2: 0.0015})]
    assert receive(session, frame(messages.Pong(clock=ping.clock)), now=NOW + 0.5) == [events.LatencyMeasured(0.5)]


def test_while_the_hub_owes_an_answer_it_is_not_asked_again_for_it() -> None:
    """Before 15 seconds have passed; and latencies are the hub's alone to tell."""
    session = modern_session(BOB)
    for seconds in (0.0, 1.0, 2.0, 16.0):
        session.ask_latencies((2,), NOW + seconds)
    assert [type(message).__name__ for _, message in said(session)].count("Ping") == 2
    (told,) = receive(session, frame(messages.Latencies(latencies=[(2, 1)]), sender=2))
    assert isinstance(told, events.PacketIgnored)


def test_latencies_are_not_asked_for_without_a_connection() -> None:
    """Whoever asks is told so."""
    with pytest.raises(NotConnectedError):
        arrived_session().ask_latencies((2,), NOW)
