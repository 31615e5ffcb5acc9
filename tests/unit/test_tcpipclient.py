"""What the package offers, and what is loaded when.

Thread: pytest's main thread; what is loaded is seen in a Python of its own.
"""

import subprocess
import sys
from pathlib import Path

import pytest

import tcpipclient

CONNECTION = ("tcpipclient.api", "tcpipclient.net.link", "tcpipclient.folder", "commonlib.classic.layouts", "ssl")
"""What only a connection needs; most of it takes long to load."""


def loaded_by(statement: str) -> set[str]:
    """The modules that are there after a statement."""
    command = [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split())


def test_every_name_that_is_listed_is_there() -> None:
    """Those that are loaded late too, and each is always the same."""
    for name in tcpipclient.__all__:
        assert getattr(tcpipclient, name) is getattr(tcpipclient, name)


def test_a_name_that_is_not_listed_is_not_there() -> None:
    """As in any module."""
    with pytest.raises(AttributeError, match="no attribute 'Hub'"):
        tcpipclient.Hub  # type: ignore[attr-defined]  # noqa: B018


def test_nothing_of_a_connection_is_loaded_before_the_window_is_drawn() -> None:
    """Neither by the package nor by the program with its window."""
    loaded = loaded_by("import tcpipclient.cli, tcpipclient.gui.program")
    assert "tcpipclient.gui.window" in loaded
    assert loaded.isdisjoint(CONNECTION)


def test_what_is_asked_for_is_loaded() -> None:
    """With what it needs."""
    assert loaded_by("from tcpipclient import Client") >= {"tcpipclient.api", "tcpipclient.net.link"}


def test_the_window_has_a_connection_loaded_beside_it(tmp_path: Path) -> None:
    """So that Connect need not: by a thread that has done so when the connector is stopped."""
    made = f"from pathlib import Path; from tcpipclient.gui.connector import Connector; p = Path({str(tmp_path)!r})"
    made += "; it = Connector(p, p)"
    assert "tcpipclient.api" not in loaded_by(f"{made}; it.stop()")
    assert "tcpipclient.api" in loaded_by(f"{made}; it.load(); it.stop()")
