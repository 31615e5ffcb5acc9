"""The programs that a file is sent with to compare: cp, scp and rsync, and the servers of ours that they talk to.

Owns sshds with keys of their own and an rsync daemon in the clear, on free ports of one address and ended with the
measurement. Must never touch the system's own sshd, nor anybody's keys and settings. The main thread.
"""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.children import HOST, ChildError

_WAIT_SECONDS = 10.0
_LOOK_SECONDS = 0.02
_PRIVILEGE_SEPARATION = Path("/run/sshd")
"""Debian's sshd wants this empty folder when root starts it; the package's service makes it."""
_SETTINGS = Path("/etc/ssh/sshd_config")
INSIDE_SSHD = "internal-sftp"
"""The sftp server that sshd has in itself, for which no shell of the account is started."""
_PACKAGES = {"scp": "openssh-client", "ssh-keygen": "openssh-client", "sshd": "openssh-server"}
"""Of Debian, where a program's has another name than the program."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to bring a file or a folder into another folder.

    Attributes:
        command: The whole process that is measured, of what is sent and where it goes.
    """

    name: str
    command: Callable[[Path, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Ssh:
    """An sshd that listens for us.

    Attributes:
        options: Of scp and ssh, except the port, whose letter differs.
    """

    host: str
    port: int
    options: tuple[str, ...]

    def scp(self, source: Path, folder: Path) -> list[str]:
        """Copy with everything in it."""
        return ["scp", "-q", "-r", "-P", str(self.port), *self.options, str(source), f"{self.host}:{folder}/"]

    def rsync(self, source: Path, folder: Path) -> list[str]:
        """The same, with times and modes."""
        shell = " ".join(["ssh", "-p", str(self.port), *self.options])
        return ["rsync", "-a", "-e", shell, str(source), f"{self.host}:{folder}/"]


def check_installed(programs: Sequence[str] = ("scp", "ssh-keygen", "sshd", "rsync")) -> None:
    """See that what is compared with is there.

    Raises:
        ChildError: It is not; says what to install.
    """
    missing = [name for name in programs if _find(name) is None]
    if missing:
        packages = sorted({_PACKAGES.get(name, name) for name in missing})
        raise ChildError(f"{', '.join(missing)} cannot be found. On Debian: apt-get install {' '.join(packages)}")


@contextlib.contextmanager
def running_peers(folder: Path, destination: Path) -> Iterator[list[Peer]]:
    """All of them, with their servers up.

    Args:
        folder: For their keys and settings.
        destination: All that they write is below it.

    Raises:
        ChildError: A server did not become ready.
    """
    check_installed()
    for name in ("ssh", "ssh-inside"):
        (folder / name).mkdir()
    with (
        running_sshd(folder / "ssh", sftp=installed_sftp(_maybe_read(_SETTINGS))) as ssh,
        running_sshd(folder / "ssh-inside") as inside,
        running_rsync_daemon(folder, destination) as port,
    ):

        def to_daemon(source: Path, copy: Path) -> list[str]:
            return ["rsync", "-a", str(source), f"rsync://{HOST}:{port}/bench/{copy.relative_to(destination)}/"]

        yield [
            Peer("cp", lambda source, copy: ["cp", "-r", str(source), f"{copy}/"]),
            Peer("scp", ssh.scp),
            Peer("scp, sftp inside sshd", inside.scp),
            Peer("rsync over ssh", ssh.rsync),
            Peer("rsync daemon, clear", to_daemon),
        ]


@contextlib.contextmanager
def running_sshd(
    folder: Path,
    host: str = HOST,
    prefix: Sequence[str] = (),
    client_prefix: Sequence[str] = (),
    sftp: str = INSIDE_SSHD,
) -> Iterator[Ssh]:
    """An sshd with a host key and a user key of its own.

    Args:
        sftp: The server that scp talks to; a program is started by the shell of the account.
        prefix: What stands before the command, such as `ip netns exec`.
        client_prefix: What stands before those that talk to it.

    Raises:
        ChildError: It did not become ready.
    """
    check_installed(("sshd", "scp", "ssh-keygen"))
    if os.geteuid() == 0:
        _PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    for name in ("host_key", "user_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    port = free_port()
    host_key = (folder / "host_key.pub").read_text(encoding="ascii")
    (folder / "known_hosts").write_text(f"[{host}]:{port} {host_key}", encoding="ascii")
    shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
    settings = {
        "ListenAddress": f"{host}:{port}",
        "HostKey": folder / "host_key",
        "AuthorizedKeysFile": folder / "authorized_keys",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "MaxStartups": 100,
        "UseDNS": "no",
        "Subsystem": f"sftp {sftp}",
    }
    config = folder / "sshd_config"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    options = (
        *("-F", os.devnull, "-i", str(folder / "user_key")),
        *("-o", f"UserKnownHostsFile={folder / 'known_hosts'}", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"),
        *("-o", f"User={getpass.getuser()}"),
    )
    command = [*prefix, str(_find("sshd")), "-D", "-e", "-f", str(config)]
    ready = [*client_prefix, "ssh", "-p", str(port), *options, host, "true"]
    with _running(command, folder / "sshd.log", lambda: _succeeds(ready)):
        yield Ssh(host, port, options)


def installed_sftp(settings: str) -> str:
    """The sftp server that an sshd has by its settings; the one inside it where they name none."""
    for line in settings.splitlines():
        match line.split():
            case [keyword, "sftp", *command] if keyword.lower() == "subsystem" and command:
                return " ".join(command)
    return INSIDE_SSHD


@contextlib.contextmanager
def running_rsync_daemon(folder: Path, destination: Path) -> Iterator[int]:
    """An rsync daemon that does not encrypt, whose module `bench` is the destination; yields its port.

    Raises:
        ChildError: It did not become ready.
    """
    port = free_port()
    config = folder / "rsyncd.conf"
    lines = ["use chroot = no", "reverse lookup = no", f"pid file = {folder / 'rsyncd.pid'}"]
    lines += ["[bench]", f"path = {destination}", "read only = no"]
    if os.geteuid() == 0:
        lines += ["uid = 0", "gid = 0"]
    config.write_text("\n".join([*lines, ""]), encoding="utf-8")
    command = ["rsync", "--daemon", "--no-detach", f"--config={config}", f"--port={port}", f"--address={HOST}"]
    with _running(command, folder / "rsyncd.log", lambda: _answers(port)):
        yield port


def free_port(host: str = HOST) -> int:
    """A port that nobody has at this moment: for programs that cannot choose one by themselves."""
    with socket.socket() as trying:
        trying.bind((host, 0))
        port: int = trying.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(command: list[str], log_file: Path, is_ready: Callable[[], bool]) -> Iterator[None]:
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _WAIT_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                said = log_file.read_text(encoding="utf-8", errors="replace").strip()
                raise ChildError(f"{Path(command[0]).name} did not become ready. It said: {said or 'nothing'}")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        process.terminate()
        process.wait(_WAIT_SECONDS)


def wait_until_listening(port: int) -> None:
    """Wait until a program of ours listens on a port, without connecting: some take one connection and no more.

    Raises:
        ChildError: Nobody does.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while not _is_taken(port):
        if time.monotonic() > deadline:
            raise ChildError(f"nothing listens on port {port}")
        time.sleep(_LOOK_SECONDS)


def _is_taken(port: int) -> bool:
    with socket.socket() as trying:
        try:
            trying.bind((HOST, port))
        except OSError:
            return True
    return False


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=_WAIT_SECONDS):
            return True
    except OSError:
        return False


def _maybe_read(path: Path) -> str:
    """A text, or none of it where there is no such file that we may read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _find(program: str) -> str | None:
    """The whole path of a program, also where only the administrator usually looks. sshd insists on the whole path."""
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]))
