"""People with keys of their own who send and receive by the commands, each a process with a folder of his own.

Owns the options that bring one of them into a hub. It must never look into the package, but for the book of hubs that
are trusted. Thread: the test's own.
"""

import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from commonlib.identity import Fingerprint
from tcpipclient.trust import TrustStore
from tests.support.commands import RunningCommand, run_client, started


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who knows the hub; made by `member_of`.

    Attributes:
        home: All that he has is below it.
        host, port: Of the hub.
        prefix: What runs a command on the machine where he is.
    """

    name: str
    home: Path
    port: int
    host: str = "127.0.0.1"
    prefix: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """What brings him in."""
        return ("--server", f"{self.host}:{self.port}", "--name", self.name, "--data-dir", str(self.home))

    @property
    def downloads(self) -> Path:
        """Where what he receives goes."""
        return self.home / "downloads"

    @contextmanager
    def listening(self, *options: str) -> Iterator[RunningCommand]:
        """He listens and keeps everything, unless the options say otherwise; he is in when this is entered."""
        with started("listen", *self.options, "--accept", "all", *options, prefix=self.prefix) as listener:
            listener.next_item("ready")
            yield listener

    def sending(self, to: str, *arguments: str | Path) -> AbstractContextManager[RunningCommand]:
        """He sends; the arguments are paths and options."""
        return started("send-file", *self.options, "--to", to, *map(str, arguments), prefix=self.prefix)

    def send(self, to: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """He sends, and it has ended when this returns."""
        return run_client("send-file", *self.options, "--to", to, *map(str, arguments))


def member_of(port: int, hub: Fingerprint, home: Path, host: str = "127.0.0.1", prefix: tuple[str, ...] = ()) -> Member:
    """Somebody who has been at the hub of this key before, called as his folder is."""
    with TrustStore(home) as store:
        store.pin(host, port, hub)
    return Member(home.name, home, port, host, prefix)
