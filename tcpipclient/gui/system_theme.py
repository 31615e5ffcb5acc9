"""Whether the system is set to dark colours, where that can be known.

Owns the question for each system. Must never raise, nor wait for longer than a second: a system that does not answer
has no preference. Thread: any but Tk's, since programs may be asked.
"""

import subprocess
import sys

_SECONDS = 1.0
_WINDOWS_KEY = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"


def system_is_dark() -> bool:
    """Whether dark is wanted; False too where nobody knows."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _WINDOWS_KEY) as key:
                return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
        except OSError:
            return False
    if sys.platform == "darwin":
        return _answer("defaults", "read", "-g", "AppleInterfaceStyle").strip().lower() == "dark"
    return "dark" in _answer("gsettings", "get", "org.gnome.desktop.interface", "color-scheme").lower()


def _answer(*command: str) -> str:
    """What a program of the system says; empty where it is not there or fails."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=True, encoding="utf-8"
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return ""
    return done.stdout
