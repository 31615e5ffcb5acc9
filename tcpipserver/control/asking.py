"""The other end of the operator's line: asks a running hub one thing and waits for its answer.

Owns the order of what is sent, and what each failure means to the one who asked. Must never send anything to a hub that
has not proved that it is the one of the data folder. Blocks until the deadline: a command's main thread.
"""

import secrets
import time
from pathlib import Path

from commonlib.exceptions import ChatError
from tcpipserver.control.answers import LARGEST_ANSWER, Answer, Done, Refused, decode_answer
from tcpipserver.control.authkey import NONCE_SIZE, PROOF_SIZE, IntruderError, caller_greeting, check_hub
from tcpipserver.control.channel import Channel, ChannelError, ChannelTimedOutError
from tcpipserver.control.endpoint import connect
from tcpipserver.control.place import Contact, NoHubError, NotAllowedError, read_contact
from tcpipserver.control.requests import Request, Stop, encode_request


class FalseHubError(ChatError):
    """What answers has not read the key of the data folder's hub."""

    def __str__(self) -> str:
        return "What answers is not the hub of this data folder, so nothing was asked of it: start the hub again."


class RefusedError(ChatError):
    """The hub does not do it.

    Attributes:
        sentence: Why, and what to do next.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def ask(data_dir: Path, request: Request, seconds: float) -> list[Answer]:
    """What the hub of a data folder answers, up to the Done at the end.

    After Stop it returns when the hub has stopped.

    Raises:
        RequestError: This cannot be asked.
        NoHubError: No hub runs with this data folder.
        NotAllowedError: It is another user's.
        StorageError: The data folder cannot be used.
        FalseHubError: What answers is not that hub.
        RefusedError: The hub does not do it.
        ChannelTimedOutError: It took longer than so many seconds.
        ChannelError: The connection broke.
        AnswerError: The answer makes no sense.
    """
    message = encode_request(request)
    contact = read_contact(data_dir)
    deadline = time.monotonic() + seconds
    channel = _reach(data_dir, contact, deadline)
    try:
        _prove(channel, contact, deadline)
        channel.send(message, deadline)
        answers = _receive_answers(channel, deadline)
        if isinstance(request, Stop):
            _wait_for_end(channel, deadline)
        return answers
    finally:
        channel.close()


def _reach(data_dir: Path, contact: Contact, deadline: float) -> Channel:
    try:
        return connect(contact.address, deadline)
    except PermissionError:
        raise NotAllowedError(data_dir) from None
    except OSError:
        raise NoHubError(data_dir) from None  # It was killed, and could not take its contact away.


def _prove(channel: Channel, contact: Contact, deadline: float) -> None:
    own_nonce = secrets.token_bytes(NONCE_SIZE)
    hub_nonce = channel.receive(NONCE_SIZE, deadline)
    try:
        channel.send(caller_greeting(contact.key, hub_nonce, own_nonce), deadline)
        check_hub(contact.key, hub_nonce, own_nonce, channel.receive(PROOF_SIZE, deadline))
    except IntruderError:
        raise FalseHubError from None


def _receive_answers(channel: Channel, deadline: float) -> list[Answer]:
    answers: list[Answer] = []
    while True:
        answer = decode_answer(channel.receive(LARGEST_ANSWER, deadline))
        if isinstance(answer, Refused):
            raise RefusedError(answer.sentence)
        answers.append(answer)
        if isinstance(answer, Done):
            return answers


def _wait_for_end(channel: Channel, deadline: float) -> None:
    try:
        channel.receive(0, deadline)
    except ChannelTimedOutError:
        raise
    except ChannelError:
        pass  # The hub holds the connection until it has stopped.
