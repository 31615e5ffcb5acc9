"""folder_errors: each error is a sentence that says which file, where, why and what to do."""

import errno
import os
from pathlib import Path

import pytest

from commonlib.exceptions import ChatError
from tcpipclient.folder_errors import FolderError, NotEnoughSpaceError, PartialFileReplacedError, WrongSizeError

TARGET = Path("downloads") / "report.txt"


def system_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("number", "cause", "step"),
    [
        (errno.ENOSPC, "the disk is full", "Free some space"),
        (errno.EDQUOT, "the disk is full", "Free some space"),
        (errno.EACCES, "may not be written to", "Change its permissions"),
        (errno.EROFS, "may not be written to", "choose another folder"),
        (errno.ENOENT, "is not there", "Create it"),
        (errno.ENOTDIR, "is not there", "choose another"),
        (errno.EEXIST, "too many files of that name", "Move some"),
        (errno.ENAMETOOLONG, "path is too long", "shorter path"),
        (errno.EMFILE, "too many files are open", "Wait"),
        (errno.EIO, "the disk refused it", "Check the disk"),
    ],
)
def test_refusal_of_the_system_is_told_with_a_next_step(number: int, cause: str, step: str) -> None:
    """File, folder, cause, the system's own words and a step are all in the text."""
    text = str(FolderError(TARGET, system_error(number)))
    for part in ('"report.txt"', "in downloads:", cause, os.strerror(number), step, "have it sent again."):
        assert part in text


def test_reason_without_a_number_is_told() -> None:
    """An OSError that a library made itself has a text only."""
    assert "(out of luck)" in str(FolderError(TARGET, OSError("out of luck")))


def test_lack_of_room_is_told_in_bytes() -> None:
    """Needed and free, so that the user knows how much to free."""
    error = NotEnoughSpaceError(TARGET, 5_000_000_000, 1_000)
    assert "5,000,000,000 bytes are needed and 1,000 are free" in str(error)
    assert error.reason is not None
    assert error.reason.errno == errno.ENOSPC


def test_wrong_size_is_told_in_bytes() -> None:
    """Announced and received, so that the sender can be told."""
    assert "announced 5,000 bytes and sent 4,999" in str(WrongSizeError(TARGET, 5000, 4999))


@pytest.mark.parametrize(
    "error",
    [
        FolderError(TARGET),
        NotEnoughSpaceError(TARGET, 2, 1),
        WrongSizeError(TARGET, 2, 1),
        PartialFileReplacedError(TARGET),
    ],
)
def test_every_error_is_one_family_and_names_its_file(error: FolderError) -> None:
    """Callers catch one class, and show one sentence that ends in what to do."""
    assert isinstance(error, ChatError)
    assert error.path == TARGET
    assert str(error).startswith('"report.txt" was not saved')
    assert str(error).lower().endswith("have it sent again.")
