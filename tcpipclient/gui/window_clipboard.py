"""Files on the clipboard, as file managers put them there.

Owns how each system says it. Must never read them. Thread: Tk's.
"""

import sys
import tkinter as tk
from urllib.parse import unquote, urlsplit

_LIST_TYPE = "text/uri-list"


def copied_files(widget: tk.Misc) -> tuple[str, ...]:
    """Paths of the files that were copied; empty where it is text, or nothing."""
    if sys.platform == "win32":
        return _windows_files()
    if widget.tk.call("tk", "windowingsystem") != "x11":
        return ()
    try:
        offered = widget.selection_get(selection="CLIPBOARD", type="TARGETS")
        if _LIST_TYPE not in str(offered).split():
            return ()
        listed = widget.selection_get(selection="CLIPBOARD", type=_LIST_TYPE)
    except tk.TclError:
        return ()
    return paths_in_list(str(listed))


def paths_in_list(listed: str) -> tuple[str, ...]:
    """What a text/uri-list (RFC 2483) names: files by their paths, anything else as it is."""
    lines = (line.strip("\r\0 ") for line in listed.split("\n"))
    return tuple(_path(line) for line in lines if line and not line.startswith("#"))


def _path(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return address
    if sys.platform == "win32":
        from urllib.request import url2pathname

        return url2pathname(parts.path)
    return unquote(parts.path)


def _windows_files() -> tuple[str, ...]:
    from PIL import ImageGrab

    try:
        found = ImageGrab.grabclipboard()
    except (OSError, NotImplementedError):
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()
