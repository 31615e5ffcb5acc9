"""How a hub runs unless told otherwise. Thread: pytest's main thread."""

import dataclasses

import pytest

from tcpipserver.config import ServerConfig


def test_a_hub_listens_everywhere_on_9999_unless_told_otherwise() -> None:
    """The start settings are the article's."""
    config = ServerConfig()
    assert (config.host, config.port) == ("", 9999)
    assert config.most_clients is None


def test_a_configuration_is_a_value() -> None:
    """It cannot change under a hub that runs, and differs by its settings alone."""
    config = ServerConfig(port=0)
    assert config == ServerConfig(port=0) != ServerConfig()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.port = 1  # type: ignore[misc]
