"""What start.py needs of the operating system beside Python itself: how it is seen, and how it comes onto the machine.

Owns the names of Debian's packages, the checks whether each is needed, and the sentences about those that are missing.
It must import nothing but the standard library, and must never install anything itself: it tells the commands.
Thread: start.py's only one.
"""

import ctypes.util
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

FONTS = Path("/usr/share/fonts")
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


class StartError(Exception):
    """What stopped us, as a sentence that names the next step."""


@dataclass(frozen=True)
class Need:
    """Something of the operating system.

    Attributes:
        package: What Debian calls it.
        purpose: What it is for, as a user would say it.
        is_there: Looks whether the machine has it.
        is_required: Whether nothing can be done without it.
    """

    package: str
    purpose: str
    is_there: Callable[[], bool]
    is_required: bool = True


def has_venv() -> bool:
    """Whether this Python can make a virtual environment with pip in it; Debian packs that part separately."""
    question = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(question, capture_output=True, check=False).returncode == 0


def has_tkinter() -> bool:
    """Whether this Python can show windows; Debian packs that part separately, too."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("_tkinter") is not None


def has_python_library() -> bool:
    """Whether this Python is there as a shared library, which a bundle takes along."""
    place, name = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME")
    return (bool(place and name) and Path(place, name).exists()) or _has_library(f"python{VERSION}")


def _has_library(name: str) -> bool:
    return ctypes.util.find_library(name) is not None


def _has_font(pattern: str) -> bool:
    return any(FONTS.rglob(pattern))


def _has_command(name: str) -> bool:
    return shutil.which(name) is not None


VENV = (Need(f"python{VERSION}-venv", "making virtual environments", has_venv),)
TKINTER = Need("python3-tk", "showing windows (tkinter)", has_tkinter)
WINDOWS = (
    TKINTER,
    Need("libxcursor1", "dropping files on a window", lambda: _has_library("Xcursor"), is_required=False),
    Need("fonts-dejavu-core", "legible letters", lambda: _has_font("*.ttf"), is_required=False),
    Need("fonts-noto-color-emoji", "emoji", lambda: _has_font("*Emoji*"), is_required=False),
)
TESTS = (
    *(Need(need.package, need.purpose, need.is_there) for need in WINDOWS),
    Need("xvfb", "a screen for the tests of the windows", lambda: _has_command("Xvfb")),
    Need("openbox", "moving windows on it", lambda: _has_command("openbox")),
    Need("xdotool", "clicking there", lambda: _has_command("xdotool")),
    Need("iproute2", "networks of machines that do not exist", lambda: _has_command("ip")),
)
BUNDLE = (
    TKINTER,
    Need(f"libpython{VERSION}", "Python as a library", has_python_library),
    Need("binutils", "looking into libraries", lambda: _has_command("objdump")),
)


def needs_for(purpose: str, system: str = sys.platform) -> tuple[Need, ...]:
    """What a purpose ("demonstration", "windows", "test" or "bundle") needs on the `system` that `sys.platform` tells.

    Other systems than Linux have it all in Python, or are not where windows are tested.
    """
    if purpose == "demonstration":
        return ()
    if system != "linux":
        return (TKINTER,)
    return {"windows": WINDOWS, "test": TESTS, "bundle": BUNDLE}[purpose]


def missing(needs: Sequence[Need]) -> list[Need]:
    """Those of the needs that the machine lacks."""
    return [need for need in needs if not need.is_there()]


def may_install() -> bool:
    """Whether we are root on Debian, or on a system that descends from it."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and is_debian()


def is_debian() -> bool:
    """Whether the system is Debian or descends from it."""
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def installing(lacks: Sequence[Need]) -> list[list[str]]:
    """The commands that install what the machine lacks, without questions, where `may_install`."""
    packages = [need.package for need in lacks]
    return [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *packages]]


def advice(lacks: Sequence[Need], debian: bool) -> str:
    """What the user can do where we may not: a sentence that names each package."""
    told = "this machine lacks what is needed for " + ", ".join(need.purpose for need in lacks)
    packages = " ".join(need.package for need in lacks)
    if debian:
        return f"{told}. Install it and try again:\n    sudo apt-get update && sudo apt-get install {packages}"
    return f"{told}. Install your system's packages for it (Debian calls them {packages}) and try again."
