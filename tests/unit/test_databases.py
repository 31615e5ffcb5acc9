"""When a database is broken, and when it is only out of reach."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commonlib.storage.databases import is_out_of_reach


def full(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA max_page_count = 2")
        file.execute("CREATE TABLE t (x)")
        file.execute("INSERT INTO t VALUES (zeroblob(100000))")


def held_by_another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=0.0)) as file:
        holder.execute("BEGIN EXCLUSIVE")
        file.execute("CREATE TABLE t (x)")


def not_to_be_written(path: Path) -> None:
    path.touch()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        file.execute("CREATE TABLE t (x)")


def a_folder(path: Path) -> None:
    path.mkdir()
    with closing(sqlite3.connect(path)):
        pass


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    with closing(sqlite3.connect(path)) as file:
        file.execute("SELECT * FROM sqlite_master")


def anothers(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("SELECT x FROM no_table_of_this_name")


@pytest.mark.parametrize("happening", [full, held_by_another, not_to_be_written, a_folder])
def test_a_good_file_may_be_out_of_reach(tmp_path: Path, happening: "object") -> None:
    """Nothing is to be deleted then."""
    with pytest.raises(sqlite3.Error) as caught:
        happening(tmp_path / "database")  # type: ignore[operator]
    assert is_out_of_reach(caught.value)


@pytest.mark.parametrize("happening", [garbage, anothers])
def test_a_file_that_makes_no_sense_is_broken(tmp_path: Path, happening: "object") -> None:
    """Looking at the disk would not help."""
    with pytest.raises(sqlite3.Error) as caught:
        happening(tmp_path / "database")  # type: ignore[operator]
    assert not is_out_of_reach(caught.value)


def test_an_error_of_the_system_is_about_the_disk_and_one_of_ours_about_the_file() -> None:
    """Neither has a number of SQLite's."""
    assert is_out_of_reach(PermissionError())
    assert not is_out_of_reach(ValueError())
    assert not is_out_of_reach(sqlite3.DatabaseError("it is from a newer version"))
