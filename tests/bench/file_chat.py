"""How long texts of others take while a large file passes the hub, and while a plain relay in C passes it beside.

Owns this measurement and its report. Must never measure the talk in the process that moves the bytes. The main thread.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.children import HOST, ROOT, ChildError
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.file_peers import check_installed, free_port, wait_until_listening
from tests.bench.file_programs import THROUGH_HUB, Office, run_command, running_office, running_recipient
from tests.bench.file_sets import check_copy, memory_folder, remove, write_file

MOST_TIMES_SOCAT = 1.5
NOTHING, HUB, SOCAT = "nothing", "the hub's relay", "socat beside the hub"
_HEAD = ("moving", "p99 ms, median", "min", "max", "half of all ms", "texts", "must", "goal")
_BUFFER = "262144"
_QUIET_SECONDS = "3"
_END_SECONDS = 30.0


class Talkers:
    """The process of those who talk."""

    def __init__(self, process: "subprocess.Popen[str]", figures: Path) -> None:
        self._process = process
        self._figures = figures

    def during(self, load: Callable[[], object]) -> list[float]:
        """Have them talk while something happens; the seconds that each text took.

        Raises:
            ChildError: They ended.
        """
        self._tell("begin")
        load()
        self._tell("end")
        seconds: list[float] = json.loads(self._figures.read_text(encoding="ascii"))
        return seconds

    def wait_until_ready(self) -> None:
        """Wait for their word. Raises ChildError where they ended."""
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise ChildError("those who talk have ended")

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        self.wait_until_ready()


def run(mebibytes: int, rounds: int) -> list[Requirement]:
    """Measure and print; returns how the requirement stands.

    Raises:
        ChildError, CommandFailedError, WrongCopyError: A program did not become ready, or the file did not get there.
    """
    check_installed(("socat",))
    with (
        memory_folder() as folder,
        running_office(folder) as office,
        running_recipient(office, folder, folder / "copies") as recipient,
        _talkers(office, folder / "talk.json") as talkers,
    ):
        large, copy = write_file(folder / "large.bin", mebibytes), folder / "copies" / "large.bin"
        loads: dict[str, Callable[[], object]] = {
            NOTHING: lambda: run_command(["sleep", _QUIET_SECONDS]),
            HUB: lambda: run_command(office.send_file(large, recipient.name, way=THROUGH_HUB)),
            SOCAT: lambda: _through_socat(large, copy, office.sender_folder),
        }
        talks: dict[str, list[list[float]]] = {name: [] for name in loads}
        for _ in range(rounds):
            for name, load in loads.items():
                talks[name].append(talkers.during(load))
                if name != NOTHING:
                    check_copy(large, copy)
                    remove(copy)
    print(f"Texts of two others while {mebibytes:,} MiB move, {rounds} rounds\n{report(talks)}\n")
    slowest = {name: [percentile(seconds) for seconds in some] for name, some in talks.items()}
    figure = ratio(slowest[HUB], slowest[SOCAT])
    return [
        Requirement("chat p99 beside the relay × beside socat", figure, MOST_TIMES_SOCAT, at_least=False, unit=" ×")
    ]


def report(talks: dict[str, list[list[float]]]) -> str:
    """The table: for each load the 99th percentile of each round, summed up."""
    rows = []
    for name, some in talks.items():
        slow = summed_up([percentile(seconds) * 1000 for seconds in some])
        everything = summed_up([second * 1000 for seconds in some for second in seconds])
        bounds = [f"≤ {MOST_TIMES_SOCAT:g} × socat", "1"] if name == HUB else ["", ""]
        shown = [number(value, 2) for value in (slow.median, slow.least, slow.most, everything.median)]
        rows.append([name, *shown, number(sum(map(len, some))), *bounds])
    return table(_HEAD, rows)


def percentile(seconds: list[float]) -> float:
    """What 99 of 100 did not exceed.

    Raises:
        ValueError: There is none.
    """
    if not seconds:
        raise ValueError("nothing was said")
    return sorted(seconds)[-(-len(seconds) * 99 // 100) - 1]


@contextlib.contextmanager
def _talkers(office: Office, figures: Path) -> Iterator[Talkers]:
    command = [sys.executable, "-m", "tests.bench.talkers", office.host, str(office.hub.port), str(figures)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        talkers = Talkers(process, figures)
        talkers.wait_until_ready()
        yield talkers
    finally:
        process.stdin.close()
        process.wait(_END_SECONDS)
        process.stdout.close()


def _through_socat(large: Path, copy: Path, identity: Path) -> None:
    """Bring a file to its copy: TLS from end to end, all by socat, and a third socat between both ends."""
    key = f"cert={identity / 'cert.pem'},key={identity / 'key.pem'},verify=0"
    relay, end = free_port(), free_port()
    receiving = ["socat", "-u", "-b", _BUFFER, f"OPENSSL-LISTEN:{end},bind={HOST},{key}", f"CREATE:{copy}"]
    relaying = ["socat", "-b", _BUFFER, f"TCP-LISTEN:{relay},bind={HOST}", f"TCP:{HOST}:{end}"]
    with subprocess.Popen(receiving) as receiver, subprocess.Popen(relaying) as relayer:
        try:
            wait_until_listening(end)
            wait_until_listening(relay)
            run_command(["socat", "-u", "-b", _BUFFER, f"OPEN:{large},rdonly", f"OPENSSL:{HOST}:{relay},verify=0"])
            receiver.wait(_END_SECONDS)
        finally:
            receiver.terminate()
            relayer.terminate()
