"""The benchmarks' pure parts: medians, tables, requirements, arguments, and the check of what arrives.

No time is measured here. Thread: pytest's main thread.
"""

from pathlib import Path

import pytest

from commonlib.classic.file_layouts import FileChunkPacket
from commonlib.classic.packet import PACKET_SIZE
from commonlib.wire.frames import FrameCutter
from tcpipserver.options import config_of
from tcpipserver.options import parser as command_parser
from tests.bench import machine
from tests.bench.beats import BEAT_SECONDS, stalls_of
from tests.bench.chunks import BLOCK_BYTES, BLOCK_PACKETS, ChunkCheck, ChunkSource, WrongBytesError
from tests.bench.cli import EXIT_DONE, EXIT_MISSED, main, parser
from tests.bench.figures import MISSING, Requirement, Summary, number, ratio, summed_up, table
from tests.bench.gathering import packets_until_all_know
from tests.bench.wire_fan_out import FRAME_BYTES, frame_of
from tests.bench.wire_limits import RAISED, RAISED_LIMITS


@pytest.mark.parametrize(
    ("values", "summary"),
    [([3.0], Summary(3.0, 3.0, 3.0)), ([9.0, 1.0, 2.0], Summary(2.0, 1.0, 9.0)), ([1.0, 4.0], Summary(2.5, 1.0, 4.0))],
)
def test_figures_are_summed_up_by_their_median(values: list[float], summary: Summary) -> None:
    """One outlier moves an end and not the middle; of an even number the middle is between two."""
    assert summed_up(values) == summary


def test_nothing_measured_cannot_be_summed_up() -> None:
    """No value and a median of 0 have no summary and no ratio."""
    with pytest.raises(ValueError, match="nothing was measured"):
        summed_up([])
    with pytest.raises(ValueError, match="median of 0"):
        ratio([1.0], [0.0])


def test_a_ratio_is_that_of_the_medians() -> None:
    """Rounds are not compared one by one: a slow round of either side counts once."""
    assert ratio([8.0, 2.0, 4.0], [1.0, 2.0, 100.0]) == 2.0


def test_a_table_has_columns() -> None:
    """The first column stands to the left, the others to the right, each as wide as its widest cell."""
    laid_out = table(("MB/s", "median"), [["hub", "1,400"], ["naive relay", "101"]])
    assert laid_out.splitlines() == ["MB/s         median", "hub           1,400", "naive relay     101"]


def test_a_line_with_too_few_cells_is_refused() -> None:
    """A table cannot silently shift its figures under another head."""
    with pytest.raises(ValueError, match="shorter"):
        table(("MB/s", "median"), [["hub"]])


def test_numbers_have_their_thousands_apart() -> None:
    """And what this system does not tell is a dash, never a 0."""
    assert number(1_431_655.7) == "1,431,656"
    assert number(0.654, 2) == "0.65"
    assert number(None) == MISSING


@pytest.mark.parametrize(
    ("figure", "at_least", "missed", "text"),
    [
        (8.0, True, False, "Speed: 8.00 × (at least 8 × required: met)"),
        (7.9, True, True, "Speed: 7.90 × (at least 8 × required: MISSED)"),
        (8.0, False, False, "Speed: 8.00 × (at most 8 × required: met)"),
        (8.1, False, True, "Speed: 8.10 × (at most 8 × required: MISSED)"),
        (None, True, False, "Speed: not measured on this system (at least 8 × required)"),
    ],
)
def test_a_requirement_says_how_it_stands(figure: float | None, at_least: bool, missed: bool, text: str) -> None:
    """The bound itself is met; what could not be measured is neither met nor missed, and the text says so."""
    requirement = Requirement("Speed", figure, 8.0, at_least, " ×")
    assert requirement.is_missed is missed
    assert str(requirement) == text


