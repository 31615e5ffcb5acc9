"""The first moment of the command `tcpipclient`. It runs as a process."""

import pytest

from tcpipclient import __main__
from tests.support.early_interrupt import installed_start, interrupted_while_loading


@pytest.mark.parametrize("module", ["tcpipclient.cli", "tcpipclient.cli_arguments"])
def test_ctrl_c_while_the_command_loads_ends_it_quietly(module: str) -> None:
    """No traceback, whichever of its modules is being loaded."""
    assert interrupted_while_loading("tcpipclient", module) == (130, b"", b"")


def test_the_installed_command_begins_in_the_same_place() -> None:
    """As `python -m` does."""
    assert installed_start("tcpipclient") == "tcpipclient.__main__:main"
    assert callable(__main__.main)
