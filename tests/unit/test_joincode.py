"""The join code of a hub: what a file may hold, and what happens where there is none."""

import os
from pathlib import Path

import pytest

from commonlib.storage.owner_only import StorageError
from commonlib.wire.join import normal_join_code
from tcpipserver.joincode import JoinCodeFileError, load_or_make_join_code, new_join_code


def test_a_missing_file_is_made_with_a_new_code(tmp_path: Path) -> None:
    """For its owner alone, and the same code is read again."""
    place = tmp_path / "code"
    code = load_or_make_join_code(place)
    assert load_or_make_join_code(place) == code
    if os.name == "posix":
        assert place.stat().st_mode & 0o077 == 0


def test_codes_differ_and_can_be_told(tmp_path: Path) -> None:
    """Words and digits, which normalising does not make the same."""
    codes = {new_join_code() for _ in range(100)}
    assert len({normal_join_code(code) for code in codes}) == 100
    assert all(code.count("-") == 3 for code in codes)
    (tmp_path / "code").write_text(codes.pop())
    assert load_or_make_join_code(tmp_path / "code")


@pytest.mark.parametrize("text", ["  Open Sesame 7 \n", "Öffne dich, Sesam\r\n"])
def test_an_operators_own_code_is_taken_as_it_is(tmp_path: Path, text: str) -> None:
    """Without what is around it."""
    (tmp_path / "code").write_text(text, encoding="utf-8")
    assert load_or_make_join_code(tmp_path / "code") == text.strip()


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"12345", b"-- 1 2 3 --", b"first code\nsecond code\n", b"\xff\xfe\x00", b"x" * 5000]
)
def test_what_is_no_code_is_told(tmp_path: Path, data: bytes) -> None:
    """With what would be one; nothing of the file is in the sentence."""
    (tmp_path / "code").write_bytes(data)
    with pytest.raises(JoinCodeFileError, match="at least 6 letters and digits"):
        load_or_make_join_code(tmp_path / "code")


@pytest.mark.parametrize("place", ["", "folder"])
def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """It is told as such."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(JoinCodeFileError):
        load_or_make_join_code(Path(place))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The folder has to be there."""
    with pytest.raises(StorageError):
        load_or_make_join_code(tmp_path / "missing" / "code")
