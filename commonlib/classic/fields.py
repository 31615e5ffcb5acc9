"""A layout of the classic wire as a table: its fields in their order, each with its name and its type.

Owns packing such a table into 1024 bytes and unpacking it, and saying which field a value does not fit. Must never
judge what a field says. Pure: any thread.
"""

import struct
from collections.abc import Mapping
from typing import Any

from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import FieldError

_WHOLE_NUMBERS = {
    "H": (0, (1 << 16) - 1),
    "I": (0, (1 << 32) - 1),
    "i": (-(1 << 31), (1 << 31) - 1),
    "Q": (0, (1 << 64) - 1),
    "q": (-(1 << 63), (1 << 63) - 1),
}


class FieldTable:
    """The fields of one layout, packed and little-endian.

    Args:
        fields: From each field's name in the protocol to its type as struct writes it: H, I, Q unsigned and i, q signed
            with 16, 32 and 64 bits, d a double, 300s an array of 300 bytes. Together they fill a packet.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = dict(fields)
        self._struct = struct.Struct("<" + "".join(self._fields.values()))
        assert self._struct.size == PACKET_SIZE

    def unpack(self, packet: bytes) -> tuple[Any, ...]:
        """The values in a packet of 1024 bytes, in the order of the fields."""
        return self._struct.unpack(packet)

    def pack(self, *values: object) -> bytes:
        """The 1024 bytes of as many values as there are fields. Arrays of bytes are padded with NUL.

        Raises:
            FieldError: A value does not fit its field.
        """
        try:
            return self._struct.pack(*values)
        except (struct.error, OverflowError):
            raise self._misfit(values) from None

    def _misfit(self, values: tuple[object, ...]) -> FieldError:
        fields = zip(self._fields.items(), values, strict=True)
        name, kind = next(field for field, value in fields if not _fits(field[1], value))
        return FieldError(name, _requirement(kind))


def _fits(kind: str, value: object) -> bool:
    try:
        struct.pack(f"<{kind}", value)
    except (struct.error, OverflowError):
        return False
    return True


def _requirement(kind: str) -> str:
    if kind in _WHOLE_NUMBERS:
        smallest, largest = _WHOLE_NUMBERS[kind]
        return f"it must be a whole number from {smallest} to {largest}"
    return "it must be a number that a double can hold" if kind == "d" else "it must be bytes"


def padded_numbers(name: str, values: tuple[float, ...], count: int) -> tuple[float, ...]:
    """The values of a row of numbers, the missing ones at the end as 0.

    Raises:
        FieldError: There are more than `count`; `name` is what their names have in common.
    """
    if len(values) > count:
        raise FieldError(name, f"{len(values)} values were given, and there is room for {count}")
    return values + (0,) * (count - len(values))


def numbered_value(name: str, values: tuple[int, ...], number: int, count: int) -> int:
    """The value with that number in a row of numbers, 1 being the first; a missing one at the end is 0.

    Raises:
        FieldError: The number is not 1 to `count`; `name` is what their names have in common.
    """
    check_number(name, number, count)
    return values[number - 1] if number <= len(values) else 0


def check_number(name: str, number: int, count: int) -> None:
    """Accept the number of a field in a row, 1 to `count`.

    Raises:
        FieldError: It is none; `name` is what their names have in common.
    """
    if not 1 <= number <= count:
        raise FieldError(f"{name}{number}", f"a packet has {name}1 to {name}{count}")


def check_width(name: str, width: int, data: bytes) -> None:
    """Accept an array of bytes that fits a field of `width` bytes; it would be cut off silently otherwise.

    Raises:
        FieldError: It is longer.
    """
    if len(data) > width:
        raise FieldError(name, f"it has {len(data)} bytes, and there is room for {width}")
