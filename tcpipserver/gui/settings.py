"""What the server window remembers: size and place, port, colours, size of the text.

Owns the file. Must never trust it: what is broken in it is replaced by the default, and a line in the log says so. It
has a name of its own because a client may keep its things in the same folder. Run by the Tk thread, at start and end.
"""

import contextlib
import json
import logging
import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from commonlib.classic.packet import DEFAULT_PORT
from tcpipserver.hub.admission import Joining

log = logging.getLogger(__name__)

FILE_NAME = "server-window.json"
SMALLEST_TEXT, LARGEST_TEXT = -4, 16
COLOURS = ("system", "light", "dark")
_GEOMETRY = re.compile(r"\d{3,5}x\d{3,5}([+-]-?\d{1,5}){2}")
_LARGEST_PORT = 65_535
_LARGEST_FILE = 100_000


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """One window.

    Attributes:
        geometry: As Tk writes it, `900x600+20+30`; "" is wherever the system puts it.
        is_maximised: Whether it fills the screen.
        port: The port that the hub listened on last.
        colours: One of COLOURS.
        text_step: How much larger than usual the text is, in points.
        sash: How much of the height the client list has, 0 to 1.
        joining: What is asked of newcomers, the value of a Joining.
        takes_classic: Whether clients without encryption are taken in where nothing is asked.
    """

    geometry: str = ""
    is_maximised: bool = False
    port: int = DEFAULT_PORT
    colours: str = "system"
    text_step: int = 0
    sash: float = 0.45
    joining: str = Joining.OPEN.value
    takes_classic: bool = True


_RULES: dict[str, Any] = {
    "geometry": lambda value: isinstance(value, str) and (not value or _GEOMETRY.fullmatch(value)),
    "is_maximised": lambda value: isinstance(value, bool),
    "port": lambda value: type(value) is int and 0 <= value <= _LARGEST_PORT,
    "colours": lambda value: value in COLOURS,
    "text_step": lambda value: type(value) is int and SMALLEST_TEXT <= value <= LARGEST_TEXT,
    "joining": lambda value: value in [joining.value for joining in Joining],
    "takes_classic": lambda value: isinstance(value, bool),
    "sash": lambda value: type(value) is float and 0.1 <= value <= 0.9,
}


def read_settings(folder: Path) -> WindowSettings:
    """What was remembered; the defaults for what was not, or cannot be right."""
    path = folder / FILE_NAME
    try:
        with path.open(encoding="utf-8") as file:
            kept = json.loads(file.read(_LARGEST_FILE))
    except FileNotFoundError:
        return WindowSettings()
    except (OSError, ValueError, RecursionError) as error:
        log.warning(
            "The window's settings in %s cannot be read (%s): set them anew in the window.",
            path,
            error,
        )
        return WindowSettings()
    known = kept if isinstance(kept, dict) else {}
    good = {name: value for name, value in known.items() if name in _RULES and _RULES[name](value)}
    if len(good) < len({field.name for field in fields(WindowSettings)} & known.keys()) or known is not kept:
        log.warning(
            "Some of the window's settings in %s make no sense: set them anew in the window.",
            path,
        )
    return WindowSettings(**good)


def write_settings(folder: Path, settings: WindowSettings) -> None:
    """Remember; where that is impossible, the log says so, and the old settings stay."""
    path = folder / FILE_NAME
    unfinished = path.with_name(f"{FILE_NAME}.{os.getpid()}.part")
    try:
        unfinished.write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        log.warning("The window's settings cannot be kept in %s: %s.", path, error.strerror or error)
        with contextlib.suppress(OSError):
            unfinished.unlink()
