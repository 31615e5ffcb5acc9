"""The fixtures of window tests, for this folder.

Owns nothing of its own. Thread: pytest's main thread.
"""

from tests.support.client_windows import client_window, toolkit
from tests.support.server_windows import server_window
from tests.support.window_fixtures import hand, pytest_runtest_makereport, screen, session_screen

__all__ = ["client_window", "hand", "pytest_runtest_makereport", "screen", "server_window", "session_screen", "toolkit"]
