"""What the client's window remembers: the value, and its form in settings.json.

Owns the settings, their limits, and the reading of a file that anybody may have edited: whatever is wrong with it, the
rest is kept. Must never touch the disk: settings_file.py does. Pure: any thread.
"""

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from commonlib.classic.packet import DEFAULT_PORT

MOST_ALWAYS = 1000
"""People whose files are taken without asking."""
MOST_HOSTS = 20
"""Hosts that are remembered, the last one used first."""
LONGEST_TEXT = 1000
LARGEST_SIZE = 1 << 60
"""Bytes, and bytes per second."""
SMALLEST_TEXT_PERCENT, LARGEST_TEXT_PERCENT = 70, 250
_TWO_KEYS = re.compile(r"[0-9a-f]{64} [0-9a-f]{64}")
_GEOMETRY = re.compile(r"\d{1,5}x\d{1,5}(?:[+-]-?\d{1,5}[+-]-?\d{1,5})?")


class Theme(StrEnum):
    """Which colours the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is remembered from one start to the next.

    Attributes:
        host, port, name: As they were last used; an empty name asks the system for one.
        hosts: Used before, the last one first; "host" or "host:port" where the port is not 9999.
        downloads: Folder for received files; empty is the system's folder for downloads.
        theme: Light, dark, or as the system has it.
        text_percent: Size of the text, 100 is the system's.
        geometry: Size and place as Tk writes them, "900x640+40+30"; empty at the first start.
        maximised: Whether the window filled the screen.
        always: Whose files are taken without asking: fingerprints of hub and person as hexadecimal digits, a space
            between them; the last one chosen first.
        speed_limit: Bytes per second that are sent of files at most; 0 is no limit.
        largest_unasked: Bytes that those whose files are always taken may send unasked at a time; 0 is any number.
        listening: Whether this computer may listen for direct connections; None while the user has not been asked.
    """

    host: str = ""
    port: int = DEFAULT_PORT
    name: str = ""
    hosts: tuple[str, ...] = ()
    downloads: str = ""
    theme: Theme = Theme.SYSTEM
    text_percent: int = 100
    geometry: str = ""
    maximised: bool = False
    always: tuple[str, ...] = ()
    speed_limit: int = 0
    largest_unasked: int = 0
    listening: bool | None = None

    def with_host(self, host: str, port: int) -> "Settings":
        """After connecting to this host: it is the first of those used before."""
        bracketed = f"[{host}]" if ":" in host else host
        used = host if port == DEFAULT_PORT else f"{bracketed}:{port}"
        others = [other for other in self.hosts if other != used]
        return replace(self, host=host, port=port, hosts=(used, *others)[:MOST_HOSTS])

    def with_always(self, person: str, *, wanted: bool) -> "Settings":
        """After somebody's files are to be taken without asking, or not any more."""
        others = tuple(other for other in self.always if other != person)
        return replace(self, always=(person, *others)[:MOST_ALWAYS] if wanted else others)


def encode_settings(settings: Settings) -> str:
    """The text of settings.json; what was never asked is left out."""
    known = {name: value for name, value in asdict(settings).items() if value is not None}
    return json.dumps(known, indent=2, ensure_ascii=False) + "\n"


def decode_settings(text: str) -> tuple[Settings, tuple[str, ...]]:
    """The settings in a text, with the default for each that is missing or wrong, and a sentence for each wrong one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Settings(), ("The settings cannot be read, so all have their defaults: set them anew in the window.",)
    if not isinstance(found, dict):
        return Settings(), (
            "The settings are no list of names and values, so all have their defaults: set them anew in the window.",
        )
    good: dict[str, Any] = {}
    wrong = []
    for field in fields(Settings):
        if field.name not in found:
            continue
        value = _maybe_value(field.name, found[field.name])
        if value is None:
            wrong.append(f"The setting {field.name} cannot be used, so it has its default: set it anew in the window.")
        else:
            good[field.name] = value
    return Settings(**good), tuple(wrong)


def _maybe_value(name: str, value: object) -> object | None:
    """What a setting may be; None where this is none of it."""
    match name, value:
        case "port", int(number) if not isinstance(number, bool) and 1 <= number <= 0xFFFF:
            return number
        case "text_percent", int(number) if SMALLEST_TEXT_PERCENT <= number <= LARGEST_TEXT_PERCENT:
            return number
        case (("maximised" | "listening"), bool(flag)):
            return flag
        case (("speed_limit" | "largest_unasked"), int(size)) if (
            not isinstance(size, bool) and 0 <= size <= LARGEST_SIZE
        ):
            return size
        case "hosts", list(hosts):
            return tuple(host for host in hosts if isinstance(host, str) and len(host) <= LONGEST_TEXT)[:MOST_HOSTS]
        case "always", list(people):
            return tuple(one for one in people if isinstance(one, str) and _TWO_KEYS.fullmatch(one))[:MOST_ALWAYS]
        case "theme", str(theme) if theme in set(Theme):
            return Theme(theme)
        case "geometry", str(geometry) if not geometry or _GEOMETRY.fullmatch(geometry):
            return geometry
        case (("host" | "name" | "downloads"), str(text)) if len(text) <= LONGEST_TEXT:
            return text
        case _:
            return None
