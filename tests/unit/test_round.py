"""What is due in one round, joined per connection. Thread: pytest's main thread."""

from tcpipserver.net.round import Round
from tests.support.hub_connections import secure_connection, stub_connection


def test_everything_for_one_goes_out_in_one_write() -> None:
    """A hundred packets in a round are one send for each recipient, in their order."""
    first, of_first, _ = stub_connection(1)
    second, of_second, _ = stub_connection(2)
    due = Round()
    for number in range(100):
        due.add(first, bytes([number]))
        due.add(second, bytes([number, number]))
    assert of_first.sent == of_second.sent == []
    due.send_all()
    assert of_first.sent == [bytes(range(100))]
    assert of_second.sent == [bytes(number // 2 for number in range(200))]


def test_a_round_ends_empty() -> None:
    """What was sent is not sent again."""
    connection, stub, _ = stub_connection()
    due = Round()
    due.add(connection, b"once")
    due.send_all()
    due.send_all()
    assert stub.sent == [b"once"]


def test_a_single_piece_is_not_copied() -> None:
    """One block for one recipient, as with a file, goes out as it is."""
    connection, stub, _ = stub_connection()
    block = b"x" * 1000
    due = Round()
    due.add(connection, block)
    due.send_all()
    assert stub.sent[0] is block


def test_what_is_a_good_write_does_not_wait_for_the_end() -> None:
    """A round does not pile up more than a quarter of a mebibyte for anybody."""
    connection, stub, _ = stub_connection()
    due = Round()
    for _ in range(1000):
        due.add(connection, b"x" * 1024)
    assert len(stub.sent) == 3
    due.send_all()
    assert [len(sent) for sent in stub.sent] == [256 << 10] * 3 + [232 << 10]


def test_one_can_be_sent_to_before_the_others() -> None:
    """For one who is about to be dismissed; what comes later for him is still in order."""
    first, of_first, _ = stub_connection(1)
    second, of_second, _ = stub_connection(2)
    due = Round()
    for connection in (first, second):
        due.add(connection, b"a")
    due.send(first)
    due.send(first)
    assert (of_first.sent, of_second.sent) == ([b"a"], [])
    due.add(first, b"b")
    due.send_all()
    assert of_first.sent == [b"a", b"b"]


def test_many_frames_of_a_round_are_one_record_and_one_send() -> None:
    """Up to the 16 KiB of a record; what tells who is here goes out in slices, and so does all that goes with it."""
    connection, stub, _, client = secure_connection()
    due = Round()
    for _ in range(80):
        due.add(connection, bytes(200))
    due.send_all()
    (sent,) = stub.sent
    assert len(sent) == 5 + int.from_bytes(sent[3:5], "big") > 16_000
    due.add(connection, bytes(2000))
    due.add_attendance(connection, bytes(2000))
    due.send_all()
    assert len(stub.sent) == 2
    assert 5 + int.from_bytes(stub.sent[1][3:5], "big") < 2100 < len(stub.sent[1])
    assert client.receive_data(b"".join(stub.sent)) == bytes(20_000)
    due.add(connection, bytes(4000))
    due.send_all()
    assert len(stub.sent[2]) == 5 + int.from_bytes(stub.sent[2][3:5], "big") > 4000
