"""The parts of the benchmark of files that measure nothing: the sets, the comparing of copies, runs, the report.

No time is asserted. Thread: pytest's main thread.
"""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.bench import files
from tests.bench.children import HOST, Child, ChildError
from tests.bench.cli import EXIT_DONE, EXIT_MISSED, main, parser
from tests.bench.figures import Requirement
from tests.bench.file_chat import HUB, NOTHING, SOCAT, percentile
from tests.bench.file_chat import report as chat_report
from tests.bench.file_copies import OURS, REFERENCE, Measured, report, times_scp
from tests.bench.file_peers import INSIDE_SSHD, Ssh, check_installed, installed_sftp
from tests.bench.file_programs import THROUGH_HUB, CommandFailedError, Office, compiled_programs, run_command
from tests.bench.file_sets import (
    MEBIBYTE,
    DataSet,
    WrongCopyError,
    check_copy,
    memory_folder,
    remove,
    write_file,
    write_mixed_tree,
    write_small_files,
    write_sparse_file,
)
from tests.bench.lossy_path import Direction
from tests.bench.machine import forget_peak, maybe_peak

AMOUNTS = files.Amounts(1, 1, 1, 1, 1, 1, 1)
TREE = DataSet("A tree", Path("tree"), must=5, goal=8)


def test_a_whole_copy_passes(tmp_path: Path) -> None:
    """A tree with an empty folder, and a file by itself, are the same as their copies."""
    tree = write_mixed_tree(tmp_path / "tree", 60)
    check_copy(tree, Path(shutil.copytree(tree, tmp_path / "copy")))
    large = write_file(tmp_path / "large.bin", 2)
    check_copy(large, Path(shutil.copy(large, tmp_path / "copy.bin")))


@pytest.mark.parametrize("harm", ["changed", "missing", "too much", "no empty folder", "longer"])
def test_a_copy_that_differs_is_found(harm: str, tmp_path: Path) -> None:
    """One other byte, one file less or more, an empty folder left out: nothing of it counts as a copy."""
    tree = write_mixed_tree(tmp_path / "tree", 60)
    copy = Path(shutil.copytree(tree, tmp_path / "copy"))
    victim = next(found for found in copy.rglob("*.dat"))
    match harm:
        case "changed":
            data = victim.read_bytes()
            victim.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "missing":
            victim.unlink()
        case "too much":
            (victim.parent / "another").write_bytes(b"")
        case "longer":
            victim.write_bytes(victim.read_bytes() + b"\0")
        case _:
            (copy / "part 0" / "still empty").rmdir()
    with pytest.raises(WrongCopyError):
        check_copy(tree, copy)


def test_a_copy_that_never_came_is_found(tmp_path: Path) -> None:
    """A command that ends well and writes nothing has copied nothing."""
    with pytest.raises(WrongCopyError, match="one side alone"):
        check_copy(write_file(tmp_path / "large.bin", 1), tmp_path / "copy.bin")


def test_sets_have_what_they_say(tmp_path: Path) -> None:
    """So many files of 4 KiB; no two MiB of the large file alike; a sparse file has its length."""
    small = [path for path in write_small_files(tmp_path / "small", 1001).rglob("*") if path.is_file()]
    assert len(small) == 1001
    assert {path.stat().st_size for path in small} == {4096}
    assert len([path for path in write_mixed_tree(tmp_path / "mixed", 70).rglob("*") if path.is_file()]) == 70
    large = write_file(tmp_path / "large.bin", 2).read_bytes()
    assert len(large) == 2 * MEBIBYTE
    assert large[:MEBIBYTE] != large[MEBIBYTE:]
    assert write_sparse_file(tmp_path / "sparse.bin", 3 * MEBIBYTE).stat().st_size == 3 * MEBIBYTE


def test_copies_are_taken_away(tmp_path: Path) -> None:
    """Files, folders, and what never came."""
    tree, large = write_mixed_tree(tmp_path / "tree", 3), write_file(tmp_path / "large.bin", 1)
    for path in (tree, large, tmp_path / "nothing"):
        remove(path)
        assert not path.exists()


def test_the_folder_in_memory_is_taken_away() -> None:
    """Nothing of a measurement is left in memory."""
    with memory_folder() as folder:
        write_small_files(folder / "small", 3)
    assert not folder.exists()


