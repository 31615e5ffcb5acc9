"""Where a running hub can be asked: its folder inside the data folder, its socket, and the file that says how.

Owns those places, who may look into them, and what a caller is told who finds nothing there. Must never follow a link
that somebody else made, nor use a folder that others may enter.
Blocks on the disk: the service's thread, and a command's.

    control/lock      held by the hub that works with the data folder
    control/contact   while it runs: where it can be asked, and the key that callers prove they have read
    control/socket    its Unix socket; where that would be too long a path, or the disk has no sockets, it is elsewhere
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from commonlib.exceptions import ChatError
from commonlib.printable import printable
from commonlib.storage.owner_only import StorageError, read_owner_only, write_owner_only
from tcpipserver.control.authkey import KEY_SIZE

LONGEST_SOCKET_PATH = 100
"""Bytes; systems take 104 or 108."""
LOCK_FILE = "lock"
_FOLDER = "control"
_CONTACT_FILE = "contact"
_SOCKET_FILE = "socket"
_LAST_RESORT = "/tmp"  # noqa: S108 - what is made there is private, and its owner looked at
_OTHERS = 0o077
_OWNER_ONLY = 0o700
_LONGEST_SHOWN = 500


class Contact(Struct, frozen=True, kw_only=True):
    """How a running hub can be asked.

    Attributes:
        address: Path of a socket, or name of a pipe.
    """

    address: Annotated[str, Meta(min_length=1, max_length=1000)]
    key: Annotated[bytes, Meta(min_length=KEY_SIZE, max_length=KEY_SIZE)]


class NoHubError(ChatError):
    """No hub works with the data folder.

    Attributes:
        data_dir: The data folder.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.data_dir = data_dir

    def __str__(self) -> str:
        return (
            f"No hub is running with the data folder {_shown(self.data_dir)}: start one, or name with --data-dir the "
            "folder of the hub that you mean."
        )


class NotAllowedError(ChatError):
    """The hub belongs to another user of this computer.

    Attributes:
        data_dir: The data folder.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.data_dir = data_dir

    def __str__(self) -> str:
        return (
            f"You may not ask the hub of the data folder {_shown(self.data_dir)}: run this command as the user "
            "who runs the hub."
        )


def private_folder(data_dir: Path) -> Path:
    """The hub's folder inside its data folder, for its user alone; it is made where it is missing.

    Raises:
        StorageError: It cannot be made, or is not ours alone.
    """
    folder = Path(os.path.abspath(data_dir)) / _FOLDER  # noqa: PTH100 - `resolve` would follow links
    try:
        _make_private(folder)
    except OSError as error:
        advice = "See that the data folder is yours and can be written, or name another with --data-dir."
        raise StorageError(folder, error.strerror or type(error).__name__, advice) from error
    return folder


def socket_paths(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Where the socket may be, the best place first; a folder that is missing is made when its turn comes.

    Args:
        folder: What `private_folder` returned.
        environment: XDG_RUNTIME_DIR in it is where short-lived things of a user belong.
    """
    if _is_short(folder / _SOCKET_FILE):
        yield folder / _SOCKET_FILE
    # Named by the data folder, so that the next hub there finds what one left that was killed.
    name = f"tcpipserver-{hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]}"
    for place in (environment.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), _LAST_RESORT):
        if not place or not Path(place).is_absolute() or not _is_short(Path(place) / name / _SOCKET_FILE):
            continue
        try:
            _make_private(Path(place) / name)
        except OSError:
            continue  # Perhaps somebody else was there first; he cannot be asked to leave.
        yield Path(place) / name / _SOCKET_FILE


def remove_socket_folder(folder: Path, address: str) -> None:
    """Leave no folder behind that was made for a socket alone."""
    place = Path(address).parent
    if os.name != "nt" and place != folder:
        with suppress(OSError):
            place.rmdir()


def write_contact(folder: Path, contact: Contact) -> None:
    """Say how the hub can be asked. Raises StorageError."""
    write_owner_only(folder / _CONTACT_FILE, msgspec.json.encode(contact))


def remove_contact(folder: Path, contact: Contact) -> None:
    """The hub cannot be asked any more; what another hub has written meanwhile stays."""
    path = folder / _CONTACT_FILE
    with suppress(OSError):  # Whoever deleted the folder has deleted this too.
        if path.read_bytes() == msgspec.json.encode(contact):
            path.unlink()


def read_contact(data_dir: Path) -> Contact:
    """How the hub of a data folder can be asked; it may have been killed since.

    Raises:
        NoHubError: It has none.
        NotAllowedError: It is another user's.
        StorageError: The file cannot be used.
    """
    path = data_dir / _FOLDER / _CONTACT_FILE
    try:
        return msgspec.json.decode(read_owner_only(path), type=Contact)
    except (FileNotFoundError, NotADirectoryError):
        raise NoHubError(data_dir) from None
    except StorageError as error:
        if isinstance(error.__cause__, NotADirectoryError):
            raise NoHubError(data_dir) from None
        if isinstance(error.__cause__, PermissionError):
            raise NotAllowedError(data_dir) from None
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError):
        advice = "Start the hub again: it is written anew."
        raise StorageError(path, "it does not hold what a hub writes there", advice) from None


def _make_private(folder: Path) -> None:
    """Make a folder unless it is there, and see that it is ours alone. Raises OSError."""
    folder.mkdir(mode=_OWNER_ONLY, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(0, "it is no folder, but perhaps a link to one", str(folder))
    if os.name == "nt":
        return
    if found.st_uid != os.geteuid():
        raise PermissionError(0, "it belongs to another user", str(folder))
    if found.st_mode & _OTHERS:
        folder.chmod(_OWNER_ONLY)
        if folder.lstat().st_mode & _OTHERS:
            raise PermissionError(0, "other users may enter it, and this disk cannot keep them out", str(folder))


def _is_short(path: Path) -> bool:
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH


def _shown(folder: Path) -> str:
    return printable(str(folder), _LONGEST_SHOWN)
