"""Clients on a hub that pass files to each other, and folders to send: what tests of batches begin with.

Owns how they are made, and that all of it ends with the test. It must never wait in any way but for events. Threads:
the test's own makes them; events come on the clients'.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tcpipclient import Accept, Client, ClientConfig, PersonJoined, Trust
from tcpipclient.config import ClientSettings
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchOffered, BatchProgressed, BatchState
from tcpipclient.exchange import FileExchange
from tcpipserver import Server, ServerConfig
from tests.support.clients import Heard


class BatchClient:
    """One client, what it was told, and its folder for downloads."""

    def __init__(self, client: Client, downloads: Path) -> None:
        self.client = client
        self.downloads = downloads
        self.heard = Heard(client)

    @property
    def id(self) -> int:
        return self.client.own_id

    def offered(self, transfer: int = 1, offer: int = 0) -> BatchOffered:
        """Wait for an offer."""
        return self.heard.wait_for(BatchOffered, lambda it: (it.transfer, it.offer) == (transfer, offer))

    def changed(self, number: int, state: BatchState) -> BatchChanged:
        """Wait until a batch is in a state."""
        return self.heard.wait_for(BatchChanged, lambda it: it.transfer == number and it.state is state)

    def ended(self, number: int) -> BatchEnded:
        """Wait for the end of a batch."""
        return self.heard.wait_for(BatchEnded, lambda it: it.transfer == number)

    def moved(self, number: int, done: int = 1) -> BatchProgressed:
        """Wait until so many bytes of a batch are done."""
        return self.heard.wait_for(BatchProgressed, lambda it: it.transfer == number and it.done >= done)

    def break_ways(self) -> None:
        """The network under all connections to other clients is gone, and both ends notice."""
        shell = self.client._exchange._maybe_shell
        assert shell is not None
        for pump in list(shell._carrier._pumps.values()):
            # Below TLS: its own method takes the keys from the pump's thread first, which breaks the way differently.
            socket.socket.shutdown(pump._pipe._link.socket, socket.SHUT_RDWR)

    def received(self) -> dict[str, bytes | None]:
        """What is in the folder for downloads, by path: the bytes of files, None for folders."""
        return contents(self.downloads)


class Meeting:
    """A hub, and clients on it."""

    def __init__(self, folder: Path, server: Server, stack: ExitStack) -> None:
        self.folder = folder
        self.server = server
        self._stack = stack
        self._here: list[BatchClient] = []

    def join(
        self, name: str, accept: Accept = Accept.ALL, exchange: FileExchange | None = None, **settings: object
    ) -> BatchClient:
        """One more, who takes all that he is offered unless it is said otherwise; all others know of him."""
        downloads = self.folder / f"downloads of {name}"
        given: ClientSettings = {
            "port": self.server.port,
            "name": name,
            "downloads": downloads,
            "accept": accept,
            "trust": Trust.FIRST_USE,
            "listening_port": 0,
            **settings,  # type: ignore[typeddict-item]
        }
        joined = BatchClient(Client(ClientConfig("127.0.0.1", **given), exchange=exchange), downloads)
        self._stack.enter_context(joined.client)
        for other in self._here:
            if not other.client.is_connected:
                continue
            other.heard.wait_for(PersonJoined, lambda it: it.person.id == joined.id)
        self._here.append(joined)
        return joined


@contextmanager
def meeting(folder: Path) -> Iterator[Meeting]:
    """A hub on loopback; clients that join are closed before it stops."""
    with Server(ServerConfig(host="127.0.0.1", port=0)) as server, ExitStack() as stack:
        yield Meeting(folder, server, stack)


def make_tree(folder: Path) -> Path:
    """A folder with files, empty and not, empty folders, and names of many scripts."""
    top = folder / "Päckchen ☕"
    (top / "leer").mkdir(parents=True)
    (top / "tief" / "er").mkdir(parents=True)
    (top / "nichts.txt").write_bytes(b"")
    (top / "über uns.txt").write_bytes("Grüße".encode())
    (top / "tief" / "er" / "書.bin").write_bytes(bytes(range(256)) * 5000)
    return top


def contents(folder: Path) -> dict[str, bytes | None]:
    """What is in a folder, hidden places of its own at the top left out."""
    found = [path for top in folder.iterdir() if not top.name.startswith(".") for path in (top, *top.rglob("*"))]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in sorted(found)
    }
