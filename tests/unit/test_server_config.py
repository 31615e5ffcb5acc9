"""How a hub runs unless told otherwise. Thread: pytest's main thread."""

import dataclasses

import pytest

from tcpipserver.config import NoJoinCodeError, ServerConfig, check_join_code
from tcpipserver.hub.admission import Joining, Policy


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


def test_a_code_that_is_asked_for_has_to_be_there() -> None:
    """Where none is asked for, none is needed."""
    asking = Policy(Joining.CODE)
    for code in ("", " ", "- -"):
        with pytest.raises(NoJoinCodeError, match="choose one"):
            check_join_code(asking, code)
    check_join_code(asking, "x")
    check_join_code(Policy(), "")
