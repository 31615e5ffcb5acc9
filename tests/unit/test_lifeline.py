"""lifeline: messages wait in their order, pauses are of two ends, and somebody quiet lets hear of himself."""

from commonlib.transfer.events import PeerPaused, PeerResumed
from commonlib.transfer.lifeline import Lifeline
from commonlib.transfer.messages import Pause, Ping, Progress, Resume, encode_message
from commonlib.transfer.pulse import PING_SECONDS, SILENCE_SECONDS


def test_messages_leave_together_in_their_order() -> None:
    """And once."""
    lifeline = Lifeline()
    lifeline.say(Progress(received=1))
    lifeline.say(Progress(received=2))
    expected = encode_message(Progress(received=1)) + encode_message(Progress(received=2))
    assert lifeline.waiting == len(expected)
    assert lifeline.take_messages() == expected
    assert lifeline.waiting == 0
    assert lifeline.take_messages() == b""


def test_both_ends_have_to_go_on() -> None:
    """A pause holds until its own end; pausing twice is said once."""
    lifeline = Lifeline()
    lifeline.pause()
    lifeline.pause()
    assert lifeline.receive(Pause()) == PeerPaused()
    lifeline.resume()
    lifeline.resume()
    assert lifeline.is_paused
    assert lifeline.receive(Resume()) == PeerResumed()
    assert not lifeline.is_paused
    assert lifeline.take_messages() == encode_message(Pause()) + encode_message(Resume())


def test_a_quiet_line_pings_and_tells_of_silence() -> None:
    """Whoever sends often enough does not ping; silence is about what is heard."""
    lifeline = Lifeline()
    assert not lifeline.is_silent(0.0)
    assert not lifeline.is_silent(PING_SECONDS)
    assert lifeline.take_messages() == encode_message(Ping())
    assert not lifeline.is_silent(PING_SECONDS + 1)
    assert lifeline.take_messages() == b""
    assert lifeline.is_silent(SILENCE_SECONDS)
    lifeline.pulse.hear()
    assert not lifeline.is_silent(SILENCE_SECONDS + 1)
