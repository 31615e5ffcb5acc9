"""texts: splitting a text into packets and joining it again, whatever order and lies the packets come with."""

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType
from commonlib.classic.texts import LARGEST_TEXT, JoinedText, TextJoiner, split_text
from commonlib.exceptions import FieldError, ProtocolError
from tests.support.recordings import divided

START, GUTS, END = 0, 1, 2


def piece(part: int, text: str = "", **fields: int) -> bytes:
    """One Message packet."""
    return DataPacket(PacketType.MESSAGE, data_type=part, text_a=text, **fields).encode()


def shown(packets: bytes) -> list[tuple[int, int, str]]:
    """Part, Data1 and text of each packet."""
    decoded = map(DataPacket.decode, divided(packets))
    return [(packet.data_type, packet.data(1), packet.text_a) for packet in decoded]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(START, 0, ""), (END, 0, "")]),
        ("hello", [(START, 5, "hello"), (END, 5, "hello")]),
        ("x" * 300, [(START, 300, "x" * 300), (END, 300, "x" * 300)]),
        ("x" * 300 + "y", [(START, 300, "x" * 300), (GUTS, 1, "y"), (END, 301, "y")]),
        (
            "x" * 300 + "y" * 300 + "z" * 8,
            [(START, 300, "x" * 300), (GUTS, 300, "y" * 300), (GUTS, 8, "z" * 8), (END, 608, "z" * 8)],
        ),
    ],
)
def test_a_text_is_split_at_300_characters(text: str, expected: list[tuple[int, int, str]]) -> None:
    """Start, guts, end; each states its own length, the end the whole length beside the last piece."""
    assert shown(split_text(text, id_to=2)) == expected


def test_each_packet_of_a_text_is_complete() -> None:
    """Addresses, the two numbers and the original's mark stand in every packet."""
    for packet in divided(split_text("x" * 700, id_to=70000, id_from=3, numbers=(-(2**31), 2**31 - 1))):
        decoded = DataPacket.decode(packet)
        assert (decoded.packet_type, decoded.packet_size) == (PacketType.MESSAGE, 16)
        assert (decoded.id_to, decoded.id_from) == (70000, 3)
        assert (decoded.data(16), decoded.data(17)) == (-(2**31), 2**31 - 1)


def test_a_text_is_nobodys_and_has_no_numbers_unless_told() -> None:
    """Who sends it is the hub's to say, and the two numbers are 0."""
    decoded = DataPacket.decode(divided(split_text("x", id_to=2))[0])
    assert (decoded.id_from, decoded.data(16), decoded.data(17)) == (0, 0, 0)


def test_lengths_count_what_is_sent() -> None:
    """A text with separate accents is shorter on the wire; its lengths say so, and no piece begins with an accent."""
    assert shown(split_text("e\u0301" * 301, id_to=1)) == [
        (START, 300, "é" * 300),
        (GUTS, 1, "é"),
        (END, 301, "é"),
    ]


def test_the_largest_text_passes_and_a_larger_one_does_not() -> None:
    """What may be sent can be received, down to the last character; one more is refused before anything is made."""
    text = "x" * LARGEST_TEXT
    joiner = TextJoiner()
    *begun, end = divided(split_text(text, id_to=1))
    assert all(joiner.receive_packet(1, packet) is None for packet in begun)
    joined = joiner.receive_packet(1, end)
    assert joined is not None
    assert joined.text == text
    with pytest.raises(FieldError, match=r"^The text does not fit into a packet: it has 1000001 characters"):
        split_text(text + "x", id_to=1)


@pytest.mark.parametrize("numbers", [(2**31, 0), (0, 2**31), (-(2**31) - 1, 0), (0, -(2**31) - 1)])
def test_the_two_numbers_have_32_bits_and_a_sign(numbers: tuple[int, int]) -> None:
    """A number that does not fit is refused with the range that would."""
    with pytest.raises(FieldError, match=r"A number .* between -2147483648 and 2147483647\.$"):
        split_text("x", id_to=1, numbers=numbers)


def test_a_text_comes_out_at_its_end_with_its_packets() -> None:
    """Nothing before the end; then the text, the numbers of the end packet, and every byte for passing on."""
    packets = [
        piece(START, "one ", integers=(0,) * 15 + (9, 9)),
        piece(GUTS, "two "),
        piece(GUTS, "three"),
        piece(END, "three", integers=(0,) * 15 + (7, -8)),
    ]
    joiner = TextJoiner()
    assert [joiner.receive_packet("key", packet) for packet in packets[:3]] == [None] * 3
    assert joiner.receive_packet("key", packets[3]) == JoinedText("one two three", (7, -8), b"".join(packets))


def test_the_last_piece_is_not_appended_again() -> None:
    """The end packet repeats the last piece, and a sender may state any count: the text is what the pieces hold."""
    joiner = TextJoiner()
    joiner.receive_packet(1, piece(START, "once", integers=(999,)))
    joined = joiner.receive_packet(1, piece(END, "something else", integers=(0xFFFF_FFFF,)))
    assert joined is not None
    assert joined.text == "once"


