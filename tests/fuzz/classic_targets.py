"""The pure machines of the classic wire under attack: cutting, layouts, texts, files.

Owns what each machine promises whatever it is fed with. It must never share anything with a machine's own code that the
promise is about. How streams are spoilt is told in tests/support/packet_mutation.py.
Thread: the caller's own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

from commonlib.classic.cutter import PacketCutter, Run, cut_runs
from commonlib.classic.file_dates import read_dates
from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.file_receiving import (
    FileBegan,
    FileCompleted,
    FileDataArrived,
    FileEvent,
    FileFailed,
    FileKey,
    FileReceiving,
)
from commonlib.classic.keepalive import maybe_clock_difference
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, recipient_of, sender_of, stamp_sender, type_of
from commonlib.classic.texts import TextJoiner, split_text
from commonlib.exceptions import FieldError, ProtocolError
from commonlib.printable import printable
from commonlib.safename import safe_name
from tests.support.fuzzing import divided_at_random
from tests.support.recordings import RECORDINGS, divided, recorded_packets

LAYOUTS = LayoutTable({300: Layout.BIG_STRING})
START, GUTS, END = 0, 1, 2
MESSAGE, FILE_CHUNK = 11, 14
SECONDS_OF_THE_CALENDAR = 10_000 * 366 * 86_400


@cache
def all_recorded_packets() -> Sequence[bytes]:
    """All four recordings, one behind the other."""
    return tuple(packet for name in RECORDINGS for packet in recorded_packets(name))


@cache
def recorded_of_types(*types: int) -> Sequence[bytes]:
    """The recorded packets of some types."""
    return tuple(packet for packet in all_recorded_packets() if type_of(packet) in types)


@cache
def own_packets() -> Sequence[bytes]:
    """Packets of a command of one's own that is registered as BIGSTRING."""
    return tuple(BigStringPacket(300, id_to=2, id_from=1, text="x" * length).encode() for length in range(9))


class CutterTarget:
    """PacketCutter and cut_runs: nothing is lost, nothing differs within a run, and nothing raises."""

    name = "cutter"

    def packets(self) -> Sequence[bytes]:
        """All kinds, and some of the layout that no recorded packet has."""
        return (*all_recorded_packets(), *own_packets())

    def attack(self, stream: bytes, random: Random) -> None:
        """Cut the stream in two ways, which must agree, and look at every run."""
        cutter = PacketCutter()
        blocks = [cutter.receive_data(chunk) for chunk in divided_at_random(stream, random)]
        whole = len(stream) - len(stream) % PACKET_SIZE
        assert cutter.unfinished == len(stream) - whole
        assert b"".join(run.packets for block in blocks for run in cut_runs(block, LAYOUTS)) == stream[:whole]
        runs = cut_runs(stream[:whole], LAYOUTS)
        assert b"".join(run.packets for run in runs) == stream[:whole]
        for run in runs:
            assert run.layout is LAYOUTS.layout_of(run.packet_type)
            for packet in run.each():
                assert type_of(packet) == run.packet_type
                assert recipient_of(packet, run.layout) == run.id_to
                assert sender_of(packet, run.layout) == run.id_from
        if whole:
            layout = random.choice(list(Layout))
            sender = random.choice((0xABCD, sender_of(stream, layout) & 0xFFFF))
            stamped = stamp_sender(stream[:whole], layout, sender)
            assert all(sender_of(packet, layout) == sender for packet in divided(stamped))


