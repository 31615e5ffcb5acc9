"""Where a running hub can be asked: folders for its user alone, short paths, and the file that says how."""

import os
import stat
from pathlib import Path

import pytest

from commonlib.storage.owner_only import StorageError
from tcpipserver.control.place import (
    LONGEST_SOCKET_PATH,
    Contact,
    NoHubError,
    NotAllowedError,
    private_folder,
    read_contact,
    remove_contact,
    remove_socket_folder,
    socket_paths,
    write_contact,
)

CONTACT = Contact(address="/somewhere/socket", key=bytes(range(32)))
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights, and links only for some")


def mode_of(path: Path) -> int:
    """Who may do what with it."""
    return stat.S_IMODE(path.lstat().st_mode)


# The folder


@posix
def test_the_folder_is_its_users_alone(tmp_path: Path) -> None:
    """A new one, and one that others could enter until now."""
    folder = private_folder(tmp_path)
    assert folder == tmp_path / "control"
    assert mode_of(folder) == 0o700
    folder.chmod(0o755)
    assert mode_of(private_folder(tmp_path)) == 0o700


@posix
def test_a_folder_that_is_somebody_elses_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """He could read and replace what is in it."""
    private_folder(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    with pytest.raises(StorageError, match=r"it belongs to another user\. See that the data folder is yours"):
        private_folder(tmp_path)


@posix
@pytest.mark.parametrize("what", ["link", "dangling", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, what: str) -> None:
    """A link may lead to where others can look, a file is none at all."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere").chmod(0o755)
    if what == "file":
        (tmp_path / "control").touch()
    else:
        (tmp_path / "control").symlink_to(tmp_path / ("elsewhere" if what == "link" else "nowhere"))
    with pytest.raises(StorageError, match="cannot be used"):
        private_folder(tmp_path)
    assert mode_of(tmp_path / "elsewhere") == 0o755
    assert not (tmp_path / "nowhere").exists()


def test_a_data_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    """It is made elsewhere."""
    with pytest.raises(StorageError, match="or name another with --data-dir"):
        private_folder(tmp_path / "missing")


# The socket


@posix
def test_the_socket_is_in_the_folder_where_the_path_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the folder was named; nothing is made anywhere else for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    folder = private_folder(Path("d"))
    assert folder == tmp_path / "d" / "control"
    assert next(socket_paths(folder, {"XDG_RUNTIME_DIR": str(tmp_path)})) == folder / "socket"
    assert not list(tmp_path.glob("tcpipserver-*"))


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a short path that holds `r` for a session's things, `t` for temporary ones, and `l` for last."""
    folder = tmp_path_factory.mktemp("s")
    (folder / "r").mkdir()
    (folder / "t").mkdir()
    (folder / "l").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder / "t"))
    monkeypatch.setattr("tcpipserver.control.place._LAST_RESORT", str(folder / "l"))
    monkeypatch.chdir(folder)
    return folder


@posix
def test_where_that_is_too_long_it_is_in_a_short_private_folder(tmp_path: Path, short: Path) -> None:
    """In XDG_RUNTIME_DIR first; named by the data folder, so that the next hub there finds it."""
    folder, other = long_folder(tmp_path), long_folder(tmp_path, "y")
    environment = {"XDG_RUNTIME_DIR": str(short / "r")}
    paths = list(socket_paths(folder, environment))
    assert paths == list(socket_paths(folder, environment))
    assert [path.parent.parent.name for path in paths] == ["r", "t", "l"]
    assert all(mode_of(path.parent) == 0o700 for path in paths)
    assert all(len(os.fsencode(path)) <= LONGEST_SOCKET_PATH for path in paths)
    assert not set(paths) & set(socket_paths(other, environment))


