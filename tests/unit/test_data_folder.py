"""Where an instance keeps what is its own."""

from pathlib import Path

import platformdirs
import pytest

from commonlib.storage.data_folder import HOME_VARIABLE, data_folder


def test_what_was_chosen_goes_before_the_environment() -> None:
    """And both are used as they are."""
    environment = {HOME_VARIABLE: "/home/of/it"}
    assert data_folder("server", Path("chosen"), environment) == Path("chosen")
    assert data_folder("server", None, environment) == Path("/home/of/it")


def test_the_platforms_own_place_is_divided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub and a client of one user keep apart; an empty variable says nothing."""
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path))
    assert data_folder("server", None, {HOME_VARIABLE: ""}) == tmp_path / "server"
    assert data_folder("client", None, {}) == tmp_path / "client"
