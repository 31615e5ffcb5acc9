"""What is typed becomes one value; what cannot be meant ends with exit code 2 and a sentence."""

from pathlib import Path

import pytest

from commonlib.conflict import Conflict
from tcpipclient.cli_arguments import AcceptRule, Listen, Roster, Send, SendFile, Window, parse_arguments
from tcpipclient.core.trusting import Trust
from tcpipclient.core.way_rule import WayRule

SERVER = ("--server", "hub")


def refused(*typed: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said when this is typed; it must be refused as wrong use."""
    with pytest.raises(SystemExit) as ended:
        parse_arguments(typed, {})
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("hub", "hub", 9999),
        ("hub.example:1234", "hub.example", 1234),
        ("192.0.2.7:80", "192.0.2.7", 80),
        ("[2001:db8::1]:1234", "2001:db8::1", 1234),
        ("[2001:db8::1]", "2001:db8::1", 9999),
        ("::1", "::1", 9999),
    ],
)
def test_the_server_is_a_host_with_a_port_or_without(typed: str, host: str, port: int) -> None:
    """The port is 9999 unless given; an IPv6 address with a port stands in brackets."""
    asked = parse_arguments(["roster", "--server", typed], {})
    assert isinstance(asked, Roster)
    assert (asked.access.host, asked.access.port) == (host, port)


def test_shared_options_may_stand_before_the_command_or_behind_it() -> None:
    """Both places mean the same."""
    options = (*SERVER, "--name", "Ann", "--json", "--timeout", "2.5")
    before, behind = parse_arguments([*options, "roster"], {}), parse_arguments(["roster", *options], {})
    assert before == behind
    assert before.access.name == "Ann"
    assert before.access.as_json
    assert before.access.timeout == 2.5


def test_the_name_is_the_login_name_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who says nothing is seen under the name he logged in with."""
    monkeypatch.setattr("getpass.getuser", lambda: "ann-at-login")
    assert parse_arguments(["roster", *SERVER], {}).access.name == "ann-at-login"
    assert parse_arguments(["roster", *SERVER, "--name", "Ann"], {}).access.name == "Ann"


def test_where_no_login_name_is_known_a_name_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A system without an entry for its user is no reason for a traceback."""

    def unknown() -> str:
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert "--name" in refused("roster", *SERVER, capsys=capsys)


def test_the_words_of_a_text_are_joined() -> None:
    """A text need not be quoted; two numbers go with it, 0 and 0 unless given."""
    asked = parse_arguments(["send", *SERVER, "--to", "Bob", "--to", "@all", "see", "you"], {})
    assert isinstance(asked, Send)
    assert (asked.text, asked.to, asked.numbers) == ("see you", ("Bob", "@all"), (0, 0))


def test_the_numbers_of_a_text_may_be_negative() -> None:
    """They are two signed 32-bit numbers."""
    asked = parse_arguments(["send", *SERVER, "--to", "server", "--numbers", "-2147483648", "2147483647", "x"], {})
    assert isinstance(asked, Send)
    assert asked.numbers == (-2147483648, 2147483647)


def test_several_files_go_to_several_people() -> None:
    """Paths and recipients keep their order."""
    asked = parse_arguments(["send-file", "b", "a", *SERVER, "--to", "Bob", "--to", "3"], {})
    assert isinstance(asked, SendFile)
    assert (asked.paths, asked.to) == ((Path("b"), Path("a")), ("Bob", "3"))


def test_files_go_by_any_way_at_any_speed_and_without_links_unless_told_otherwise() -> None:
    """The options of a transfer."""
    typed = ["send-file", "a", *SERVER, "--to", "Bob"]
    asked = parse_arguments(typed, {})
    assert isinstance(asked, SendFile)
    assert (asked.ways, asked.limit_speed, asked.links) == (WayRule.AUTO, None, False)
    asked = parse_arguments([*typed, "--path", "hub", "--limit-speed", "20M", "--links"], {})
    assert isinstance(asked, SendFile)
    assert (asked.ways, asked.limit_speed, asked.links) == (WayRule.HUB, 20_000_000, True)


def test_what_is_taken_unasked_can_be_limited_and_conflicts_asked_about() -> None:
    """The options of what is received."""
    asked = parse_arguments(
        ["listen", *SERVER, "--accept", "known", "--largest", "3G", "--conflict", "ask", "--links"], {}
    )
    assert isinstance(asked, Listen)
    assert (asked.largest, asked.conflict, asked.links) == (3_000_000_000, None, True)


def test_listen_keeps_both_files_of_a_name_and_asks_unless_told_otherwise() -> None:
    """The defaults lose nothing and take nothing unasked."""
    asked = parse_arguments(["listen", *SERVER], {})
    assert isinstance(asked, Listen)
    assert (asked.accept, asked.conflict, asked.count) == (AcceptRule.ASK, Conflict.RENAME, None)


@pytest.mark.parametrize(
    ("typed", "environment", "downloads"),
    [
        ((), {}, None),
        ((), {"TCPIPCHAT_HOME": "home"}, Path("home/downloads")),
        (("--data-dir", "data"), {"TCPIPCHAT_HOME": "home"}, Path("data/downloads")),
        (("--data-dir", "data", "--downloads", "here"), {"TCPIPCHAT_HOME": "home"}, Path("here")),
        (("--downloads", "here"), {}, Path("here")),
    ],
)
def test_files_go_below_the_data_folder_unless_told_otherwise(
    typed: tuple[str, ...], environment: dict[str, str], downloads: Path | None
) -> None:
    """--downloads comes first, then --data-dir, then the variable; without any, the system's own folder is used."""
    asked = parse_arguments(["listen", *SERVER, *typed], environment)
    assert isinstance(asked, Listen)
    assert asked.downloads == downloads


def test_without_a_command_the_window_is_asked_for() -> None:
    """It begins with the hub and name of last time unless others are given, and waits for Connect unless told."""
    assert parse_arguments([], {}) == Window(None, None, connect=False, data_dir=None)
    typed = [*SERVER, "--name", "Ann", "--connect"]
    home = {"TCPIPCHAT_HOME": "home"}
    assert parse_arguments(typed, home) == Window(("hub", 9999), "Ann", connect=True, data_dir=Path("home"))
    assert parse_arguments(["--data-dir", "data"], home) == Window(None, None, connect=False, data_dir=Path("data"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--json",), "--json goes with one of the commands"),
        (("--timeout", "3"), "--timeout goes with one of the commands"),
        (("--connect",), "--server HOST --connect"),
        (("--connect", "roster", *SERVER), "no command goes with it"),
        (("roster",), "--server HOST"),
        (("roster", "--server", "hub:0"), "numbered 1 to 65535"),
        (("roster", "--server", "hub:x"), "numbered 1 to 65535"),
        (("roster", "--server", "[::1"), "[ADDRESS]"),
        (("roster", "--server", ""), "it is empty"),
        (("roster", *SERVER, "--name", " "), "it is empty"),
        (("roster", *SERVER, "--timeout", "0"), "no number of seconds"),
        (("roster", *SERVER, "--timeout", "nan"), "no number of seconds"),
        (("roster", *SERVER, "--timeout", "inf"), "no number of seconds"),
        (("send", *SERVER, "text"), "--to"),
        (("send", *SERVER, "--to", "Bob"), "TEXT"),
        (("send", *SERVER, "--to", "Bob", "--numbers", "1", "x", "text"), "no whole number"),
        (("send", *SERVER, "--to", "Bob", "--numbers", "1", "2147483648", "text"), "does not lie between"),
        (("send-file", *SERVER, "--to", "server", "file"), "files cannot be sent to the server"),
        (("send-file", *SERVER, "file"), "--to"),
        (("send-file", *SERVER, "--to", "Bob", ""), "name a file or a folder"),
        (("listen", *SERVER, "--downloads", ""), "name a file or a folder"),
        (("send-file", *SERVER, "--to", "Bob", "--limit-speed", "0", "file"), "no size"),
        (("send-file", *SERVER, "--to", "Bob", "--path", "road", "file"), "auto"),
        (("listen", *SERVER, "--accept", "all", "--largest", "x"), "no size"),
        (("listen", *SERVER, "--largest", "3G"), "--largest goes with --accept all and --accept known"),
        (("listen", *SERVER, "--count", "0"), "no whole number above 0"),
        (("listen", *SERVER, "--accept", "some"), "invalid choice"),
        (("listen", *SERVER, "--conflict", "burn"), "invalid choice"),
        (("history", *SERVER), "invalid choice"),
        (("roster", "--serv", "hub"), "--serv"),
        (("roster", *SERVER, "--fingerprint", "abc"), "is no fingerprint"),
        (("roster", *SERVER, "--fingerprint", "00" * 32, "--trust-on-first-use"), "exclude each other"),
        (("roster", *SERVER, "--join-code", "amber"), "--join-code"),
        (("--trust-on-first-use",), "--trust-on-first-use goes with one of the commands"),
        (("--fingerprint", "00" * 32), "--fingerprint goes with one of the commands"),
    ],
)
def test_wrong_use_is_told_in_one_line(typed: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The line says what is wrong and where to read on; nothing else is printed."""
    sentence = refused(*typed, capsys=capsys)
    assert said in sentence
    assert sentence.startswith("tcpipclient")
    assert sentence.endswith(".\n")


def test_what_is_said_about_trust_is_read() -> None:
    """A fingerprint in any of the forms in which it is shown; without a word only known hubs are trusted."""
    plain = parse_arguments(["roster", *SERVER], {"TCPIPCHAT_HOME": "home"}).access
    assert (plain.trust, plain.allow_unencrypted, plain.join_code_file) == (Trust.KNOWN, False, None)
    assert plain.data_dir == Path("home")
    first = ("--trust-on-first-use", "--allow-unencrypted", "--join-code-file", "code.txt", "--data-dir", "data")
    access = parse_arguments([*first, "roster", *SERVER], {}).access
    assert (access.trust, access.allow_unencrypted, access.join_code_file) == (Trust.FIRST_USE, True, Path("code.txt"))
    assert access.data_dir == Path("data")
    shown = ":".join(f"{byte:02X}" for byte in range(32))
    assert parse_arguments(["roster", *SERVER, "--fingerprint", shown], {}).access.trust == bytes(range(32))


@pytest.mark.parametrize("command", ["roster", "send", "send-file", "listen"])
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help names every option that all commands share, and says how long the command waits."""
    with pytest.raises(SystemExit) as ended:
        parse_arguments([command, "--help"], {})
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for option in ("--server", "--name", "--data-dir", "--json", "--timeout"):
        assert option in told
    assert "Waits" in told or "Gives up" in told or "Ends" in told