def test_texts_under_different_keys_do_not_mix() -> None:
    """Two texts that come packet by packet in turn are joined each for itself."""
    joiner = TextJoiner()
    for key in "ab":
        joiner.receive_packet(key, piece(START, f"{key}1 "))
    for key in "ba":
        joiner.receive_packet(key, piece(GUTS, f"{key}2"))
    texts = [joiner.receive_packet(key, piece(END)) for key in "ab"]
    assert [text.text for text in texts if text] == ["a1 a2", "b1 b2"]


def test_a_text_begun_anew_replaces_the_one_before() -> None:
    """A sender who gave up in the middle begins again; the torn half is dropped."""
    joiner = TextJoiner()
    joiner.receive_packet(1, piece(START, "torn"))
    joiner.receive_packet(1, piece(START, "whole"))
    joined = joiner.receive_packet(1, piece(END))
    assert joined is not None
    assert joined.text == "whole"


@pytest.mark.parametrize("part", [GUTS, END])
def test_a_text_cannot_go_on_that_never_began(part: int) -> None:
    """Guts or an end without a start break the protocol, also after an end and after being forgotten."""
    joiner = TextJoiner()
    with pytest.raises(ProtocolError, match="never began"):
        joiner.receive_packet(1, piece(part))
    joiner.receive_packet(1, piece(START))
    joiner.receive_packet(1, piece(END))
    with pytest.raises(ProtocolError, match="never began"):
        joiner.receive_packet(1, piece(part))
    joiner.receive_packet(1, piece(START))
    joiner.forget(1)
    joiner.forget(1)
    with pytest.raises(ProtocolError, match="never began"):
        joiner.receive_packet(1, piece(part))


@pytest.mark.parametrize("part", [3, 65535])
def test_an_unknown_part_breaks_the_protocol_and_harms_nothing(part: int) -> None:
    """The text that has begun can still be ended."""
    joiner = TextJoiner()
    joiner.receive_packet(1, piece(START, "x"))
    with pytest.raises(ProtocolError, match=f"no part of kind {part}"):
        joiner.receive_packet(1, piece(part))
    assert joiner.receive_packet(1, piece(END)) is not None


def test_a_text_without_end_is_given_up() -> None:
    """A text longer than allowed is forgotten as a whole, empty pieces counting like full ones."""
    joiner = TextJoiner(largest_text=600)
    joiner.receive_packet(1, piece(START))
    joiner.receive_packet(1, piece(GUTS))
    with pytest.raises(ProtocolError, match="more than 600 characters"):
        joiner.receive_packet(1, piece(GUTS))
    with pytest.raises(ProtocolError, match="never began"):
        joiner.receive_packet(1, piece(GUTS))


def test_all_unfinished_texts_together_are_bounded_and_the_longest_goes() -> None:
    """Many half texts hold no more than one may; a short one is not punished for the long one beside it."""
    joiner = TextJoiner(largest_text=900)
    joiner.receive_packet("hog", piece(START))
    joiner.receive_packet("hog", piece(GUTS))
    joiner.receive_packet("short", piece(START, "short"))
    joiner.receive_packet("other", piece(START, "other"))
    with pytest.raises(ProtocolError, match="never began"):
        joiner.receive_packet("hog", piece(GUTS))
    for key in ("short", "other"):
        joined = joiner.receive_packet(key, piece(END))
        assert joined is not None
        assert joined.text == key


def test_room_is_given_back() -> None:
    """Ended, replaced and forgotten texts no longer count towards the bound."""
    joiner = TextJoiner(largest_text=600)
    for _ in range(5):
        joiner.receive_packet(1, piece(START))
        joiner.receive_packet(1, piece(GUTS))
        joiner.receive_packet(1, piece(END))
        joiner.receive_packet(1, piece(START))
        joiner.receive_packet(1, piece(GUTS))
        joiner.forget(1)
        joiner.receive_packet(1, piece(START))
    joiner.receive_packet(1, piece(GUTS, "still here"))
    joined = joiner.receive_packet(1, piece(END))
    assert joined is not None
    assert joined.text == "still here"


def test_only_so_many_texts_are_open_at_once() -> None:
    """One more start is refused; those that are open go on, and one that is begun anew takes its own place."""
    joiner = TextJoiner(most_open=2)
    joiner.receive_packet(1, piece(START))
    joiner.receive_packet(2, piece(START))
    with pytest.raises(ProtocolError, match="more than 2 texts"):
        joiner.receive_packet(3, piece(START))
    joiner.receive_packet(2, piece(START))
    assert joiner.receive_packet(1, piece(END)) is not None
    joiner.receive_packet(3, piece(START))
    assert joiner.receive_packet(3, piece(END)) is not None


def test_a_joined_text_can_be_passed_on_byte_for_byte() -> None:
    """Garbage in the packets of a text reaches the recipient as it came."""
    packets = bytes([11, 0, 1, 2, 0, 0]) + b"\xcc" * 1018 + bytes([11, 0, 3, 4, 2, 0]) + b"\xdd" * 1018
    joiner = TextJoiner()
    joiner.receive_packet(1, packets[:PACKET_SIZE])
    joined = joiner.receive_packet(1, packets[PACKET_SIZE:])
    assert joined is not None
    assert joined.packets == packets
