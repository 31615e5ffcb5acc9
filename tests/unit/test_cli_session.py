"""How the options of a command become a client's settings."""

from pathlib import Path

import pytest

from commonlib.storage.data_folder import data_folder
from tcpipclient.cli_arguments import Access
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_output import Output
from tcpipclient.cli_session import connected, plain_config
from tcpipclient.config import Accept
from tcpipclient.core.exceptions import UnknownHostError
from tcpipclient.core.trusting import Trust


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
    assert (config.connect_timeout, config.register_timeout, config.approval_timeout) == (patience,) * 3


def test_what_was_said_about_trust_reaches_the_client(tmp_path: Path) -> None:
    """With the join code out of its file."""
    (tmp_path / "code").write_text("amber river\n", encoding="utf-8")
    access = Access("hub", 1, "Ann", False, None, tmp_path, Trust.FIRST_USE, True, tmp_path / "code")
    config = plain_config(access)
    assert (config.data_dir, config.trust, config.allow_unencrypted) == (tmp_path, Trust.FIRST_USE, True)
    assert config.join_code == "amber river"


def test_without_a_folder_the_systems_own_is_used() -> None:
    """So that the hubs which are trusted are known the next time."""
    config = plain_config(Access("hub", 1, "Ann", as_json=False, timeout=None))
    assert config.data_dir == data_folder("client", None, {})


def test_a_hub_that_is_not_found_is_a_documented_error() -> None:
    """Nothing is left running."""
    config = plain_config(Access("host.invalid", 1234, "Ann", as_json=False, timeout=5.0))
    with pytest.raises(UnknownHostError), connected(config, Inbox(), Entry(Output(False, None, None), None)):
        pytest.fail("nobody can be connected to this host")
