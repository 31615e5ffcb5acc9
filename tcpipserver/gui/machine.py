"""What this machine is like: its firewall, and whether it prefers dark windows.

Owns the looking. Must never change anything, need a privilege, or take longer than a second. Run by the control thread,
and once before the window opens.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tcpipserver.gui.firewall import Firewall, FirewallKind

_PLATFORM: str = sys.platform
_UFW_SETTINGS = Path("/etc/ufw/ufw.conf")
_FIREWALLD_RUNS = Path("/run/firewalld.pid")
_PATIENCE_SECONDS = 1.0
_DARK_QUESTIONS = {
    "darwin": ("defaults", "read", "-g", "AppleInterfaceStyle"),
    "linux": ("gsettings", "get", "org.gnome.desktop.interface", "color-scheme"),
}


def find_firewall() -> Firewall:
    """The firewall of this machine, as far as it can be seen without a privilege."""
    if _PLATFORM == "win32":
        return Firewall(FirewallKind.WINDOWS)
    if _PLATFORM == "darwin":
        return Firewall(FirewallKind.MACOS, program=str(Path(sys.executable).resolve()))
    if _FIREWALLD_RUNS.exists():
        return Firewall(FirewallKind.FIREWALLD, is_active=True)
    try:
        is_active = "ENABLED=yes" in _UFW_SETTINGS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Firewall(FirewallKind.NONE_FOUND)
    return Firewall(FirewallKind.UFW, is_active=is_active)


def prefers_dark() -> bool | None:
    """Whether the system prefers dark windows; None where it does not say."""
    if _PLATFORM == "win32":
        return _windows_prefers_dark()
    question = _DARK_QUESTIONS.get(_PLATFORM)
    if question is None or (program := shutil.which(question[0])) is None:
        return None
    if _PLATFORM == "linux" and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return None  # Without a session there is nobody to ask, and the question would start one.
    try:
        answer = subprocess.run(
            [program, *question[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if _PLATFORM == "darwin":
        return "Dark" in answer.stdout  # In light mode the value is not there at all.
    return "dark" in answer.stdout if answer.returncode == 0 else None


def _windows_prefers_dark() -> bool | None:
    if sys.platform == "win32":
        import winreg

        path = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
            return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
    return None
