"""How the options of a command become a client's settings."""

import pytest

from tcpipclient.cli_arguments import Access
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_session import connected, plain_config
from tcpipclient.config import Accept
from tcpipclient.core.exceptions import UnknownHostError


def test_a_command_that_only_sends_takes_no_files() -> None:
    """Not a byte of what somebody sends meanwhile is written."""
    config = plain_config(Access("hub", 1234, "Ann", as_json=False, timeout=None))
    assert (config.host, config.port, config.name) == ("hub", 1234, "Ann")
    assert config.accept is Accept.NONE
    assert config.downloads is None


@pytest.mark.parametrize(("timeout", "patience"), [(2.5, 2.5), (60.0, 60.0), (1e6, 3600.0)])
def test_the_timeout_is_also_the_patience_with_the_hub(timeout: float, patience: float) -> None:
    """As far as a client's settings reach."""
    config = plain_config(Access("hub", 1234, "Ann", as_json=False, timeout=timeout))
    assert (config.connect_timeout, config.register_timeout) == (patience, patience)


def test_a_hub_that_is_not_found_is_a_documented_error() -> None:
    """Nothing is left running."""
    config = plain_config(Access("host.invalid", 1234, "Ann", as_json=False, timeout=5.0))
    with pytest.raises(UnknownHostError), connected(config, Inbox()):
        pytest.fail("nobody can be connected to this host")