def test_a_missed_requirement_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command exits with 1 when any requirement is missed and with 0 when all are met, and prints them all."""
    met, missed = Requirement("A", 1.0, 0.5, at_least=True), Requirement("B", 1.0, 2.0, at_least=True)
    monkeypatch.setattr("tests.bench.classic.run", lambda *_: [met])
    assert main(["classic"]) == EXIT_DONE
    monkeypatch.setattr("tests.bench.classic.run", lambda *_: [missed, met])
    assert main(["classic"]) == EXIT_MISSED
    assert capsys.readouterr().out.splitlines()[-2:] == [str(missed), str(met)]


def test_a_benchmark_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong bytes are a sentence and exit code 1, not a traceback and not a figure."""

    def fail(*_: object) -> list[Requirement]:
        raise WrongBytesError(2048)

    monkeypatch.setattr("tests.bench.crowd.run", fail)
    assert main(["crowd"]) == EXIT_MISSED
    assert "the packet at byte 2,048" in capsys.readouterr().err


def test_without_arguments_the_required_measurements_are_taken() -> None:
    """256 MiB between 1 and 4 pairs; 1,000 and 5,000 idle clients, one packet to 1,000; five rounds or more."""
    relay = parser().parse_args(["classic"])
    assert (relay.mib, relay.pairs) == (256, [1, 4])
    assert relay.rounds >= 5
    crowd = parser().parse_args(["crowd"])
    assert (crowd.clients, crowd.recipients) == ([1000, 5000], 1000)
    assert crowd.rounds >= 5


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["classic", "--mib", "0"],
        ["classic", "--rounds", "x"],
        ["crowd", "--clients", "-1"],
        ["crowd", "--visits", "1"],
    ],
)
def test_wrong_use_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """No benchmark, an unknown one, and numbers that are none are refused before anything starts."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_blocks_are_one_file() -> None:
    """ChunkCount goes on from block to block, also where its second and third byte change; all else stays."""
    source = ChunkSource(sender=1, recipient=2, file_id=3)
    for index in (0, 1, 255, 256, 257, 65_536, 3):
        block = bytes(source.block(index))
        first = FileChunkPacket.decode(block[:PACKET_SIZE])
        last = FileChunkPacket.decode(block[-PACKET_SIZE:])
        assert (first.chunk_count, last.chunk_count) == (index * BLOCK_PACKETS, (index + 1) * BLOCK_PACKETS - 1)
        assert (first.id_from, first.id_to, first.file_id, first.chunk_size) == (1, 2, 3, 1010)


def received(check: ChunkCheck, data: bytes, piece: int) -> None:
    """Give data to a check in pieces."""
    for start in range(0, len(data), piece):
        check.receive(memoryview(data)[start : start + piece])


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("piece", [7, 1000, PACKET_SIZE, 100_000, BLOCK_BYTES])
def test_what_was_sent_passes_the_check(piece: int, thorough: bool) -> None:
    """Cut anywhere, the stream of a source of the same numbers is accepted, and counted to its last byte."""
    source = ChunkSource(1, 2, 3)
    sent = b"".join(bytes(source.block(index)) for index in range(2))
    check = ChunkCheck(1, 2, 3, thorough=thorough)
    received(check, sent, piece)
    assert check.position == len(sent)


def test_a_lost_packet_is_found() -> None:
    """Without a packet, or with two exchanged, ChunkCount is not what must stand at this place."""
    block = bytes(ChunkSource(1, 2, 3).block(0))
    with pytest.raises(WrongBytesError, match="byte 4,096"):
        received(ChunkCheck(1, 2, 3, thorough=False), block[: 4 * PACKET_SIZE] + block[5 * PACKET_SIZE :], PACKET_SIZE)


@pytest.mark.parametrize(("sender", "recipient", "file_id"), [(9, 2, 3), (1, 9, 3), (1, 2, 9)])
def test_another_address_is_found(sender: int, recipient: int, file_id: int) -> None:
    """What another sent, or was sent to another, or belongs to another file is not taken for ours."""
    block = bytes(ChunkSource(sender, recipient, file_id).block(0))
    with pytest.raises(WrongBytesError):
        received(ChunkCheck(1, 2, 3, thorough=False), block, BLOCK_BYTES)


def test_the_thorough_check_finds_one_wrong_byte() -> None:
    """It names the packet; the quick check looks at headers and does not see it."""
    block = bytearray(ChunkSource(1, 2, 3).block(0))
    block[10 * PACKET_SIZE + 500] ^= 1
    received(ChunkCheck(1, 2, 3, thorough=False), bytes(block), 100_000)
    with pytest.raises(WrongBytesError) as found:
        received(ChunkCheck(1, 2, 3, thorough=True), bytes(block), 100_000)
    assert found.value.position == 10 * PACKET_SIZE


@pytest.mark.parametrize(("clients", "packets"), [(0, 0), (1, 2), (2, 7), (3, 15)])
def test_the_packets_of_an_arrival_are_counted(clients: int, packets: int) -> None:
    """One: greeting, Registered. Two: also ClientData both ways, and Registered to the first. And so on."""
    assert packets_until_all_know(clients) == packets


def test_the_systems_word_about_a_process_is_read() -> None:
    """A line without a value, as Groups of a process that is in none, does no harm."""
    fields = machine._fields("Name:\tpython3\nGroups:\t\nVmRSS:\t   19384 kB\nThreads:\t8\n")
    assert fields == {"Name": "python3", "Groups": "", "VmRSS": "19384 kB", "Threads": "8"}


def test_a_process_that_is_not_there_has_no_figures() -> None:
    """None stands for what is not told, on systems without /proc as for a process that has ended."""
    assert machine.look_at(2**30) == machine.ProcessFigures(None, None, None, None)


def test_a_stall_is_how_late_a_beat_came() -> None:
    """Of 200 beats two were late: the later is the longest, and 99 of 100 were not later than the punctual ones."""
    gaps = [BEAT_SECONDS] * 198 + [BEAT_SECONDS + 0.5, BEAT_SECONDS + 0.25]
    stalls = stalls_of([sum(gaps[:count]) for count in range(len(gaps) + 1)], [0.0] * len(gaps) + [0.004])
    assert stalls.longest == pytest.approx(0.5)
    assert stalls.percentile == pytest.approx(0.0, abs=1e-9)
    assert stalls.beats == 200


def test_own_work_is_told_beside_the_stall() -> None:
    """A thread that waited half a second and worked 20 ms of it is not said to have been busy."""
    stalls = stalls_of([0.0, BEAT_SECONDS, 0.5], [1.0, 1.004, 1.024])
    assert stalls.busiest == pytest.approx(0.02)


def test_the_percentile_is_a_stall_that_was() -> None:
    """Three late beats of 200 are more than one in a hundred: the least of them is the 99th percentile."""
    gaps = [BEAT_SECONDS] * 197 + [BEAT_SECONDS + late for late in (0.3, 0.1, 0.2)]
    stalls = stalls_of([sum(gaps[:count]) for count in range(len(gaps) + 1)], [0.0] * len(gaps) + [0.004])
    assert stalls.percentile == pytest.approx(0.1)


def test_a_beat_that_came_early_is_no_stall() -> None:
    """A timer that rings too soon counts as punctual, never as less than nothing."""
    assert stalls_of([0.0, BEAT_SECONDS / 2], [0.0, 0.0]).longest == 0.0


def test_a_window_without_two_beats_was_not_measured() -> None:
    """No figure is made up for it."""
    with pytest.raises(ValueError, match="no two beats"):
        stalls_of([1.0], [0.0])


def test_the_window_benchmark_takes_its_amounts() -> None:
    """Each load has its option, and those that are required are the defaults."""
    options = parser().parse_args(["window", "--mib", "1024"])
    assert (options.lines, options.people, options.messages, options.files) == (100_000, 2_000, 20_000, 10_000)
    assert (options.mib, options.rounds) == (1024, 7)


def test_a_measured_frame_has_the_size_that_is_told() -> None:
    """200 bytes with its header, and it is one frame for one recipient."""
    (frame,) = FrameCutter().receive_data(frame_of(FRAME_BYTES, to=7))
    assert len(frame_of(FRAME_BYTES, to=7)) == FRAME_BYTES
    assert frame.to == 7


def test_the_raised_limits_are_the_same_for_both_hubs() -> None:
    """The arguments of the command give what the hub in the clear is started with."""
    options = command_parser().parse_args([*RAISED])
    assert config_of(options, Path("unused")).limits == RAISED_LIMITS
