"""A client's settings, as one value that is passed in.

Owns the settings and their limits. Must never read a file or the environment: that is for the commands. Pure: any
thread.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Union

from commonlib import __version__
from commonlib.classic.codepage import clamp_text
from commonlib.classic.packet import DEFAULT_PORT
from commonlib.conflict import Conflict
from commonlib.identity import FINGERPRINT_SIZE
from commonlib.values import dataclass, field, settle
from commonlib.wire.schema import LONGEST_NAME
from tcpipclient.address import LARGEST_PORT
from tcpipclient.core.events import FileOffered
from tcpipclient.core.exceptions import SettingError
from tcpipclient.core.trusting import Trust, TrustRule
from tcpipclient.core.way_rule import WayRule

if TYPE_CHECKING:
    from tcpipclient.core.batch_events import BatchOffered

_TIMEOUTS = ("connect_timeout", "register_timeout", "approval_timeout", "send_timeout", "close_timeout")

MOST_UNASKED = 100_000
"""Files, folders and links of a batch that are taken without asking where its bytes have a limit, too: each takes room
and time, however small."""


class Accept(StrEnum):
    """Which files are taken."""

    ALL = "all"
    ASK = "ask"
    """Every one is asked about by FileOffered; until `accept_file` or `decline_file` answers it waits in a `.part`."""
    NONE = "none"
    """Not a byte of any is written."""


Acceptance = Accept | Callable[[Union[FileOffered, "BatchOffered"]], bool]
"""A rule, or a function that decides at once, on the dispatcher thread, before a byte is written."""

MOST_BATCHES_AT_ONCE = 64
"""Batches that may be set to run together."""


class ClientSettings(TypedDict, total=False):
    """The fields of ClientConfig but for the host, as keywords."""

    port: int
    name: str
    computer: str
    version: str
    downloads: Path | None
    accept: Acceptance
    conflict: Conflict
    connect_timeout: float
    register_timeout: float
    send_timeout: float
    close_timeout: float
    approval_timeout: float
    data_dir: Path | None
    trust: TrustRule
    allow_unencrypted: bool
    join_code: str
    ways: WayRule
    listening_port: int | None
    speed_limit: int | None
    at_once: int
    largest_unasked: int | None
    links: bool


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """All that a client is told.

    Attributes:
        host, port: Where the hub is.
        name: Under which others see us: 1 to 64 characters, longer ones are cut. The classic wire has 50, and what code
            page 1252 lacks becomes `?` there.
        computer: Name of this computer, up to 64 characters; empty means that the system is asked.
        version: Of this program, as others see it.
        downloads: Folder for received files; None takes no files, whatever `accept` says.
        accept: Which files are taken.
        conflict: What happens when a file of the name is there.
        connect_timeout: Seconds until the connection stands.
        register_timeout: Seconds from then until the hub has taken us in.
        approval_timeout: Seconds that the hub's operator has to answer, where he is asked about us.
        send_timeout: Seconds that a command waits for a hub that does not read, before HubBusyError.
        close_timeout: Seconds that `close` gives to what is still to be sent.
        data_dir: Folder for our key and the hubs that we trust. None keeps both in memory: we are somebody new each
            time, and so is every hub.
        trust: Which hubs are trusted, besides those that were before.
        allow_unencrypted: Speak in the clear to a hub that does not encrypt, an original server; remembered for its
            address. Never to one that was known by a key.
        join_code: What proves to a hub that asks for it that we may join; empty where we have none.
        ways: By which ways the bytes of batches may go.
        listening_port: Where others of our programs may connect to us to send or fetch files, from when the user has
            accepted the first; the next free one of twenty where it is taken, any where it is 0. None never listens.
        speed_limit: Bytes per second that all batches we send have together; None sets no limit.
        at_once: Batches of ours that run together; the others wait for their turn.
        largest_unasked: Bytes of a batch that `accept` may take without asking, in all; what is larger is asked about
            where it would have been taken, and so is one of more than MOST_UNASKED entries. None sets no limit.
        links: Make the links in batches that we receive, where they stay inside.

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
    approval_timeout: float = 600.0
    data_dir: Path | None = None
    trust: TrustRule = Trust.KNOWN
    allow_unencrypted: bool = False
    join_code: str = field(default="", repr=False)
    ways: WayRule = WayRule.AUTO
    listening_port: int | None = 9998
    speed_limit: int | None = None
    at_once: int = 3
    largest_unasked: int | None = None
    links: bool = False

    def __post_init__(self) -> None:
        if not self.host.strip():
            raise SettingError("host", "it is empty; give the hub's name or IP address")
        if not 1 <= self.port <= LARGEST_PORT:
            raise SettingError("port", f"{self.port} is no port; they are numbered 1 to {LARGEST_PORT}")
        if not self.name.strip("\0 \t\r\n"):
            raise SettingError("name", "it is empty, and others could not see you; give one")
        if isinstance(self.trust, bytes) and len(self.trust) != FINGERPRINT_SIZE:
            raise SettingError("trust", f"a fingerprint has {FINGERPRINT_SIZE} bytes; copy the one that the hub shows")
        for setting in _TIMEOUTS:
            if not 0 < getattr(self, setting) <= 3600:
                raise SettingError(setting, "it must be more than 0 and at most 3600 seconds")
        _check_batches(self)
        settle(
            self,
            name=clamp_text(self.name.strip(), LONGEST_NAME),
            computer=clamp_text(self.computer, LONGEST_NAME),
            version=clamp_text(self.version, LONGEST_NAME),
        )


def _check_batches(config: ClientConfig) -> None:
    """The settings of batches. Raises SettingError."""
    if config.listening_port is not None and not 0 <= config.listening_port <= LARGEST_PORT:
        detail = f"{config.listening_port} is no port; they are numbered 1 to {LARGEST_PORT}, and 0 takes any"
        raise SettingError("listening_port", detail)
    if config.speed_limit is not None and config.speed_limit < 1:
        raise SettingError("speed_limit", "it must be at least 1 byte per second; leave it out for no limit")
    if not 1 <= config.at_once <= MOST_BATCHES_AT_ONCE:
        raise SettingError("at_once", f"it must be between 1 and {MOST_BATCHES_AT_ONCE}")
    if config.largest_unasked is not None and config.largest_unasked < 0:
        raise SettingError("largest_unasked", "it must not be negative; leave it out for no limit")
