"""The proof that both ends of the operator's line have read the same key."""

import pytest

from tcpipserver.control.authkey import (
    KEY_SIZE,
    LARGEST_GREETING,
    NONCE_SIZE,
    PROOF_SIZE,
    IntruderError,
    caller_greeting,
    check_hub,
    hub_answer,
)

KEY, OTHER_KEY = bytes(KEY_SIZE), b"x" * KEY_SIZE
HUBS, CALLERS = b"h" * NONCE_SIZE, b"c" * NONCE_SIZE


def test_two_who_have_read_the_key_believe_each_other() -> None:
    """Each has to see the other's proof; no message is longer than the bound."""
    greeting = caller_greeting(KEY, HUBS, CALLERS)
    answer = hub_answer(KEY, HUBS, greeting)
    check_hub(KEY, HUBS, CALLERS, answer)
    assert len(greeting) == LARGEST_GREETING
    assert len(answer) == PROOF_SIZE
    assert KEY not in greeting + answer


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"x",
        bytes(LARGEST_GREETING),
        CALLERS,
        caller_greeting(OTHER_KEY, HUBS, CALLERS),
        caller_greeting(KEY, CALLERS, CALLERS),
        caller_greeting(KEY, HUBS, CALLERS)[:-1],
        b"d" * NONCE_SIZE + caller_greeting(KEY, HUBS, CALLERS)[NONCE_SIZE:],
    ],
    ids=range(8),
)
def test_a_caller_who_has_not_read_it_is_an_intruder(greeting: bytes) -> None:
    """No proof, one by another key, one for another connection, one that was cut or changed."""
    with pytest.raises(IntruderError):
        hub_answer(KEY, HUBS, greeting)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        bytes(PROOF_SIZE),
        hub_answer(KEY, HUBS, caller_greeting(KEY, HUBS, b"d" * NONCE_SIZE)),
        caller_greeting(KEY, HUBS, CALLERS)[NONCE_SIZE:],
    ],
    ids=range(4),
)
def test_a_hub_that_has_not_read_it_is_an_intruder(answer: bytes) -> None:
    """Nor can it send the caller's own proof back to him."""
    with pytest.raises(IntruderError):
        check_hub(KEY, HUBS, CALLERS, answer)


@pytest.mark.parametrize("nonce", [b"", b"short", bytes(NONCE_SIZE + 1)])
def test_nothing_is_proved_to_what_is_no_nonce(nonce: bytes) -> None:
    """A false hub learns nothing that it could use."""
    with pytest.raises(IntruderError):
        caller_greeting(KEY, nonce, CALLERS)
