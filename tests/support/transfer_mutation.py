"""Frames of an honest transfer, and the same spoilt by somebody who knows the format.

Owns the recording of both ends, and the ways of lying inside of a frame. It must never take from the product how a
frame is laid out: that is told anew here.
Thread: the test's own.
"""

import struct
from collections.abc import Sequence
from functools import cache
from random import Random

import msgspec

from commonlib.transfer.resume import Choices
from tests.support.memory_transfer import MemoryReceiver, MemorySender
from tests.support.memory_tree import File, Folder, Link, MemoryDisk

HEADER = struct.Struct("<IHHQ")
DATA = 7
NASTY_NAMES = (
    "..",
    "/etc/passwd",
    "C:\\x",
    "\\\\h\\s",
    "con",
    "a:b",
    "a (~2)",
    "\u202ex",
    "",
    "x" * 256,
    "é",
    "e\u0301",
)
NASTY_NUMBERS = (0, 1, 2, 3, 7, 8191, 8192, 8193, (1 << 31), (1 << 63) - 1, 1 << 63, -1)


def small_tree() -> Folder:
    """A tree with one of each thing, in which nothing is large."""
    inner = Folder({"a.txt": File(b"first", 10**9, 0o644), "b": File(b""), "l": Link("a.txt"), "z": Folder()})
    return Folder({"project": inner, "single.bin": File(b"0123456789" * 30, 2 * 10**9)})


def small_disk() -> MemoryDisk:
    """A disk with something in the way of that tree."""
    disk = MemoryDisk()
    disk.nodes[("single.bin",)] = File(b"other", 1)
    return disk


def split(stream: bytes) -> list[bytes]:
    """The frames of a stream of whole ones."""
    frames = []
    while stream:
        end = HEADER.size + HEADER.unpack_from(stream)[0]
        frames.append(stream[:end])
        stream = stream[end:]
    return frames


@cache
def recorded() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """What an honest sender and an honest receiver say, frame by frame."""
    sender, receiver = MemorySender(small_tree()), MemoryReceiver(small_disk(), Choices(links=True))
    sender.machine.finish()
    said: tuple[list[bytes], list[bytes]] = ([], [])
    while True:
        there, back = sender.outgoing(), receiver.outgoing()
        if not there and not back:
            return tuple(said[0]), tuple(said[1])
        said[0].extend(split(there))
        said[1].extend(split(back))
        receiver.incoming(there)
        sender.incoming(back)


def spoilt_frames(random: Random, frames: Sequence[bytes]) -> list[bytes]:
    """The frames with none to four lies in them: fields that are different, frames too few, too many, moved."""
    spoilt = list(frames)
    for _ in range(random.choice((0, 1, 1, 1, 2, 4))):
        index = random.randrange(len(spoilt)) if spoilt else 0
        match random.randrange(8):
            case 0:
                del spoilt[index : index + 1]
            case 1:
                spoilt.insert(index, random.choice(frames))
            case 2 if spoilt:
                spoilt.insert(random.randrange(len(spoilt)), spoilt.pop(index))
            case _ if spoilt:
                spoilt[index] = _spoilt(random, spoilt[index])
            case _:
                pass
    return spoilt


def _spoilt(random: Random, frame: bytes) -> bytes:
    length, kind, flags, entry = HEADER.unpack_from(frame)
    body = frame[HEADER.size :]
    if kind == DATA:
        match random.randrange(4):
            case 0:
                flags = random.randrange(8)
            case 1:
                entry = random.choice((0, 1, 2, 3, 4, 5, 6, 7, 1 << 63))
            case 2:
                body = body[: random.randrange(len(body) + 1)] + bytes(random.choice((0, 1, 8, 32, 100)))
            case _ if body:
                place = random.randrange(len(body))
                body = body[:place] + bytes([body[place] ^ 1 << random.randrange(8)]) + body[place + 1 :]
            case _:
                pass
    elif random.randrange(10):
        body = msgspec.msgpack.encode(_lie(random, msgspec.msgpack.decode(body)))
    else:
        kind = random.randrange(17)
    if random.randrange(12):
        length = len(body)
    return HEADER.pack(length, kind, flags, entry) + body


def _lie(random: Random, value: object) -> object:
    """The value with one thing in it that is different; its keys stay, as a rule."""
    if isinstance(value, dict) and value and random.randrange(8):
        key = random.choice(list(value))
        return value | {key: _lie(random, value[key])}
    if isinstance(value, list) and value and random.randrange(6):
        index = random.randrange(len(value))
        return [*value[:index], _lie(random, value[index]), *value[index + 1 :]]
    if isinstance(value, list):
        return random.choice(([], value * 2, value[:-1], [*value, 0]))
    if isinstance(value, str):
        return random.choice(NASTY_NAMES)
    if isinstance(value, int):
        number = random.choice((value - 1, value + 1, random.choice(NASTY_NUMBERS)))
        return min(number, (1 << 64) - 1)
    return random.choice((None, -1, "x", b"x" * 32, [], {}, 1.5, True))
