"""Asking a hub from outside: what each way to fail means to the one who asks.

Threads: pytest's main thread, and one that plays a false hub.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tcpipserver.control import requests
from tcpipserver.control.answers import AnswerError, Clients, Done, Refused, encode_answer
from tcpipserver.control.asking import FalseHubError, RefusedError, ask
from tcpipserver.control.authkey import LARGEST_GREETING, NONCE_SIZE, PROOF_SIZE, hub_answer
from tcpipserver.control.channel import Channel, ChannelError, ChannelTimedOutError
from tcpipserver.control.endpoint import open_endpoint
from tcpipserver.control.place import Contact, NoHubError, NotAllowedError, private_folder, socket_paths, write_contact
from tcpipserver.control.requests import LARGEST_REQUEST, RequestError, decode_request
from tests.support.operators import ANN, OLD, SECONDS, STATUS

KEY = bytes(range(32))
NONCE = bytes(NONCE_SIZE)
MOMENT = 0.1
Play = Callable[[Channel], object]


def soon() -> float:
    """A deadline that is never reached where all is well."""
    return time.monotonic() + SECONDS


@contextmanager
def hub_that(data_dir: Path, play: Play) -> Iterator[None]:
    """Something in a hub's place, which does this with one caller."""
    folder = private_folder(data_dir)
    endpoint = open_endpoint(socket_paths(folder, os.environ))
    write_contact(folder, Contact(address=endpoint.address, key=KEY))
    is_over = threading.Event()

    def run() -> None:
        channel = endpoint.accept()
        if channel is not None:
            with closing(channel):
                try:
                    play(channel)
                except ChannelError:
                    return  # The caller has had enough.
                if play is say_nothing:
                    is_over.wait(SECONDS)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        endpoint.wake()
        thread.join(SECONDS)
        endpoint.close()


def say_nothing(_: Channel) -> None:
    """A hub that hangs."""


def answering(*messages: bytes) -> Play:
    """A hub that proves itself, takes the request and answers with these."""

    def play(channel: Channel) -> None:
        channel.send(NONCE, soon())
        channel.send(hub_answer(KEY, NONCE, channel.receive(LARGEST_GREETING, soon())), soon())
        decode_request(channel.receive(LARGEST_REQUEST, soon()))
        for message in messages:
            channel.send(message, soon())

    return play


def test_all_parts_of_an_answer_are_waited_for(tmp_path: Path) -> None:
    """Up to the last one."""
    answers = [Clients(clients=(ANN,)), Clients(clients=(OLD,)), Done()]
    with hub_that(tmp_path, answering(*map(encode_answer, answers))):
        assert ask(tmp_path, requests.ClientsAsked(), SECONDS) == answers


def test_what_is_refused_is_told_in_the_hubs_words(tmp_path: Path) -> None:
    """They say what to do."""
    with (
        hub_that(tmp_path, answering(encode_answer(Refused(sentence="Try later.")))),
        pytest.raises(RefusedError, match=r"^Try later\.$"),
    ):
        ask(tmp_path, requests.StatusAsked(), SECONDS)


def test_what_cannot_be_asked_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """There need not even be a hub."""
    with pytest.raises(RequestError):
        ask(tmp_path, requests.Kick(who=""), SECONDS)


def test_without_a_hub_it_is_told_at_once(tmp_path: Path) -> None:
    """There never was one, or it was killed and its contact is still there."""
    with pytest.raises(NoHubError):
        ask(tmp_path, requests.StatusAsked(), SECONDS)
    write_contact(private_folder(tmp_path), Contact(address=str(tmp_path / "control" / "socket"), key=KEY))
    with pytest.raises(NoHubError):
        ask(tmp_path, requests.StatusAsked(), SECONDS)


@pytest.mark.skipif(os.name == "nt", reason="Windows has named pipes instead")
def test_the_hub_of_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system does not let us connect."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    write_contact(private_folder(tmp_path), Contact(address=str(tmp_path / "socket"), key=KEY))
    with pytest.raises(NotAllowedError):
        ask(tmp_path, requests.StatusAsked(), SECONDS)


def test_a_hub_that_hangs_is_not_waited_for_longer_than_asked(tmp_path: Path) -> None:
    """Before its proof, and behind its answer to a stop."""
    with hub_that(tmp_path, say_nothing), pytest.raises(ChannelTimedOutError):
        ask(tmp_path, requests.StatusAsked(), MOMENT)

    def hang(channel: Channel) -> None:
        answering(encode_answer(Done()))(channel)
        channel.receive(1, soon())

    with hub_that(tmp_path, hang), pytest.raises(ChannelTimedOutError):
        ask(tmp_path, requests.Stop(), MOMENT)


def test_a_stop_is_over_when_the_connection_is(tmp_path: Path) -> None:
    """However it ends."""
    with hub_that(tmp_path, answering(encode_answer(Done()))):
        assert ask(tmp_path, requests.Stop(), SECONDS) == [Done()]


def test_nothing_is_asked_of_a_false_hub(tmp_path: Path) -> None:
    """One that has not read the key gets no request, nor does one that sends something else than a nonce."""
    asked: list[bytes] = []

    def lie(channel: Channel) -> None:
        channel.send(NONCE, soon())
        channel.receive(LARGEST_GREETING, soon())
        channel.send(bytes(PROOF_SIZE), soon())
        asked.append(channel.receive(LARGEST_REQUEST, soon()))

    for play in (lie, lambda channel: channel.send(b"hello", soon())):
        with hub_that(tmp_path, play), pytest.raises(FalseHubError, match="start the hub again"):
            ask(tmp_path, requests.Kick(who="Ann"), SECONDS)
    assert not asked


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ([], ChannelError),
        ([encode_answer(STATUS)], ChannelError),
        ([b"\xc1"], AnswerError),
        ([b""], AnswerError),
        ([bytes(1 << 20)], AnswerError),
        ([bytes((1 << 20) + 1)], ChannelError),
    ],
    ids=range(6),
)
def test_a_hub_that_breaks_off_or_makes_no_sense_is_told(
    tmp_path: Path, messages: list[bytes], error: type[Exception]
) -> None:
    """The end before the answer is complete, garbage, too much."""
    with hub_that(tmp_path, answering(*messages)), pytest.raises(error) as caught:
        ask(tmp_path, requests.StatusAsked(), SECONDS)
    assert type(caught.value) is error
