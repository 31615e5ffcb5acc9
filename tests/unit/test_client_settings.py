"""What the client's window remembers, and what it makes of a file that anybody may have edited."""

import json

import pytest

from tcpipclient.gui.settings import MOST_ALWAYS, MOST_HOSTS, Settings, Theme, decode_settings, encode_settings

ALL = Settings(
    "hub.lan",
    9000,
    "Änn",
    ("hub.lan:9000",),
    "/tmp/in",
    Theme.DARK,
    150,
    "900x640+40+-30",
    True,
    (f"{'0' * 64} {'a' * 64}",),
    5_000_000,
    10**9,
    False,
)


def test_settings_come_back_as_they_were() -> None:
    """What was written is read, and nothing is wrong with it."""
    assert decode_settings(encode_settings(ALL)) == (ALL, ())
    assert decode_settings(encode_settings(Settings())) == (Settings(), ())


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_a_broken_file_gives_the_defaults(text: str) -> None:
    """Nothing in the file is usable: everything has its default, and a sentence says so."""
    settings, wrong = decode_settings(text)
    assert settings == Settings()
    assert len(wrong) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", 7),
        ("name", "x" * 1001),
        ("port", 0),
        ("port", True),
        ("port", "9999"),
        ("hosts", "hub"),
        ("downloads", None),
        ("theme", "pink"),
        ("text_percent", 10),
        ("geometry", "900"),
        ("maximised", 1),
        ("always", "everybody"),
        ("speed_limit", -1),
        ("speed_limit", True),
        ("largest_unasked", "much"),
        ("listening", "perhaps"),
    ],
)
def test_one_wrong_setting_spoils_no_other(name: str, value: object) -> None:
    """The wrong one has its default, and the sentence names it; the others are kept."""
    text = json.dumps({**json.loads(encode_settings(ALL)), name: value})
    settings, wrong = decode_settings(text)
    assert getattr(settings, name) == getattr(Settings(), name)
    assert [sentence for sentence in wrong if f"setting {name} " in sentence] == list(wrong)
    assert len(wrong) == 1
    assert sum(getattr(settings, field) != getattr(ALL, field) for field in Settings.__slots__) == 1


def test_unknown_and_missing_settings_are_passed_over() -> None:
    """A file of another version of the program is read as far as it goes; hosts that are no text fall away."""
    settings, wrong = decode_settings('{"name": "Ann", "hosts": ["a", 3], "colour_of_hair": "red"}')
    assert settings == Settings(name="Ann", hosts=("a",))
    assert wrong == ()


def test_whose_files_are_always_taken_is_said_by_keys_alone() -> None:
    """Anything else in the file falls away; the last one chosen is the first, and the oldest fall off."""
    keys = [f"{'0' * 64} {number:064x}" for number in range(MOST_ALWAYS + 1)]
    settings, wrong = decode_settings(json.dumps({"always": [keys[0], "Ann", 7, keys[0].upper() + "A", keys[1]]}))
    assert (settings.always, wrong) == ((keys[0], keys[1]), ())
    assert settings.with_always(keys[1], wanted=True).always == (keys[1], keys[0])
    assert settings.with_always(keys[1], wanted=False).always == (keys[0],)
    for key in keys:
        settings = settings.with_always(key, wanted=True)
    assert (len(settings.always), settings.always[0], keys[0] in settings.always) == (MOST_ALWAYS, keys[-1], False)


def test_the_host_last_used_is_the_first_of_the_list() -> None:
    """A host is listed once, with its port where it is not 9999; the oldest fall off."""
    settings = Settings().with_host("a", 9999).with_host("b", 8000).with_host("fe80::1", 8000).with_host("a", 9999)
    assert settings.hosts == ("a", "[fe80::1]:8000", "b:8000")
    assert (settings.host, settings.port) == ("a", 9999)
    for number in range(MOST_HOSTS + 5):
        settings = settings.with_host(f"h{number}", 9999)
    assert len(settings.hosts) == MOST_HOSTS
    assert settings.hosts[0] == f"h{MOST_HOSTS + 4}"
