"""The join code of a hub: read from the operator's file, or made and written there.

Owns that file. Must never show the code anywhere else, and never take a code that can be guessed in a few tries. Runs
on the main thread, before the hub starts.
"""

import secrets
from pathlib import Path

from commonlib.exceptions import ChatError
from commonlib.keywords import KEY_WORDS
from commonlib.storage.owner_only import place_once

SHORTEST_CODE = 6
"""Letters and digits of a code that an operator thinks up."""
_LONGEST_CODE = 100
_LARGEST_FILE = 4096
_WORDS = 3
_NUMBERS = 1000


class JoinCodeFileError(ChatError):
    """The file does not hold a join code, or cannot be read or made.

    Attributes:
        path: The file.
        detail: Why not.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return (
            f"The join code cannot be taken from {self.path}: {self.detail}. Write a code of at least {SHORTEST_CODE} "
            "letters and digits into the file, in one line, or delete the file, and a new code is made."
        )


def new_join_code() -> str:
    """Three words and three digits: 34 bits, to be read out to somebody."""
    words = [secrets.choice(KEY_WORDS) for _ in range(_WORDS)]
    return "-".join([*words, f"{secrets.randbelow(_NUMBERS):03}"])


def load_or_make_join_code(path: Path) -> str:
    """The code in a file; where there is no file, a new code is written there, for its owner alone.

    Raises:
        JoinCodeFileError: The file is of no use.
        StorageError: It cannot be made.
    """
    if not path.name:
        raise JoinCodeFileError(path, "that is a folder")
    if not path.exists():
        place_once(path, new_join_code().encode() + b"\n")
    try:
        with path.open(encoding="utf-8") as file:
            code = file.read(_LARGEST_FILE).strip()
    except OSError as error:
        raise JoinCodeFileError(path, error.strerror or "it cannot be read") from error
    except ValueError:
        raise JoinCodeFileError(path, "it holds no text") from None
    if "\n" in code:
        raise JoinCodeFileError(path, "it has more than one line")
    if not SHORTEST_CODE <= sum(map(str.isalnum, code)) <= len(code) <= _LONGEST_CODE:
        raise JoinCodeFileError(path, f"the code has {sum(map(str.isalnum, code))} letters and digits")
    return code
