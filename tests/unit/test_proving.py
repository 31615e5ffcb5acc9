"""TLS and the preface between two ends, step by step: who is who is known before anything is said."""

import selectors
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from commonlib.wire.preface import PrefaceError, make_preface
from commonlib.wire.proof import ProofError
from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.net.peer.loop import Steps
from tcpipclient.net.peer.proving import (
    StrangerError,
    UnchosenError,
    check_preface,
    check_shown_key,
    read_first,
    read_preface,
    say_preface,
    shake_hands,
)
from tests.support.tls_pairs import any_client_context, identity_of, server_context_of

T = TypeVar("T")
TRANSFER, TOKEN, FAR = b"t" * 16, b"k" * 32, 1e9
LISTENING, CONNECTING = identity_of("receiver"), identity_of("sender")


def opened(role: Role, peer: str) -> WayOpened:
    """What the hub has told one end."""
    return WayOpened(transfer=TRANSFER, role=role, peer=2, peer_key=identity_of(peer).fingerprint, token=TOKEN)


def run(*all_steps: Steps[T]) -> list[T]:
    """Let several go on as they can, until all have returned."""
    results: dict[int, T] = {}
    while len(results) < len(all_steps):
        for number, steps in enumerate(all_steps):
            if number not in results:
                try:
                    steps.send(None)  # type: ignore[arg-type]
                except StopIteration as over:
                    results[number] = over.value
    return [results[number] for number in range(len(all_steps))]


@pytest.fixture
def ends() -> Iterator[tuple[ssl.SSLSocket, ssl.SSLSocket]]:
    """The connecting end and the one that listens, after TLS."""
    raw = socket.socketpair()
    for each in raw:
        each.setblocking(False)
    both = run(
        patient(lambda: shake_hands(raw[0], any_client_context(), FAR, server_side=False)),
        patient(lambda: shake_hands(raw[1], server_context_of("receiver"), FAR, server_side=True)),
    )
    with both[0], both[1]:
        yield both[0], both[1]


def patient(begin: Callable[[], Steps[T]]) -> Steps[T]:
    """Steps that are told that their socket is ready whenever they ask: they look again, and wait again."""
    steps = begin()
    next_told: bool | None = None
    while True:
        try:
            wait = steps.send(next_told)  # type: ignore[arg-type]
        except StopIteration as over:
            return over.value  # type: ignore[no-any-return]
        assert wait.events in (selectors.EVENT_READ, selectors.EVENT_WRITE)
        yield wait
        next_told = True


def test_the_right_preface_comes_whole_and_nothing_behind_it_is_taken(ends: tuple[ssl.SSLSocket, ...]) -> None:
    """The stream may have been sent along with it."""
    connecting, listening = ends
    check_shown_key(connecting, LISTENING.fingerprint)
    run(patient(lambda: say_preface(connecting, opened(Role.SENDER, "receiver"), CONNECTING, FAR)))
    connecting.send(b"stream")
    [preface] = run(patient(lambda: read_preface(listening, FAR)))
    check_preface(preface, opened(Role.RECEIVER, "sender"), LISTENING.fingerprint)
    assert run(patient(lambda: read_first(listening, FAR))) == [b"stream"]


def test_somebody_else_answers(ends: tuple[ssl.SSLSocket, ...]) -> None:
    """It is known by his certificate."""
    with pytest.raises(StrangerError):
        check_shown_key(ends[0], CONNECTING.fingerprint)


def test_the_other_end_closes_before_its_preface(ends: tuple[ssl.SSLSocket, ...]) -> None:
    """Then there is none."""
    ends[0].close()
    with pytest.raises(PrefaceError):
        run(patient(lambda: read_preface(ends[1], FAR)))


def test_the_other_end_has_chosen_another_connection(ends: tuple[ssl.SSLSocket, ...]) -> None:
    """It closes this one, and the stream never begins."""
    ends[0].close()
    with pytest.raises(UnchosenError):
        run(patient(lambda: read_first(ends[1], FAR)))


@pytest.mark.parametrize("server_side", [False, True])
def test_a_handshake_that_fails_leaves_nothing_open(server_side: bool) -> None:
    """What is no TLS is an OSError."""
    ours, others = socket.socketpair()
    ours.setblocking(False)
    context = server_context_of("receiver") if server_side else any_client_context()
    with others:
        others.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(OSError, match=r"."):
            run(patient(lambda: shake_hands(ours, context, FAR, server_side=server_side)))
        assert ours.fileno() == -1


@pytest.mark.parametrize(
    ("transfer", "role", "token", "signer", "error"),
    [
        (b"u" * 16, Role.SENDER, TOKEN, "sender", PrefaceError),
        (TRANSFER, Role.RECEIVER, TOKEN, "sender", PrefaceError),
        (TRANSFER, Role.SENDER, b"l" * 32, "sender", PrefaceError),
        (TRANSFER, Role.SENDER, TOKEN, "stranger", PrefaceError),
    ],
    ids=["transfer", "role", "token", "key"],
)
def test_a_preface_for_another_way_is_refused(
    transfer: bytes, role: Role, token: bytes, signer: str, error: type[Exception]
) -> None:
    """Each of what the hub has told must be right."""
    preface = make_preface(transfer, role, token, LISTENING.fingerprint, identity_of(signer))
    with pytest.raises(error):
        check_preface(preface, opened(Role.RECEIVER, "sender"), LISTENING.fingerprint)


def test_a_preface_that_was_made_for_another_listener_is_refused() -> None:
    """It cannot be passed on by whoever was connected to."""
    preface = make_preface(TRANSFER, Role.SENDER, TOKEN, identity_of("stranger").fingerprint, CONNECTING)
    with pytest.raises(ProofError):
        check_preface(preface, opened(Role.RECEIVER, "sender"), LISTENING.fingerprint)
