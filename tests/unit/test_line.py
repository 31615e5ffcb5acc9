"""line: messages wait in their order, pauses are of two ends, and somebody quiet lets hear of himself."""

from commonlib.transfer.events import PeerPaused, PeerResumed
from commonlib.transfer.line import Line
from commonlib.transfer.messages import Pause, Ping, Progress, Resume, encode_message
from commonlib.transfer.pulse import PING_SECONDS, SILENCE_SECONDS


def test_messages_leave_together_in_their_order() -> None:
    """And once."""
    line = Line()
    line.say(Progress(received=1))
    line.say(Progress(received=2))
    expected = encode_message(Progress(received=1)) + encode_message(Progress(received=2))
    assert line.waiting == len(expected)
    assert line.take_messages() == expected
    assert line.waiting == 0
    assert line.take_messages() == b""


def test_both_ends_have_to_go_on() -> None:
    """A pause holds until its own end; pausing twice is said once."""
    line = Line()
    line.pause()
    line.pause()
    assert line.receive(Pause()) == PeerPaused()
    line.resume()
    line.resume()
    assert line.is_paused
    assert line.receive(Resume()) == PeerResumed()
    assert not line.is_paused
    assert line.take_messages() == encode_message(Pause()) + encode_message(Resume())


def test_a_quiet_line_pings_and_tells_of_silence() -> None:
    """Whoever sends often enough does not ping; silence is about what is heard."""
    line = Line()
    assert not line.is_silent(0.0)
    assert not line.is_silent(PING_SECONDS)
    assert line.take_messages() == encode_message(Ping())
    assert not line.is_silent(PING_SECONDS + 1)
    assert line.take_messages() == b""
    assert line.is_silent(SILENCE_SECONDS)
    line.pulse.hear()
    assert not line.is_silent(SILENCE_SECONDS + 1)
