"""Answers to the operator's command line: what goes through, and that nothing but the documented error escapes."""

import msgspec
import pytest

from tcpipserver.control.answers import (
    LARGEST_ANSWER,
    MOST_LISTED,
    Affected,
    Answer,
    AnswerError,
    Client,
    Clients,
    Done,
    Refused,
    Waiting,
    decode_answer,
    encode_answer,
)
from tests.support.operators import ANN, ANN_KEY, EVE, OLD, STATUS

ALL: list[Answer] = [
    STATUS,
    Clients(clients=(ANN, OLD)),
    Waiting(keys=(EVE,)),
    Done(),
    Done(affected=(Affected(id=1, name="Ann", key=ANN_KEY), Affected(id=None, name=""))),
    Refused(sentence="No."),
]


@pytest.mark.parametrize("answer", ALL, ids=lambda answer: type(answer).__name__)
def test_every_answer_comes_back(answer: Answer) -> None:
    """As it was."""
    assert decode_answer(encode_answer(answer)) == answer


def test_the_largest_answer_fits_into_the_bound() -> None:
    """As many people as one answer may list, with the longest names there are, every character of four bytes."""
    longest = "𝄞" * 64
    client = Client(id=0xFFFF_FFFF, name=longest, computer=longest, address=longest, key=ANN_KEY, session=65535, ping=1)
    assert len(encode_answer(Clients(clients=(client,) * MOST_LISTED))) <= LARGEST_ANSWER


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"answer": "perhaps"}),
        msgspec.msgpack.encode({"answer": "refused"}),
        msgspec.msgpack.encode({"answer": "clients", "clients": [{"id": 1, "name": "x", "key": b"short"}]}),
        msgspec.msgpack.encode({"answer": "clients", "clients": [{"id": 1, "name": "x"}] * (MOST_LISTED + 1)}),
        msgspec.msgpack.encode({"answer": "done", "affected": [{"id": -1, "name": "x"}]}),
        b"\x91" * 100_000,
    ],
    ids=range(8),
)
def test_what_is_no_answer_is_told_so(data: bytes) -> None:
    """One error for all, with what to do."""
    with pytest.raises(AnswerError, match="use the tcpipserver that runs the hub"):
        decode_answer(data)
