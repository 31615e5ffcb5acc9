"""fields: a layout as a table, and the name of the field that a value does not fit."""

import pytest

from commonlib.classic.fields import FieldTable, check_number, check_width, numbered_value, padded_numbers
from commonlib.exceptions import FieldError

TABLE = FieldTable({"small": "H", "large": "I", "signed": "i", "huge": "Q", "long": "q", "real": "d", "rest": "990s"})
FITTING: tuple[object, ...] = (1, 2, -3, 4, -5, 0.5, b"six")


def test_values_are_packed_little_endian_without_gaps() -> None:
    """Each field begins where the one before it ends, and its lowest byte comes first."""
    packet = TABLE.pack(*FITTING)
    assert packet == (
        b"\x01\0" + b"\x02\0\0\0" + b"\xfd\xff\xff\xff" + b"\x04\0\0\0\0\0\0\0" + b"\xfb\xff\xff\xff\xff\xff\xff\xff"
        b"\0\0\0\0\0\0\xe0\x3f" + b"six".ljust(990, b"\0")
    )
    assert TABLE.unpack(packet) == (*FITTING[:-1], b"six".ljust(990, b"\0"))


def test_a_table_must_fill_a_packet() -> None:
    """A table with a field too few or too many is a mistake of ours and shows at once."""
    with pytest.raises(AssertionError):
        FieldTable({"small": "H", "rest": "1021s"})


@pytest.mark.parametrize(
    ("position", "value", "sentence"),
    [
        (0, 65536, "small does not fit into a packet: it must be a whole number from 0 to 65535."),
        (0, -1, "small does not fit into a packet: it must be a whole number from 0 to 65535."),
        (0, 1.5, "small does not fit into a packet: it must be a whole number from 0 to 65535."),
        (1, 1 << 32, "large does not fit into a packet: it must be a whole number from 0 to 4294967295."),
        (2, 1 << 31, "signed does not fit into a packet: it must be a whole number from -2147483648 to 2147483647."),
        (3, -1, "huge does not fit into a packet: it must be a whole number from 0 to 18446744073709551615."),
        (4, 1 << 200, f"long does not fit into a packet: it must be a whole number from {-(2**63)} to {2**63 - 1}."),
        (5, 10**400, "real does not fit into a packet: it must be a number that a double can hold."),
        (5, "0.5", "real does not fit into a packet: it must be a number that a double can hold."),
        (6, "text", "rest does not fit into a packet: it must be bytes."),
    ],
)
def test_the_field_that_a_value_does_not_fit_is_named(position: int, value: object, sentence: str) -> None:
    """The sentence names the field as the protocol does, and what would fit it."""
    values = (*FITTING[:position], value, *FITTING[position + 1 :])
    with pytest.raises(FieldError) as caught:
        TABLE.pack(*values)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("position", "smallest", "largest"),
    [(0, 0, 65535), (1, 0, 2**32 - 1), (2, -(2**31), 2**31 - 1), (3, 0, 2**64 - 1), (4, -(2**63), 2**63 - 1)],
)
def test_the_ends_of_a_range_fit(position: int, smallest: int, largest: int) -> None:
    """The two numbers that the sentence names are the last ones that fit."""
    for value in (smallest, largest):
        packet = TABLE.pack(*FITTING[:position], value, *FITTING[position + 1 :])
        assert TABLE.unpack(packet)[position] == value


def test_missing_numbers_are_zero() -> None:
    """A row may be given shorter than it is, never longer."""
    assert padded_numbers("Data", (7, -8), 4) == (7, -8, 0, 0)
    assert padded_numbers("Data", (1, 2, 3, 4), 4) == (1, 2, 3, 4)
    with pytest.raises(FieldError, match=r"^DataLong does not fit .* 5 values were given, and there is room for 4\.$"):
        padded_numbers("DataLong", (1, 2, 3, 4, 5), 4)


def test_a_number_in_a_row_is_read_by_its_name() -> None:
    """Rows begin with 1; what was not given is 0."""
    assert [numbered_value("Data", (7, -8), number, 4) for number in (1, 2, 3, 4)] == [7, -8, 0, 0]


@pytest.mark.parametrize("number", [-1, 0, 5])
def test_a_number_that_no_row_has_is_refused(number: int) -> None:
    """0 is not the last one, as it would be in a list."""
    with pytest.raises(FieldError, match=rf"^Data{number} does not fit into a packet: a packet has Data1 to Data4\.$"):
        check_number("Data", number, 4)
    with pytest.raises(FieldError):
        numbered_value("Data", (1, 2, 3, 4), number, 4)


def test_bytes_that_are_too_long_are_refused() -> None:
    """Bytes as long as their field fit; one more is told, never cut off."""
    check_width("FilePart1", 3, b"abc")
    with pytest.raises(FieldError, match=r"^FilePart1 does not fit .* 4 bytes, and there is room for 3\.$"):
        check_width("FilePart1", 3, b"abcd")