def test_a_command_is_run_to_its_end() -> None:
    """Its time and its memory are the process's own, measured from outside."""
    run = run_command([sys.executable, "-c", "held = bytearray(50_000_000)"])
    assert run.seconds > 0
    assert run.peak > 50_000_000


def test_a_command_that_fails_is_no_measurement() -> None:
    """Its exit code and its own words are told."""
    with pytest.raises(CommandFailedError, match="ended with 1: there is no such thing"):
        run_command([sys.executable, "-c", "import sys; sys.exit('there is no such thing')"])


def test_measured_programs_are_compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """As installed ones are, whatever the variables say; afterwards these are as they were."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    before = dict(os.environ)
    with compiled_programs():
        run_command([sys.executable, "-c", "import tests.bench.figures"])
        compiled = list(Path(os.environ["PYTHONPYCACHEPREFIX"]).rglob("figures*.pyc"))
    assert len(compiled) == 1
    assert dict(os.environ) == before


def test_the_sender_is_told_by_arguments() -> None:
    """Each recipient has his --to, and a way is named only where others are to be left out."""
    office = Office(Child(4711, 1), Path("sender"))
    command = office.send_file(Path("tree"), "bob", "eve")
    assert command[command.index("send-file") :][:6] == ["send-file", "tree", "--to", "bob", "--to", "eve"]
    assert f"{HOST}:4711" in command
    assert "--path" not in command
    limited = office.send_file(Path("tree"), "bob", way=THROUGH_HUB)
    assert limited[limited.index("--path") + 1] == THROUGH_HUB


def test_scp_and_rsync_have_the_same_keys() -> None:
    """Neither reads the user's own settings, and both go to the port of our own sshd."""
    ssh = Ssh(HOST, 4712, ("-F", "/dev/null", "-i", "key"))
    assert ssh.scp(Path("tree"), Path("copies"))[3:] == ["-P", "4712", *ssh.options, "tree", f"{HOST}:copies/"]
    assert ssh.rsync(Path("tree"), Path("copies"))[3:] == [
        "ssh -p 4712 -F /dev/null -i key",
        "tree",
        f"{HOST}:copies/",
    ]


@pytest.mark.parametrize(
    ("settings", "sftp"),
    [
        ("UsePAM yes\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n", "/usr/lib/openssh/sftp-server"),
        ("subsystem sftp /usr/lib/ssh/sftp-server -f AUTH\n", "/usr/lib/ssh/sftp-server -f AUTH"),
        ("#Subsystem sftp /usr/lib/openssh/sftp-server\nSubsystem other /bin/true\nSubsystem sftp\n", INSIDE_SSHD),
        ("", INSIDE_SSHD),
    ],
)
def test_scp_talks_to_the_sftp_server_that_the_system_has(settings: str, sftp: str) -> None:
    """As its own sshd is set; a line that is none, or of something else, does not count."""
    assert installed_sftp(settings) == sftp


def test_what_is_not_installed_is_named() -> None:
    """The sentence has the command that installs it."""
    with pytest.raises(ChildError, match="On Debian: apt-get install no-such-program"):
        check_installed(("no-such-program",))


def test_the_report_compares_with_scp() -> None:
    """Twice as fast is 2 ×; must and goal stand beside our own figure alone."""
    measured = {REFERENCE: Measured([4.0, 8.0, 6.0]), OURS: Measured([3.0, 1.0, 9.0])}
    assert times_scp(measured, OURS) == 2.0
    assert [line.split() for line in report(TREE, measured).splitlines()[1:]] == [
        [REFERENCE, "6.000", "4.000", "8.000", "1.00"],
        [OURS, "3.000", "1.000", "9.000", "2.00", "5", "8"],
    ]


def test_a_way_that_failed_has_no_figures() -> None:
    """Not even those of the rounds before; why stands below the table, and the requirement is missed."""
    measured = {REFERENCE: Measured([4.0]), OURS: Measured([1.0], failure="it said no")}
    *_, row, sentence = report(TREE, measured).splitlines()
    assert row.split() == [OURS, *["–"] * 4, "5", "8"]
    assert sentence == "send-file failed: it said no"
    assert times_scp(measured, OURS) == 0.0


