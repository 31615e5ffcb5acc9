"""Loggers that load `logging` only when there is something to log."""

import logging
import subprocess
import sys

import pytest

from tcpipclient.net.late_logger import LateLogger

NAME = "tests.late"


def test_what_is_logged_is_that_of_the_logger_of_the_name(caplog: pytest.LogCaptureFixture) -> None:
    """With its level, its arguments, its traceback, and the place where it was logged."""
    log = LateLogger(NAME)
    with caplog.at_level(logging.DEBUG, NAME):
        log.debug("%d is little", 1)
        log.info("as usual")
        log.warning("look at %s", "this")
        try:
            raise ValueError("a fault")
        except ValueError:
            log.exception("it failed")
    told = [(record.name, record.levelname, record.getMessage(), record.filename) for record in caplog.records]
    assert told == [
        (NAME, "DEBUG", "1 is little", "test_late_logger.py"),
        (NAME, "INFO", "as usual", "test_late_logger.py"),
        (NAME, "WARNING", "look at this", "test_late_logger.py"),
        (NAME, "ERROR", "it failed", "test_late_logger.py"),
    ]
    assert caplog.records[-1].exc_info is not None


@pytest.mark.parametrize(("method", "is_loaded"), [("debug", False), ("info", False), ("warning", True)])
def test_logging_is_loaded_when_somebody_could_want_to_read_it(method: str, is_loaded: bool) -> None:
    """Before anybody has set up a log, details go nowhere; a warning is shown on standard error all the same."""
    program = (
        "import sys; from tcpipclient.net.late_logger import LateLogger; "
        f"LateLogger('x').{method}('said'); print('logging' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == str(is_loaded)
    assert ("said" in done.stderr) is is_loaded
