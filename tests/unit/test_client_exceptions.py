"""The client's errors are sentences with a next step.

Thread: pytest's main thread.
"""

import pytest

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, key_code
from tcpipclient.core import exceptions
from tcpipclient.core.trusting import HubIdentity

KEY, OTHER_KEY = Fingerprint(bytes(range(32))), Fingerprint(bytes(32))

ERRORS = [
    exceptions.SettingError("port", "it is none; give one"),
    exceptions.NotConnectedError(),
    exceptions.AlreadyConnectedError(),
    exceptions.HubBusyError(30.0),
    exceptions.UnknownPersonError(7),
    exceptions.PayloadError(7),
    exceptions.PayloadError(0),
    exceptions.UnsendableFileError("a\x1b.txt", "it is a folder; pack it"),
    exceptions.ConnectError("h\x1b", 9, "no route to host"),
    exceptions.UnknownHostError("h\x1b", 9),
    exceptions.RefusedError("h\x1b", 9),
    exceptions.ConnectTimedOutError("h\x1b", 9),
    exceptions.NotAHubError("h\x1b", 9),
    exceptions.ArrivalClosedError("h\x1b", 9),
    exceptions.HubStoppingError("h\x1b", 9),
    exceptions.UnknownHubError(HubIdentity("h\x1b", 9, KEY)),
    exceptions.HubChangedError("h\x1b", 9, KEY, OTHER_KEY),
    exceptions.HubChangedError("h\x1b", 9, KEY, None),
    exceptions.UnencryptedHubError("h\x1b", 9),
    exceptions.EncryptionError("h\x1b", 9, "it is broken"),
    exceptions.TurnedAwayError("h\x1b", 9, 6, "you are banned."),
    exceptions.JoinCodeNeededError("h\x1b", 9, 4, "it asks for a join code.", was_given=False),
    exceptions.FalseHubError("h\x1b", 9),
]

CONNECT_ERRORS = [error for error in ERRORS if isinstance(error, exceptions.ConnectError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_a_sentence_that_can_be_shown(error: ChatError) -> None:
    """It begins with a capital or a place, ends with a full stop or question mark, and no control character passes."""
    sentence = str(error)
    assert sentence.endswith((".", "?"))
    assert len(sentence.split()) >= 8
    assert "\x1b" not in sentence


@pytest.mark.parametrize(
    "error",
    [error for error in ERRORS if isinstance(error, exceptions.ConnectError)],
    ids=lambda error: type(error).__name__,
)
def test_connect_errors_say_where(error: exceptions.ConnectError) -> None:
    """All of them are ConnectErrors, with the host and port that were asked for."""
    assert isinstance(error, exceptions.ConnectError)
    assert (error.host, error.port) == ("h\x1b", 9)
    assert "h\\x1b" in str(error)


def test_a_changed_hub_is_told_loudly_with_both_codes_and_what_to_do() -> None:
    """Whoever reads it must see that this is no ordinary failure, and that flags of every day do not help."""
    sentence = str(exceptions.HubChangedError("hub", 9, KEY, OTHER_KEY))
    assert sentence.startswith("THIS IS NOT THE HUB THAT YOU TRUST.")
    assert key_code(KEY) in sentence
    assert key_code(OTHER_KEY) in sentence
    assert "Ask whoever runs the hub" in sentence
    assert "does not encrypt at all" in str(exceptions.HubChangedError("hub", 9, KEY, None))