def test_the_benchmark_of_files_takes_its_amounts() -> None:
    """Those that are required are the defaults."""
    options = parser().parse_args(["files"])
    assert (options.mib, options.small, options.mixed) == (1024, 10_000, 2_500)
    assert options.rounds >= 5


def test_a_copy_that_differs_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where another program's copy is not what was sent, nothing can be compared: a sentence and exit code 1."""

    def fail(*_: object) -> list[Requirement]:
        raise WrongCopyError("tree: page 1 is on one side alone")

    monkeypatch.setattr("tests.bench.files.run", fail)
    assert main(["files"]) == EXIT_MISSED
    assert "page 1 is on one side alone" in capsys.readouterr().err
    monkeypatch.setattr("tests.bench.files.run", lambda *_: [])
    assert main(["files"]) == EXIT_DONE


def test_a_part_that_fails_is_missed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The other parts are measured all the same, and the sentence says which failed and why."""

    def fail(*_: object) -> list[Requirement]:
        raise CommandFailedError("no way through the hub")

    met = Requirement("Loss", 1.0, 0.5, at_least=True)
    monkeypatch.setattr("tests.bench.file_ways.run", fail)
    monkeypatch.setattr("tests.bench.file_loss.run", lambda *_: [met])
    failed, passed = files.run(AMOUNTS, rounds=1, parts=["ways", "loss"])
    assert failed.is_missed
    assert passed is met
    assert "ways failed: no way through the hub" in capsys.readouterr().out


def test_the_percentile_is_a_text_that_was() -> None:
    """Of 200 texts two may take longer; of fewer than 100 none; of none there is no figure."""
    assert percentile([*[0.001] * 198, 5.0, 6.0]) == 0.001
    assert percentile([*[0.001] * 197, 4.0, 5.0, 6.0]) == 4.0
    assert percentile([0.001, 7.0]) == 7.0
    with pytest.raises(ValueError, match="nothing was said"):
        percentile([])


def test_the_report_on_chat_has_the_middle_round() -> None:
    """The 99th percentile is taken of each round, and their median is shown; the bound stands at the hub's line."""
    talks = {NOTHING: [[0.001]], HUB: [[0.002], [0.009], [0.003]], SOCAT: [[0.004]]}
    nothing, hub, socat = (line.split("  ") for line in chat_report(talks).splitlines()[1:])
    assert [cell.strip() for cell in hub if cell][:6] == [HUB, "3.00", "2.00", "9.00", "3.00", "3"]
    assert "≤ 1.5 × socat" in "  ".join(hub)
    assert "≤" not in "  ".join([*nothing, *socat])


def test_packets_take_their_time_in_their_order() -> None:
    """None arrives before its time, and whoever carries them knows when the next one does."""
    direction = Direction(random.Random(1), seconds=0.25, loss=0.0)
    assert direction.next_due is None
    direction.receive(b"one", 10.0)
    direction.receive(b"two", 10.5)
    assert direction.next_due == 10.25
    assert direction.due(10.2) == []
    assert direction.due(10.75) == [b"one", b"two"]


def test_as_many_packets_are_lost_as_told() -> None:
    """One in a hundred, drawn from a seed."""
    direction = Direction(random.Random(1), seconds=0.0, loss=0.01)
    for _ in range(10_000):
        direction.receive(b"x", 0.0)
    assert 50 <= 10_000 - len(direction.due(0.0)) <= 150


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the most memory that a process held")
def test_the_most_memory_is_told_and_forgotten() -> None:
    """What was held once counts until it is forgotten."""
    held = bytearray(60 * MEBIBYTE)
    peak = maybe_peak(os.getpid())
    del held
    now = forget_peak(os.getpid())
    assert peak is not None
    assert now is not None
    assert peak - now > 40 * MEBIBYTE
    assert (maybe_peak(os.getpid()) or 0) < peak


def test_the_memory_of_a_process_that_is_gone_is_unknown() -> None:
    """None stands for what is not told."""
    assert forget_peak(2**30) is None
    assert maybe_peak(2**30) is None


def test_parts_of_the_benchmark_can_be_chosen() -> None:
    """All unless told otherwise; another name is wrong use."""
    assert tuple(parser().parse_args(["files"]).only) == files.PARTS
    assert parser().parse_args(["files", "--only", "chat", "loss"]).only == ["chat", "loss"]
    with pytest.raises(SystemExit):
        parser().parse_args(["files", "--only", "everything"])
