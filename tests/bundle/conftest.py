"""The fixtures of window tests, for this folder.

Owns nothing of its own. Thread: pytest's main thread.
"""

from tests.support.window_fixtures import hand, pytest_runtest_makereport, screen, session_screen

__all__ = ["hand", "pytest_runtest_makereport", "screen", "session_screen"]