class LayoutsTarget:
    """All five layouts and what is read out of them: any bytes decode, and come back byte for byte."""

    name = "layouts"

    def packets(self) -> Sequence[bytes]:
        """All kinds."""
        return all_recorded_packets()

    def attack(self, stream: bytes, random: Random) -> None:
        """Read each packet in every layout; write the values of one in another, which fits or is refused."""
        for packet in divided(stream.ljust(-(-len(stream) // PACKET_SIZE) * PACKET_SIZE, b"\0")):
            data, details, big = (
                DataPacket.decode(packet),
                ClientDataPacket.decode(packet),
                BigStringPacket.decode(packet),
            )
            start, chunk = FileStartPacket.decode(packet), FileChunkPacket.decode(packet)
            assert all(decoded.encode() == packet for decoded in (data, details, big, start, chunk))
            for text in (data.text_a, data.text_150, details.user_name, big.text, start.name):
                assert "\n" not in printable(text)
                assert safe_name(text).name
            assert len(read_dates(start.name)) == 2
            for ticks in (*data.longs, *data.time_ticks, details.status_ticks):
                difference = maybe_clock_difference(ticks, 1.79e9)
                assert difference is None or 900 < abs(difference) < SECONDS_OF_THE_CALENDAR
            self._encode_crossed(data, start, random)

    def _encode_crossed(self, data: DataPacket, start: FileStartPacket, random: Random) -> None:
        number = random.choice((*data.integers, *data.longs, *data.unsigned_longs, -1, 1 << 64))
        text = random.choice((data.text_a, start.name, "漢\ud800" * random.randrange(600)))
        for packet in (
            DataPacket(
                number, id_to=number, integers=(number,) * random.randrange(40), text_150=text, tails=data.tails
            ),
            BigStringPacket(300, id_from=number, extra=number, text=text, string_length=random.choice((None, number))),
            replace(start, file_id=number, name=text),
            ClientDataPacket(7, user_name=text, client_id=number, status_ticks=number, spare=start.first_part),
        ):
            try:
                assert len(packet.encode()) == PACKET_SIZE
            except FieldError:
                continue


class TextsTarget:
    """TextJoiner: a text is made of the last packets under its key, a start, guts and this end; memory is bounded."""

    name = "texts"
    largest_text = 1500

    def packets(self) -> Sequence[bytes]:
        """Texts, and the credentials, whose type may turn into that of a text."""
        return recorded_of_types(MESSAGE, 4)

    def attack(self, stream: bytes, random: Random) -> None:
        """Join by recipient or by sender, and forget somebody now and then."""
        joiner = TextJoiner(self.largest_text, most_open=random.randint(1, 4))
        address_of = random.choice((recipient_of, sender_of))
        came: defaultdict[int, list[bytes]] = defaultdict(list)
        for packet in divided(stream[: len(stream) - len(stream) % PACKET_SIZE]):
            key = address_of(packet, Layout.DATA) % 5
            try:
                joined = joiner.receive_packet(key, packet)
            except ProtocolError:
                continue
            came[key].append(packet)
            if joined is not None:
                parts = divided(joined.packets)
                assert parts == came[key][-len(parts) :]
                decoded = [DataPacket.decode(part) for part in parts]
                assert [part.data_type for part in decoded] == [START, *[GUTS] * (len(parts) - 2), END]
                assert joined.text == "".join(part.text_a for part in decoded[:-1])
                assert len(joined.text) <= self.largest_text
            if not random.randrange(20):
                joiner.forget(key)
        self._check_room(joiner)

    def _check_room(self, joiner: TextJoiner) -> None:
        """When nobody has anything unfinished, there is room for a text of the greatest length."""
        for key in range(5):
            joiner.forget(key)
        text = "x" * self.largest_text
        *_, joined = [joiner.receive_packet(0, packet) for packet in divided(split_text(text, id_to=0))]
        assert joined is not None
        assert joined.text == text


class FileReceivingTarget:
    """FileReceiving: a file begins once, ends once, and gives what its chunks say, in order and never too much."""

    name = "files"

    def packets(self) -> Sequence[bytes]:
        """The three files, as sent and as passed on."""
        return recorded_of_types(13, FILE_CHUNK, 15)

    def attack(self, stream: bytes, random: Random) -> None:
        """Let the packets come in any time, people leave and our own side give up; in the end the connection goes."""
        books = FileBooks(most_open=random.randint(1, 3), most_open_of_one=random.randint(1, 2))
        machine = FileReceiving(books.most_open, watchdog=60.0, most_open_of_one=books.most_open_of_one)
        cutter, now = PacketCutter(), 0.0
        for chunk in divided_at_random(stream, random):
            for run in cut_runs(cutter.receive_data(chunk), LAYOUTS):
                now += random.choice((0.0, 0.0, 1.0, 61.0))
                sender = (run.id_from + run.file_id) % 4
                books.check(machine.receive_tick(now))
                if run.packet_type == FILE_CHUNK:
                    books.check_chunks(FileKey(sender, run.file_id), run, machine.receive_run(run, sender, now))
                else:
                    books.check(machine.receive_run(run, sender, now))
                if books.left and not random.randrange(10):
                    key = random.choice(sorted(books.left, key=repr))
                    machine.give_up(key)
                    del books.left[key]
                if not random.randrange(20):
                    books.check(machine.receive_departure(sender, "he left"))
                    assert all(key.sender != sender for key in books.left)
        books.check(machine.receive_eof("the connection is gone"))
        assert not books.left
        assert not machine.receive_tick(now + 1e9)


class FileBooks:
    """What the events of a FileReceiving have told so far, held against what it promises.

    Attributes:
        left: The bytes that each open file has still to give.
    """

    def __init__(self, most_open: int, most_open_of_one: int) -> None:
        self.most_open = most_open
        self.most_open_of_one = most_open_of_one
        self.left: dict[FileKey, int] = {}
        self._next_count: dict[FileKey, int] = {}

    def check(self, events: list[FileEvent]) -> None:
        """Events of any kind."""
        for event in events:
            match event:
                case FileBegan(key, _, size):
                    assert key not in self.left
                    self.left[key] = size
                    self._next_count[key] = 0
                    assert len(self.left) <= self.most_open
                    assert sum(other.sender == key.sender for other in self.left) <= self.most_open_of_one
                case FileDataArrived(key, data):
                    assert data
                    self.left[key] -= len(data)
                    assert self.left[key] >= 0
                case FileCompleted(key, _, _):
                    assert self.left.pop(key) == 0
                case FileFailed(key, reason, _):
                    assert reason
                    self.left.pop(key, None)

    def check_chunks(self, key: FileKey, run: Run, events: list[FileEvent]) -> None:
        """Events of a run of chunks: unless the file fails, all of them count, and they were the next ones."""
        was_open = key in self.left
        self.check(events)
        if not was_open:
            assert not events
        elif key in self.left:
            chunks = [FileChunkPacket.decode(packet) for packet in run.each()]
            first = self._next_count[key]
            self._next_count[key] += len(chunks)
            assert [chunk.chunk_count for chunk in chunks] == list(range(first, self._next_count[key]))
            given = b"".join(event.data for event in events if isinstance(event, FileDataArrived))
            assert given == b"".join(chunk.content[: chunk.chunk_size] for chunk in chunks)
            assert len(given) == sum(chunk.chunk_size for chunk in chunks)
