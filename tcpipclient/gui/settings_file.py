"""settings.json: reading it at the start, writing it in one step.

Owns the file. Must never raise: a window without its settings is better than none. Threads: read by the one that starts
the window, written by the connector's.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path

from tcpipclient.gui.settings import Settings, decode_settings, encode_settings

FILE_NAME = "settings.json"
LARGEST_FILE = 1024 * 1024

_log = logging.getLogger(__name__)


def load_settings(path: Path) -> Settings:
    """The settings in a file; the defaults for all that is missing or wrong, with a line in the log."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        _log.warning("the settings cannot be read, so all have their defaults: %s", error)
        return Settings()
    settings, wrong = decode_settings(data[:LARGEST_FILE].decode("utf-8", "replace"))
    for sentence in wrong:
        _log.warning("%s: %s", path, sentence)
    return settings


def maybe_save_settings(path: Path, settings: Settings) -> str | None:
    """Write the settings so that a reader finds the old ones or the new ones; a sentence where that fails."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(encode_settings(settings), encoding="utf-8")
        beside.replace(path)
    except (OSError, ValueError) as error:
        _log.warning("the settings cannot be saved: %s", error)
        with suppress(OSError):
            beside.unlink()
        return f"The settings cannot be saved in {path.parent} ({error}): look whether the folder can be written to."
    return None
