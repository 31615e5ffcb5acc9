"""Words of the command line turned into values: addresses, names, paths, numbers, times and sizes.

Owns what can be typed for each, and the complaint about what cannot. Must never know which option it is for.
Thread: the program's main thread.
"""

import argparse
import re
from pathlib import Path

from commonlib.identity import Fingerprint, FingerprintError, fingerprint_from_hex
from tcpipclient.address import parse_address
from tcpipclient.core.exceptions import SettingError

LONGEST_TIMEOUT = 30 * 86400.0
"""Seconds; waits on some systems cannot be much longer than that."""
LARGEST_SIZE = (1 << 63) - 1

_SIZE = r"([0-9]{1,19})(?:\.([0-9]{1,6}))?([kmgtKMGT]?)[bB]?"
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}


def fingerprint(text: str) -> Fingerprint:
    """64 hexadecimal digits, as a hub shows them."""
    try:
        return fingerprint_from_hex(text)
    except FingerprintError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def address(text: str) -> tuple[str, int]:
    """A host, with a port or without."""
    try:
        return parse_address(text)
    except SettingError as error:
        raise argparse.ArgumentTypeError(error.detail) from None


def name(text: str) -> str:
    """Under which others see somebody; not empty."""
    if not text.strip("\0 \t\r\n"):
        raise argparse.ArgumentTypeError("it is empty, and others could not see you; give one")
    return text


def path(text: str) -> Path:
    """A file or a folder; not empty, as an unset variable of a script is: that would be the folder we are in."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty; name a file or a folder, this one being .")
    return Path(text)


def seconds(text: str) -> float:
    """A length of time above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def number(text: str) -> int:
    """A signed number of 32 bits."""
    from commonlib.classic.texts import LARGEST_NUMBER, SMALLEST_NUMBER

    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
    if not SMALLEST_NUMBER <= value <= LARGEST_NUMBER:
        raise argparse.ArgumentTypeError(f"{text} does not lie between {SMALLEST_NUMBER} and {LARGEST_NUMBER}")
    return value


def count(text: str) -> int:
    """A whole number above 0."""
    if not (text.isascii() and text.isdigit() and int(text[:12]) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text[:12])


def size(text: str) -> int:
    """Bytes: 500, 20K, 1.5M, 3G; a K is a thousand, as sizes are shown."""
    typed = re.fullmatch(_SIZE, text.strip())
    value = 0
    if typed is not None:
        unit, fraction = _UNITS[typed[3].upper()], typed[2] or "0"
        value = int(typed[1]) * unit + int(fraction) * unit // 10 ** len(fraction)
    if not 1 <= value <= LARGEST_SIZE:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: give bytes above 0, such as 500K, 20M or 1.5G")
    return value
