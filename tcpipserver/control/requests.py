"""What the operator's command line may ask of the hub, declared field by field.

Owns the requests, and the one step from bytes to a request and back. Must never let an error of the library's out, nor
look anything up: what a name means is for naming.py. Pure: any thread.

A request is a MessagePack map; `ask` says which it is. Names that are not known are passed over, missing ones have
their defaults, and of a name that stands twice the last one counts.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from commonlib.exceptions import ChatError

LARGEST_REQUEST = 1 << 20
"""Bytes of one request."""
LONGEST_WHO = 200
"""Characters by which somebody is named: a name, or all words of a key code."""
LONGEST_REASON = 200
"""Characters; the event log and the classic wire carry no more."""
LONGEST_TEXT = 250_000
MOST_RECIPIENTS = 1000

Who = Annotated[str, Meta(min_length=1, max_length=LONGEST_WHO)]
Reason = Annotated[str, Meta(max_length=LONGEST_REASON)]


class RequestError(ChatError):
    """What came is no request, or a request does not fit.

    Attributes:
        detail: Why, as part of a sentence; holds nothing of what came.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"This cannot be asked of the hub: {self.detail}. 'tcpipserver ctl --help' says what can."


class Base(Struct, frozen=True, kw_only=True, tag_field="ask"):
    """What all requests have in common: the field that says which it is."""


class StatusAsked(Base, frozen=True, kw_only=True, tag="status"):
    """How the hub is: answered by Status."""


class ClientsAsked(Base, frozen=True, kw_only=True, tag="clients"):
    """Who is there: answered by Clients, as many as it takes."""


class WaitingAsked(Base, frozen=True, kw_only=True, tag="waiting"):
    """Whose keys wait for approval: answered by Waiting."""


class Kick(Base, frozen=True, kw_only=True, tag="kick"):
    """Send somebody away; he may come back."""

    who: Who
    reason: Reason = ""


class Ban(Base, frozen=True, kw_only=True, tag="ban"):
    """Send somebody away, and keep his key out."""

    who: Who
    reason: Reason = ""


class Unban(Base, frozen=True, kw_only=True, tag="unban"):
    """Let a key in again."""

    who: Who


class Approve(Base, frozen=True, kw_only=True, tag="approve"):
    """Let in a key that waits for it."""

    who: Who


class Deny(Base, frozen=True, kw_only=True, tag="deny"):
    """Do not let in a key that waits; it may ask again."""

    who: Who
    reason: Reason = ""


class Say(Base, frozen=True, kw_only=True, tag="say"):
    """Say a text as the server; to nobody in particular means to everybody."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    to: Annotated[tuple[Who, ...], Meta(max_length=MOST_RECIPIENTS)] = ()


class Stop(Base, frozen=True, kw_only=True, tag="stop"):
    """Stop the hub."""


Request = StatusAsked | ClientsAsked | WaitingAsked | Kick | Ban | Unban | Approve | Deny | Say | Stop

_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)


def encode_request(request: Request) -> bytes:
    """A request as bytes.

    Raises:
        RequestError: A field is longer than it may be, or holds what no text can hold.
    """
    try:
        data = _ENCODER.encode(request)
        # Only decoding looks at the bounds; a request that the hub would refuse is refused here, with its reason.
        _DECODER.decode(data)
    except msgspec.ValidationError as error:
        raise RequestError(str(error)) from None
    except (msgspec.MsgspecError, ValueError, OverflowError):
        # Half of a surrogate pair: what a terminal typed is not always text.
        raise RequestError("it holds characters that are no text") from None
    return data


def decode_request(data: bytes) -> Request:
    """The request in some bytes.

    Raises:
        RequestError: There is none.
    """
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        raise RequestError("the hub does not understand it, perhaps because it is of another version") from None