@posix
@pytest.mark.parametrize("obstacle", ["link", "file", "missing", "relative", "long", "none"])
def test_a_short_folder_that_will_not_do_is_passed_over(tmp_path: Path, short: Path, obstacle: str) -> None:
    """Somebody who was there first cannot be asked to leave, so the next place is taken."""
    folder = long_folder(tmp_path)
    path = next(socket_paths(folder, {"XDG_RUNTIME_DIR": str(short / "r")}))
    path.parent.rmdir()
    (short / "elsewhere").mkdir(mode=0o700)
    (short / ("x" * 60)).mkdir()
    if obstacle == "link":
        path.parent.symlink_to(short / "elsewhere")
    elif obstacle == "file":
        path.parent.touch()
    named = {"missing": str(short / "m"), "relative": "r", "long": str(short / ("x" * 60)), "none": ""}
    found = list(socket_paths(folder, {"XDG_RUNTIME_DIR": named.get(obstacle, str(short / "r"))}))
    assert [one.parent.parent for one in found] == [short / "t", short / "l"]


@posix
def test_a_folder_that_was_made_for_the_socket_goes_with_it(tmp_path: Path, short: Path) -> None:
    """The hub's own stays, and so does one with something in it."""
    folder = long_folder(tmp_path)
    path = next(socket_paths(folder, {}))
    path.touch()
    remove_socket_folder(folder, str(path))
    assert path.exists()
    path.unlink()
    remove_socket_folder(folder, str(path))
    assert not list((short / "t").iterdir())
    remove_socket_folder(folder, str(folder / "socket"))
    remove_socket_folder(folder, str(path))
    assert folder.is_dir()


def long_folder(tmp_path: Path, letter: str = "x") -> Path:
    """A hub's folder whose path is too long for a socket."""
    data_dir = tmp_path / (letter * 100)
    data_dir.mkdir()
    return private_folder(data_dir)


# The contact


def test_a_contact_comes_back_and_goes(tmp_path: Path) -> None:
    """Only its owner can read it."""
    folder = private_folder(tmp_path)
    write_contact(folder, CONTACT)
    assert read_contact(tmp_path) == CONTACT
    if os.name == "posix":
        assert mode_of(folder / "contact") == 0o600
    remove_contact(folder, CONTACT)
    with pytest.raises(NoHubError):
        read_contact(tmp_path)
    remove_contact(folder, CONTACT)


def test_the_contact_of_another_hub_stays(tmp_path: Path) -> None:
    """The folder may have been deleted under a running hub, and another one be there now."""
    folder = private_folder(tmp_path)
    write_contact(folder, CONTACT)
    remove_contact(folder, Contact(address="/somewhere/socket", key=bytes(32)))
    assert read_contact(tmp_path) == CONTACT


@pytest.mark.parametrize("what", ["missing", "empty", "file"])
def test_without_a_hub_the_sentence_says_what_to_do(tmp_path: Path, what: str) -> None:
    """There is no data folder, no contact in it, or it is no folder at all."""
    data_dir = tmp_path / "data"
    if what == "empty":
        private_folder(tmp_path)
        data_dir = tmp_path
    elif what == "file":
        data_dir.touch()
    with pytest.raises(NoHubError) as caught:
        read_contact(data_dir)
    assert str(caught.value) == (
        f"No hub is running with the data folder {data_dir}: start one, or name with --data-dir the folder of the hub "
        "that you mean."
    )


@posix
def test_the_hub_of_another_user_may_not_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system does not let us read the contact."""
    folder = private_folder(tmp_path)
    write_contact(folder, CONTACT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotAllowedError, match="run this command as the user who runs the hub"):
        read_contact(tmp_path)


@posix
def test_a_contact_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    """They could have the key, and answer in the hub's place."""
    folder = private_folder(tmp_path)
    write_contact(folder, CONTACT)
    (folder / "contact").chmod(0o644)
    with pytest.raises(StorageError, match="other users of this computer may read it"):
        read_contact(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[" * 60_000, b'{"address":"x","key":"AAAA"}', b"\xff", b"{}" * 40_000]
)
def test_a_contact_that_makes_no_sense_is_told(tmp_path: Path, content: bytes) -> None:
    """Empty, cut, nested without end, with a short key, no text, far too long."""
    folder = private_folder(tmp_path)
    write_contact(folder, CONTACT)
    (folder / "contact").write_bytes(content)
    with pytest.raises(StorageError, match=r"[Ss]tart"):
        read_contact(tmp_path)
