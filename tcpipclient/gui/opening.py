"""Opens files, folders and links with the programs that the system has for them.

Owns how each system is asked, and which files are never opened: those that would run as a program, since others chose
them. Must never use a shell. Threads: one of the connector's; returns when the system was asked.
"""

import logging
import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

from commonlib.wording import shown_file

_RUNNING_ENDINGS = """
    apk app appimage application appref-ms bash bat chm cmd com command cpl csh desktop dmg exe fish gadget hta
    inf iso jar js jse ksh lnk msc msh msi msp mst pif pkg ps1 psm1 py pyc pyw pyz rb reg run scf scr
    settingcontent-ms sh terminal tool url vb vbe vbs vhd vhdx webloc workflow ws wsc wsf wsh xbap zsh
"""
RUNS = frozenset(f".{ending}" for ending in _RUNNING_ENDINGS.split())
"""Endings of names that some system starts instead of showing."""

_log = logging.getLogger(__name__)


def maybe_open_file(path: Path) -> str | None:
    """Open a file; a sentence where that fails or is refused."""
    # Windows passes over dots and spaces at the end of a name.
    if Path(path.name.lower().rstrip(". ")).suffix in RUNS or _is_executable(path):
        return f"{shown_file(path.name)} could run as a program, so it is not opened from here: use Open folder."
    if not path.exists():
        return f"{shown_file(path.name)} is not there any more: it was moved, renamed or deleted."
    return _open(path)


def maybe_open_folder(path: Path) -> str | None:
    """Show the folder that a file is in; a sentence where that fails."""
    folder = path.parent
    if not folder.is_dir():
        return f"The folder {shown_file(str(folder))} is not there any more."
    return _open(folder)


def maybe_open_link(url: str, browse: Callable[[str], bool] = webbrowser.open) -> str | None:
    """Open a web or mail address, nothing else; a sentence where that fails."""
    allowed = url.lower().startswith(("https://", "http://", "mailto:"))
    if not allowed or not browse(url):
        return "The link cannot be opened: copy it into a browser."
    return None


def _is_executable(path: Path) -> bool:
    """On Windows every file would count, and the ending tells."""
    return sys.platform != "win32" and os.access(path, os.X_OK) and path.is_file()


def _open(path: Path) -> str | None:
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606 - what would run was refused above
        else:
            _start(["open" if sys.platform == "darwin" else "xdg-open", str(path)])
    except OSError as error:
        _log.warning("%s cannot be opened: %s", path, error)
        return f"The system has no program to open {shown_file(path.name)}: open it by hand in {path.parent}."
    return None


def _start(command: list[str]) -> None:
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
