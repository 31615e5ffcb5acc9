"""fuzzing: an attack finds planted defects, tells how to see them again, and is the same each time."""

from collections.abc import Sequence
from random import Random

import pytest

from commonlib.classic.file_layouts import FileChunkPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, recipient_of
from commonlib.exceptions import ProtocolError
from tests.fuzz import __main__ as command
from tests.support.fuzzing import DefectError, Effort, Target, attack_once, divided_at_random, fuzz
from tests.support.recordings import ALICE_TO_SERVER, divided, recorded_packets


class Recorder:
    """A target that is never harmed and remembers what it was fed with."""

    name = "recorder"

    def __init__(self) -> None:
        self.streams: list[bytes] = []
        self.chances: list[float] = []

    def packets(self) -> Sequence[bytes]:
        return recorded_packets(ALICE_TO_SERVER)

    def attack(self, stream: bytes, random: Random) -> None:
        self.streams.append(stream)
        self.chances.append(random.random())


class TrustsItsPeer(Recorder):
    """A target that believes the size of a chunk, and fails where it is a lie."""

    name = "trusting"

    def attack(self, stream: bytes, random: Random) -> None:
        super().attack(stream, random)
        for packet in divided(stream[: len(stream) - len(stream) % PACKET_SIZE]):
            chunk = FileChunkPacket.decode(packet)
            if chunk.packet_type == 14 and chunk.chunk_size:
                chunk.content[chunk.chunk_size - 1]


class BelievesInAddresses(Recorder):
    """A target that knows two people and asserts that there is no third."""

    name = "believing"

    def attack(self, stream: bytes, random: Random) -> None:
        for packet in divided(stream[: len(stream) - len(stream) % PACKET_SIZE]):
            assert recipient_of(packet, Layout.DATA) != 0x7FFF_FFFF


class LetsItsOwnErrorsOut(Recorder):
    """A target that lets out an error of the documented family, which it should have caught."""

    name = "careless"

    def attack(self, stream: bytes, random: Random) -> None:
        raise ProtocolError("of no importance")


def test_an_attack_is_the_same_each_time() -> None:
    """One seed gives the same streams and the same chances, another seed others."""
    first, again, other = Recorder(), Recorder(), Recorder()
    fuzz(first, 7, Effort(iterations=30))
    fuzz(again, 7, Effort(iterations=30))
    fuzz(other, 8, Effort(iterations=30))
    assert (first.streams, first.chances) == (again.streams, again.chances)
    assert first.streams != other.streams


def test_an_iteration_can_be_repeated_alone() -> None:
    """What an iteration does depends on no other one before it."""
    whole, alone = Recorder(), Recorder()
    fuzz(whole, 7, Effort(iterations=30))
    fuzz(alone, 7, Effort(iterations=1, first=20))
    assert alone.streams == whole.streams[20:21]
    assert len(set(whole.streams)) > 20


@pytest.mark.parametrize("target", [TrustsItsPeer(), BelievesInAddresses(), LetsItsOwnErrorsOut()])
def test_a_planted_defect_is_found_and_can_be_seen_again(target: Target) -> None:
    """A believed length, a number nobody thought of, an error of our own: each is found and told with its number."""
    with pytest.raises(DefectError) as caught:
        fuzz(target, 0, Effort(iterations=5000))
    found = caught.value
    assert f"--target {target.name} --seed 0 --first {found.iteration} --iterations 1" in str(found)
    assert found.__cause__ is found.cause
    with pytest.raises(DefectError):
        attack_once(target, found.seed, found.iteration)


def test_an_attack_ends_with_its_iterations_or_its_time() -> None:
    """What comes first ends it; the number of iterations that passed is told."""
    times = iter(range(100))
    assert fuzz(Recorder(), 0, Effort(iterations=3, seconds=50.0), clock=lambda: float(next(times))) == 3
    times = iter(range(100))
    assert fuzz(Recorder(), 0, Effort(iterations=50, seconds=3.0, first=5), clock=lambda: float(next(times))) == 2
    assert fuzz(Recorder(), 0, Effort(seconds=0.0)) == 0


def test_chunks_make_up_the_stream() -> None:
    """Random chunks, none of them empty, lose nothing and come in many sizes."""
    random, stream = Random(0), Random(1).randbytes(200_000)
    chunks = [chunk for _ in range(20) for chunk in divided_at_random(stream, random)]
    assert b"".join(chunks) == stream * 20
    assert {1, 2, 1023, 1024, 1025, 65536} <= {len(chunk) for chunk in chunks}


def test_the_command_tells_what_passed(capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each target, or for the chosen one; exit code 0."""
    assert command.main(["--iterations", "2", "--seed", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [target.name for target in command.TARGETS]
    assert all("2 iterations with seed 5, nothing found." in line for line in lines)
    assert command.main(["--iterations", "1", "--target", "texts"]) == 0
    assert capsys.readouterr().out.startswith("texts: 1 iterations")


def test_the_command_tells_how_to_see_a_defect_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1, the cause with its traceback, and in the last line the command that repeats it."""
    monkeypatch.setattr(command, "TARGETS", (LetsItsOwnErrorsOut(),))
    assert command.main(["--seed", "3", "--first", "9", "--seconds", "60"]) == 1
    shown = capsys.readouterr()
    assert "of no importance" in shown.err
    assert "--target careless --seed 3 --first 9 --iterations 1" in shown.out.splitlines()[-1]


def test_an_interrupted_command_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130 and a sentence, no traceback."""

    class Interrupts(Recorder):
        def attack(self, stream: bytes, random: Random) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "TARGETS", (Interrupts(),))
    assert command.main([]) == 130
    assert capsys.readouterr().out == "Stopped as asked; nothing was found.\n"


def test_an_unknown_target_is_wrong_use() -> None:
    """Exit code 2."""
    with pytest.raises(SystemExit) as caught:
        command.main(["--target", "nobody"])
    assert caught.value.code == 2
