"""A hub that runs out of descriptors: it says so once, sends newcomers away at once, and does not spin.

Each hub is a process of its own with a low limit. Thread: pytest's main thread as every client.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.classic_client import SECONDS, ClassicClient
from tests.support.hub_process import ROOT, HubProcess, hub_process
from tests.support.leaks import wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of descriptors")
PROCESSES = Path("/proc/self/stat")
LIMIT = 96
LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({LIMIT}, {LIMIT}))
from tcpipserver.cli import main
sys.exit(main(sys.argv[1:]))
"""
BLIND = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({LIMIT}, {LIMIT}))
from tcpipserver import service
from tcpipserver.cli import main
service.raise_limit = lambda: 100_000
sys.exit(main(sys.argv[1:]))
"""
"""A hub that believes in more places than there are, so that it comes to the system's limit."""
RAISING = """
import resource, sys
from tcpipserver.net.descriptors import raise_limit
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (80, min(hard, 4000)))
print(raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def greeted(clients: list[ClassicClient]) -> list[ClassicClient]:
    """Those of the clients whom the hub greets; the connections of the others must be at their end."""
    found = []
    for client in clients:
        try:
            client.greet()
            found.append(client)
        except (AssertionError, ConnectionError):
            assert client.packets == []
    return found


def connect(hub: HubProcess, count: int) -> list[ClassicClient]:
    """So many connections at once."""
    return [ClassicClient(hub.port) for _ in range(count)]


def has_room(hub: HubProcess) -> bool:
    """Whether a newcomer is greeted."""
    with ClassicClient(hub.port) as client:
        return bool(greeted([client]))


def cpu_seconds(process: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_hub_knows_how_many_there_is_room_for(tmp_path: Path) -> None:
    """With a low limit that cannot be raised it says its capacity, keeps to it, and gives a free place again."""
    with hub_process(tmp_path, python=("-c", LIMITED)) as hub:
        hub.wait_for(f"has room for {LIMIT - 64} clients.")
        clients = connect(hub, LIMIT - 50)
        inside = greeted(clients)
        assert len(inside) == LIMIT - 64
        hub.wait_for("was sent away: all 32 places are taken.")
        inside[0].close()
        hub.wait_for("did not register: it closed the connection")
        assert hub.said.count("was sent away: all 32 places are taken.") == 1
        assert wait_until(lambda: has_room(hub), SECONDS)
        for client in clients:
            client.close()
        assert hub.end() == 0
        assert "Traceback" not in hub.said


def test_without_a_descriptor_newcomers_are_sent_away_once_told(tmp_path: Path) -> None:
    """At the system's limit a connection is accepted and closed with the reserve; those inside are served as before."""
    with hub_process(tmp_path, python=("-c", BLIND)) as hub:
        ann = ClassicClient(hub.port).register("Ann")
        clients = connect(hub, LIMIT + 20)
        inside = greeted(clients)
        assert LIMIT - 40 < len(inside) < LIMIT
        ann.echo()
        hub.wait_for("gives this hub no more descriptors, so newcomers are sent away")
        assert not has_room(hub)
        for client in inside[:10]:
            client.close()
        assert wait_until(lambda: has_room(hub), SECONDS)
        ann.echo()
        for client in [ann, *clients]:
            client.close()
        assert hub.end() == 0
        assert hub.said.count("no more descriptors") == 1
        assert "Traceback" not in hub.said


@pytest.mark.skipif(not PROCESSES.exists(), reason="this system does not tell the processor time of other processes")
def test_at_the_limit_a_hub_does_not_spin(tmp_path: Path) -> None:
    """While it is full and nobody comes, it uses next to no processor time."""
    with hub_process(tmp_path, python=("-c", BLIND)) as hub:
        clients = connect(hub, LIMIT + 20)
        greeted(clients)
        before = cpu_seconds(hub.process.pid)
        # A time to measure over, not one to wait for something: a hub that spins uses nearly all of it.
        threading.Event().wait(1.0)
        assert cpu_seconds(hub.process.pid) - before < 0.4
        for client in clients:
            client.close()


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    """The limit that a process may raise by itself is raised, and the room is told by the new one."""
    done = subprocess.run([sys.executable, "-c", RAISING], cwd=ROOT, capture_output=True, text=True, check=True)
    room, soft, hard = map(int, done.stdout.split())
    assert soft == hard
    assert room == soft - 64
