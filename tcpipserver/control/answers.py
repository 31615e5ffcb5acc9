"""What the hub answers to the operator's command line, declared field by field.

Owns the answers, and the one step from bytes to an answer and back. Must never hold a sentence but that of a refusal:
how an answer is shown is for cli_ctl_wording.py. Names in it are what people call themselves: hostile.
Pure: any thread.

A request is answered by what was asked for, and then by Done; or by Refused alone.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from commonlib.exceptions import ChatError

LARGEST_ANSWER = 1 << 20
"""Bytes of one answer."""
MOST_LISTED = 500
"""People or keys in one answer; more come in further ones."""

Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
"""A fingerprint."""
Count = Annotated[int, Meta(ge=0)]
Moment = Annotated[float, Meta(ge=0, le=1e11)]
"""Unix seconds, as far as a calendar reaches."""
Seconds = Annotated[float, Meta(ge=0, le=1e11)]


class AnswerError(ChatError):
    """What came is no answer of a hub."""

    def __str__(self) -> str:
        return (
            "The hub's answer cannot be understood, perhaps because it is of another version: "
            "use the tcpipserver that runs the hub."
        )


class Base(Struct, frozen=True, kw_only=True, tag_field="answer"):
    """What all answers have in common: the field that says which it is."""


class Status(Base, frozen=True, kw_only=True, tag="status"):
    """How the hub is.

    Attributes:
        fingerprint: Of the hub's own key; None where it has none.
        policy: Who may join: "open", "code" or "approval".
        takes_classic: Whether clients of the unencrypted wire are taken in.
        started, now: Unix seconds by the hub's clock.
        encrypted, classic: People who are registered, by their wire.
        arriving: Connections that have not introduced themselves yet.
        waiting, banned: Keys that wait for approval, and that are kept out.
        passed_bytes, passed_texts: What has passed since the start.
        relays: Ways between two clients that go through the hub now; relayed_bytes by all since the start.
    """

    version: str
    pid: Count
    port: Count
    fingerprint: Key | None
    policy: str
    takes_classic: bool
    started: Moment
    now: Moment
    encrypted: Count
    classic: Count
    arriving: Count
    waiting: Count
    banned: Count
    passed_bytes: Count
    passed_texts: Count
    relays: Count = 0
    relayed_bytes: Count = 0


class Client(Struct, frozen=True, kw_only=True):
    """One registered client.

    Attributes:
        key: Fingerprint of his key; None where he is on the classic wire and has proved nothing.
        session: How many-th connection of his key this is, from 1.
        since: When he registered, Unix seconds.
        ping: Seconds that his last answer took; None before the first.
    """

    id: Count
    name: str
    computer: str = ""
    address: str = ""
    key: Key | None = None
    session: Count = 1
    since: Moment = 0.0
    ping: Seconds | None = None


class Clients(Base, frozen=True, kw_only=True, tag="clients"):
    """Some of those who are there, in the order in which they came."""

    clients: Annotated[tuple[Client, ...], Meta(max_length=MOST_LISTED)]


class WaitingKey(Struct, frozen=True, kw_only=True):
    """A key that waits for approval.

    Attributes:
        name, computer: What its owner calls himself; proves nothing.
        since: When he came, Unix seconds.
    """

    key: Key
    name: str
    computer: str = ""
    address: str = ""
    since: Moment = 0.0


class Waiting(Base, frozen=True, kw_only=True, tag="waiting"):
    """Some of the keys that wait for approval, in the order in which they came."""

    keys: Annotated[tuple[WaitingKey, ...], Meta(max_length=MOST_LISTED)]


class Affected(Struct, frozen=True, kw_only=True):
    """Somebody to whom something was done.

    Attributes:
        id: None where he is not there.
        key: None where he is on the classic wire.
    """

    id: Count | None
    name: str
    key: Key | None = None


class Done(Base, frozen=True, kw_only=True, tag="done"):
    """All of it is done, or has begun and will be done.

    Attributes:
        affected: To whom; empty where that is everybody, or nobody in particular.
    """

    affected: tuple[Affected, ...] = ()


class Refused(Base, frozen=True, kw_only=True, tag="refused"):
    """Nothing was done; the sentence says why and what to do next."""

    sentence: str


Answer = Status | Clients | Waiting | Done | Refused

_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def encode_answer(answer: Answer) -> bytes:
    """An answer as bytes."""
    return _ENCODER.encode(answer)


def decode_answer(data: bytes) -> Answer:
    """The answer in some bytes.

    Raises:
        AnswerError: There is none.
    """
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        raise AnswerError from None
