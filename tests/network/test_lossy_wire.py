"""The bad cable: what goes over it comes late, and all of it comes, for TCP sends again what was lost.

Threads: pytest's main thread, and the wire's.
"""

import subprocess
import sys
import time

import pytest

from tests.support.lossy_wire import Badness, lossy_wire
from tests.support.namespaces import may_make_namespaces, network

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="network namespaces are for root on Linux alone")
SIZE = 300_000
SEND = f"""
import socket
listening = socket.create_server(("", 0))
print(listening.getsockname()[1], flush=True)
connected, _ = listening.accept()
connected.sendall(bytes({SIZE}))
connected.close()
"""
RECEIVE = """
import socket, sys
connected = socket.create_connection((sys.argv[1], int(sys.argv[2])), 20)
print(sum(len(data) for data in iter(lambda: connected.recv(65536), b"")))
"""


def test_all_of_it_comes_and_takes_its_time() -> None:
    """With one packet in twenty lost and 20 ms in each direction."""
    with network("ann", "bob") as lan, lossy_wire(lan["ann"], lan["bob"], Badness(0.020, 0.05)) as (_, bob):
        sending = subprocess.Popen([*lan["bob"].prefix, sys.executable, "-c", SEND], stdout=subprocess.PIPE, text=True)
        with sending:
            assert sending.stdout is not None
            port = sending.stdout.readline().strip()
            began = time.monotonic()
            command = [*lan["ann"].prefix, sys.executable, "-c", RECEIVE, bob, port]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
            taken = time.monotonic() - began
    assert int(done.stdout) == SIZE
    # There and back to connect, and there and back at least once for the bytes: no computer makes it shorter.
    assert taken >= 0.080
