"""The client's errors are sentences with a next step.

Thread: pytest's main thread.
"""

import pytest

from commonlib.exceptions import ChatError
from tcpipclient.core import exceptions

ERRORS = [
    exceptions.SettingError("port", "it is none; give one"),
    exceptions.NotConnectedError(),
    exceptions.AlreadyConnectedError(),
    exceptions.HubBusyError(30.0),
    exceptions.UnknownPersonError(7),
    exceptions.UnsendableFileError("a\x1b.txt", "it is a folder; pack it"),
    exceptions.ConnectError("h\x1b", 9, "no route to host"),
    exceptions.UnknownHostError("h\x1b", 9),
    exceptions.RefusedError("h\x1b", 9),
    exceptions.ConnectTimedOutError("h\x1b", 9),
    exceptions.NotAHubError("h\x1b", 9),
    exceptions.ArrivalClosedError("h\x1b", 9),
    exceptions.HubStoppingError("h\x1b", 9),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_a_sentence_that_can_be_shown(error: ChatError) -> None:
    """It begins with a capital or a place, ends with a full stop or question mark, and no control character passes."""
    sentence = str(error)
    assert sentence.endswith((".", "?"))
    assert len(sentence.split()) >= 8
    assert "\x1b" not in sentence


@pytest.mark.parametrize("error", ERRORS[6:], ids=lambda error: type(error).__name__)
def test_connect_errors_say_where(error: exceptions.ConnectError) -> None:
    """All of them are ConnectErrors, with the host and port that were asked for."""
    assert isinstance(error, exceptions.ConnectError)
    assert (error.host, error.port) == ("h\x1b", 9)
    assert "h\\x1b" in str(error)
