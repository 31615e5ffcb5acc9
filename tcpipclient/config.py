"""A client's settings, as one value that is passed in.

Owns the settings and their limits. Must never read a file or the environment: that is for
the commands. Pure: any thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from commonlib import __version__
from commonlib.classic.codepage import clamp_text
from commonlib.classic.layouts import STATION_NAME_WIDTH, USER_NAME_WIDTH, VERSION_WIDTH
from commonlib.classic.packet import DEFAULT_PORT
from tcpipclient.address import LARGEST_PORT
from tcpipclient.conflict import Conflict
from tcpipclient.core.events import FileOffered
from tcpipclient.core.exceptions import SettingError


class Accept(StrEnum):
    """Which files are taken."""

    ALL = "all"
    ASK = "ask"
    """Every one is asked about by FileOffered; until `accept_file` or `decline_file` answers it waits in a `.part`."""
    NONE = "none"
    """Not a byte of any is written."""


Acceptance = Accept | Callable[[FileOffered], bool]
"""A rule, or a function that decides at once, on the dispatcher thread, before a byte is written."""


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """All that a client is told.

    Attributes:
        host, port: Where the hub is.
        name: Under which others see us: 1 to 50 characters, longer ones are cut; what code page 1252 lacks becomes `?`.
        computer: Name of this computer, up to 50 characters; empty means that the system is asked.
        version: Of this program, as others see it.
        downloads: Folder for received files; None takes no files, whatever `accept` says.
        accept: Which files are taken.
        conflict: What happens when a file of the name is there.
        connect_timeout: Seconds until the connection stands.
        register_timeout: Seconds from then until the hub has taken us in.
        send_timeout: Seconds that a command waits for a hub that does not read, before HubBusyError.
        close_timeout: Seconds that `close` gives to what is still to be sent.

    Raises:
        SettingError: A setting cannot be used.
    """

    host: str
    port: int = DEFAULT_PORT
    name: str = "somebody"
    computer: str = ""
    version: str = __version__
    downloads: Path | None = None
    accept: Acceptance = Accept.ASK
    conflict: Conflict = Conflict.RENAME
    connect_timeout: float = 10.0
    register_timeout: float = 10.0
    send_timeout: float = 30.0
    close_timeout: float = 5.0

    def __post_init__(self) -> None:
        if not self.host.strip():
            raise SettingError("host", "it is empty; give the hub's name or IP address")
        if not 1 <= self.port <= LARGEST_PORT:
            raise SettingError("port", f"{self.port} is no port; they are numbered 1 to {LARGEST_PORT}")
        if not self.name.strip("\0 \t\r\n"):
            raise SettingError("name", "it is empty, and others could not see you; give one")
        for setting in ("connect_timeout", "register_timeout", "send_timeout", "close_timeout"):
            if not 0 < getattr(self, setting) <= 3600:
                raise SettingError(setting, "it must be more than 0 and at most 3600 seconds")
        object.__setattr__(self, "name", clamp_text(self.name.strip(), USER_NAME_WIDTH))
        object.__setattr__(self, "computer", clamp_text(self.computer, STATION_NAME_WIDTH))
        object.__setattr__(self, "version", clamp_text(self.version, VERSION_WIDTH))
