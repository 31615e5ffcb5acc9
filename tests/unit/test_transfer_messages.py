"""messages of a transfer: what is said comes out as it went in, and every field is judged where it enters."""

import msgspec
import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.messages import (
    MOST_ITEMS,
    MOST_LISTED,
    MOST_MARKS,
    MOST_SHOWN_NAMES,
    Accept,
    Cancel,
    Decline,
    End,
    Entry,
    EntryKind,
    Manifest,
    Mark,
    Message,
    More,
    Offer,
    Outcome,
    Pause,
    Ping,
    Place,
    Progress,
    Resume,
    Settled,
    SettledRun,
    TopEntry,
    Totals,
    Want,
    Wanted,
    encode_message,
    maybe_message,
)
from commonlib.transfer.stream import HEADER_SIZE, TransferError

FILE = EntryKind.FILE
MESSAGES: list[Message] = [
    Offer(offer=1, totals=Totals(files=3, size=10), top=[TopEntry(FILE, "a", 5)], others=2),
    Accept(offer=0),
    Decline(offer=3, why="no"),
    Manifest(offer=0, first=5, entries=[Entry(0, EntryKind.LINK, "l", target="a")], last=True),
    More(entries=100),
    Wanted(items=[Want(1, 5), Want(9, 1, [Mark(10, bytes(32))])]),
    Settled(items=[SettledRun(0, 3, Outcome.FAILED, Place.RECEIVER, "full")]),
    Pause(),
    Resume(),
    Cancel(offer=0, why="enough"),
    Progress(received=1 << 40),
    Ping(),
    End(),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_out_as_it_went_in(message: Message) -> None:
    """Through a frame of its type."""
    frame = encode_message(message)
    assert int.from_bytes(frame[:4], "little") == len(frame) - HEADER_SIZE
    assert frame[6:HEADER_SIZE] == bytes(10)
    assert maybe_message(int.from_bytes(frame[4:6], "little"), frame[HEADER_SIZE:]) == message


def test_a_line_is_a_list_and_defaults_may_be_left_out() -> None:
    """An entry's fields by their order."""
    body = msgspec.msgpack.encode({"offer": 0, "first": 0, "entries": [[0, 0, "a"], [0, 1, "b", 0, 5, 0o755]]})
    assert maybe_message(4, body) == Manifest(
        offer=0, first=0, entries=[Entry(0, FILE, "a"), Entry(0, EntryKind.FOLDER, "b", 0, 5, 0o755)]
    )


def test_a_type_that_is_not_known_is_passed_over() -> None:
    """A newer version may say more."""
    assert maybe_message(99, b"anything") is None
    assert maybe_message(7, b"") is None


LINE = [0, 0, "name", 1, 2, 3, ""]
WRONG = [
    (4, {"offer": 0, "first": 0, "entries": [[*LINE[:index], value, *LINE[index + 1 :]]]})
    for index, value in [
        *[(0, -1), (0, 101), (0, "x"), (0, None), (1, 3), (1, -1), (1, "0"), (2, ""), (2, "x" * 256), (2, b"bin")],
        *[(2, 5), (3, -1), (3, 1 << 63), (3, 0.5), (4, -1), (4, 1 << 63), (5, -1), (5, 0o1000), (5, 0o4755)],
        *[(6, "x" * 1025), (6, None)],
    ]
] + [
    (4, {"offer": 0, "first": 0, "entries": [LINE] * (MOST_LISTED + 1)}),
    (4, {"offer": 0, "first": -1, "entries": []}),
    (4, {"offer": 0, "entries": []}),
    (4, [0, 0, []]),
    (1, {"offer": 0, "totals": {"files": -1}, "top": [[0, "a"]]}),
    (1, {"offer": 0, "totals": {"size": 1 << 64 - 1}, "top": [[0, "a"]]}),
    (1, {"offer": 0, "totals": {}, "top": []}),
    (1, {"offer": 0, "totals": {}, "top": [[0, "a"]] * (MOST_SHOWN_NAMES + 1)}),
    (5, {"entries": 0}),
    (6, {"items": []}),
    (6, {"items": [[0, 0]]}),
    (6, {"items": [[0, 1]] * (MOST_ITEMS + 1)}),
    (6, {"items": [[0, 1, [[0, bytes(32)]]]]}),
    (6, {"items": [[0, 1, [[1, bytes(31)]]]]}),
    (6, {"items": [[0, 1, [[1, bytes(32)]] * (MOST_MARKS + 1)]]}),
    (8, {"items": [[0, 1, 7]]}),
    (8, {"items": [[0, 1, 5, 4]]}),
    (8, {"items": [[0, 1, 5, 1, "x" * 501]]}),
    (2, {}),
    (3, {"offer": 0, "why": "x" * 501}),
]


@pytest.mark.parametrize(("kind", "body"), WRONG)
def test_a_field_that_does_not_fit_is_a_documented_error(kind: int, body: object) -> None:
    """Of every field: too small, too large, too many, another type."""
    with pytest.raises(TransferError) as caught:
        maybe_message(kind, msgspec.msgpack.encode(body))
    assert f"type {kind}" in str(caught.value)


@pytest.mark.parametrize("name", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"a\xc3"])
def test_a_name_that_is_no_utf_8_is_a_documented_error(name: bytes) -> None:
    """Wrong bytes, too long forms, halves of surrogate pairs, beyond Unicode, cut off."""
    good = msgspec.msgpack.encode({"offer": 0, "first": 0, "entries": [[0, 0, "x" * len(name)]]})
    with pytest.raises(TransferError):
        maybe_message(4, good.replace(b"x" * len(name), name))


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x81", b"\x91" * 5000, b"\x80\x80"])
def test_what_is_no_messagepack_is_a_documented_error(body: bytes) -> None:
    """Nothing, a reserved byte, a torn map, deep nesting, something behind the end."""
    with pytest.raises(TransferError):
        maybe_message(1, body)


@pytest.mark.parametrize(
    "message", [Cancel(offer=0, why="\ud800"), Manifest(offer=0, first=0, entries=[Entry(0, FILE, "x" * 300_000)])]
)
def test_what_cannot_be_sent_is_refused_here(message: Message) -> None:
    """Half of a surrogate pair, or more than a frame holds."""
    with pytest.raises(FieldError):
        encode_message(message)
