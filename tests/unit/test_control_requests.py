"""Requests of the operator's command line: what goes through, what is too much, and that nothing else escapes."""

import msgspec
import pytest

from tcpipserver.control import requests
from tcpipserver.control.requests import RequestError, decode_request, encode_request

ALL = [
    requests.StatusAsked(),
    requests.ClientsAsked(),
    requests.WaitingAsked(),
    requests.Kick(who="Ann", reason="too loud"),
    requests.Ban(who="482 193"),
    requests.Unban(who="ab" * 32),
    requests.Approve(who="amber"),
    requests.Say(text="héllo", to=("1", "Bob")),
    requests.Stop(),
]


@pytest.mark.parametrize("request_", ALL, ids=lambda request: type(request).__name__)
def test_every_request_comes_back(request_: requests.Request) -> None:
    """As it was."""
    assert decode_request(encode_request(request_)) == request_


@pytest.mark.parametrize(
    "request_",
    [
        requests.Kick(who=""),
        requests.Kick(who="x" * (requests.LONGEST_WHO + 1)),
        requests.Ban(who="x", reason="x" * (requests.LONGEST_REASON + 1)),
        requests.Say(text=""),
        requests.Say(text="x" * (requests.LONGEST_TEXT + 1)),
        requests.Say(text="x", to=("x",) * (requests.MOST_RECIPIENTS + 1)),
        requests.Say(text="\ud800"),
    ],
)
def test_what_the_hub_would_refuse_is_not_sent(request_: requests.Request) -> None:
    """The sentence says why, and where to find what can be asked."""
    with pytest.raises(RequestError, match=r"cannot be asked of the hub: .+\. 'tcpipserver ctl --help' says what can"):
        encode_request(request_)


def test_the_largest_request_fits_into_the_bound() -> None:
    """Every character of the longest text may take four bytes."""
    largest = requests.Say(text="𝄞" * requests.LONGEST_TEXT, to=("𝄞" * requests.LONGEST_WHO,) * 20)
    assert len(encode_request(largest)) <= requests.LARGEST_REQUEST


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xc1",
        b"garbage",
        msgspec.msgpack.encode([]),
        msgspec.msgpack.encode({}),
        msgspec.msgpack.encode({"ask": "everything"}),
        msgspec.msgpack.encode({"ask": 1}),
        msgspec.msgpack.encode({"ask": "kick"}),
        msgspec.msgpack.encode({"ask": "kick", "who": 7}),
        msgspec.msgpack.encode({"ask": "say", "text": "x", "to": [[]]}),
        b"\x82\xa3ask\xa4kick\xa3who\xa1\xff",
        b"\x91" * 100_000,
        b"\x82\xa3ask\xa6status\xa1x" + b"\x91" * 100_000 + b"\x90",
        encode_request(requests.Stop()) + b"x",
    ],
    ids=range(15),
)
def test_what_is_no_request_is_told_so(data: bytes) -> None:
    """Empty, cut, of another type, nested without end, no text, with something behind it: one error for all."""
    with pytest.raises(RequestError, match="does not understand it"):
        decode_request(data)


def test_a_name_of_a_newer_version_is_passed_over_and_of_two_the_last_counts() -> None:
    """So that versions can differ."""
    newer = msgspec.msgpack.encode({"ask": "kick", "who": "Ann", "gently": True})
    assert decode_request(newer) == requests.Kick(who="Ann")
    assert decode_request(b"\x83\xa3ask\xa4kick\xa3who\xa1A\xa3who\xa1B") == requests.Kick(who="B")
