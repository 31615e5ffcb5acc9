"""A client's settings and their limits.

Thread: pytest's main thread.
"""

import pytest

from tcpipclient.config import ClientConfig
from tcpipclient.core.exceptions import SettingError


def test_texts_are_cut_to_their_fields() -> None:
    """A shorter name is better than none."""
    config = ClientConfig("hub", name="  " + "n" * 70, computer="c" * 70, version="v" * 70)
    assert (len(config.name), len(config.computer), len(config.version)) == (64, 64, 64)


def test_a_join_code_is_not_shown_with_the_settings() -> None:
    """Settings end up in logs and in questions to others."""
    assert "amber" not in repr(ClientConfig("hub", join_code="amber river"))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("host", " "),
        ("port", 0),
        ("port", 65536),
        ("name", " \t"),
        ("connect_timeout", 0.0),
        ("register_timeout", -1.0),
        ("send_timeout", float("nan")),
        ("close_timeout", 3601.0),
        ("approval_timeout", 0.0),
        ("trust", b"too short"),
        ("listening_port", -1),
        ("listening_port", 65536),
        ("speed_limit", 0),
        ("at_once", 0),
        ("at_once", 65),
        ("largest_unasked", -1),
    ],
)
def test_settings_that_cannot_be_used_are_named(setting: str, value: object) -> None:
    """And refused before anything is connected."""
    settings: dict[str, object] = {"host": "hub", setting: value}
    with pytest.raises(SettingError) as caught:
        ClientConfig(**settings)  # type: ignore[arg-type]
    assert caught.value.setting == setting
