"""The command `tcpipserver ctl`: its arguments, its exit codes and where it writes, with a fake hub behind it.

As a whole, with a real hub, it is tested in tests/integration/test_ctl_command.py.
"""

import io
import json
from pathlib import Path

import pytest

from tcpipserver import cli, cli_ctl
from tcpipserver.control import requests
from tcpipserver.control.place import Contact, private_folder, write_contact
from tcpipserver.hub import inputs
from tests.support.operators import ANN_KEY, FakeHub, listening


def asked(*typed: str) -> requests.Request:
    """The request that these arguments mean."""
    options = cli_ctl._parser().parse_args(typed)
    return cli_ctl._request(options.parser, options)


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        (["status"], requests.StatusAsked()),
        (["clients"], requests.ClientsAsked()),
        (["kick", "Ann"], requests.Kick(who="Ann")),
        (["kick", "Ann", "Smith", "--reason", "too loud"], requests.Kick(who="Ann Smith", reason="too loud")),
        (["ban", "482", "193", "--reason", "x"], requests.Ban(who="482 193", reason="x")),
        (["unban", "abcdef01"], requests.Unban(who="abcdef01")),
        (["approve", "amber", "river"], requests.Approve(who="amber river")),
        (["approve", "--list"], requests.WaitingAsked()),
        (["deny", "amber", "river", "--reason", "not today"], requests.Deny(who="amber river", reason="not today")),
        (["say", "hello", "there"], requests.Say(text="hello there")),
        (["say", "--to", "1", "--to", "Bob", "hello"], requests.Say(text="hello", to=("1", "Bob"))),
        (["stop"], requests.Stop()),
    ],
)
def test_each_command_is_one_request(typed: list[str], request_: requests.Request) -> None:
    """Words are joined by spaces: a key code need not be quoted."""
    assert asked(*typed) == request_


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["dance"],
        ["kick"],
        ["ban"],
        ["unban"],
        ["approve"],
        ["approve", "x", "--list"],
        ["say"],
        ["status", "now"],
        ["--timeout", "0", "status"],
        ["--timeout", "nan", "status"],
        ["status", "--timeout", "soon"],
        ["kick", "Ann", "--reason", "x" * 201],
        ["kick", ""],
        ["unban", " ", ""],
        ["say", ""],
    ],
)
def test_wrong_use_ends_with_2_and_says_where_help_is(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is asked."""
    with pytest.raises(SystemExit) as caught:
        cli_ctl.main(typed)
    assert caught.value.code == 2
    assert "tcpipserver ctl" in capsys.readouterr().err


def test_the_hub_is_found_by_its_folder_wherever_the_option_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or by the environment; the command is reached through the hub's own."""
    monkeypatch.setenv("TCPIPCHAT_HOME", str(tmp_path))
    with listening(tmp_path):
        for typed in (["--data-dir", str(tmp_path), "clients"], ["clients", "--data-dir", str(tmp_path)], ["clients"]):
            assert cli.main(["ctl", *typed]) == 0
            assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
                ["ID", "NAME"],
                ["1", "Ann"],
                ["2", "Bob"],
                ["3", "Old"],
            ]


def test_with_json_every_line_is_an_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever the option stands."""
    hub = FakeHub()
    with listening(tmp_path, hub):
        place = ["--data-dir", str(tmp_path)]
        for typed in (["--json", *place, "kick", "Ann"], [*place, "kick", "Ann", "--json"]):
            assert cli_ctl.main(typed) == 0
            told = json.loads(capsys.readouterr().out)
            assert told == {"event": "kicked", "id": 1, "name": "Ann", "fingerprint": ANN_KEY.hex()}
    assert hub.told == [inputs.OperatorKicked((1,))] * 2


def test_what_fails_is_a_sentence_and_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No hub, what the hub refuses, what cannot be asked at all."""
    place = ["--data-dir", str(tmp_path)]
    assert cli_ctl.main([*place, "status"]) == 1
    assert capsys.readouterr().err.startswith("tcpipserver ctl: No hub is running with the data folder")
    with listening(tmp_path):
        assert cli_ctl.main([*place, "kick", "Zoe"]) == 1
        assert capsys.readouterr().err.startswith('tcpipserver ctl: There is no "Zoe" on the hub')
        assert cli_ctl.main([*place, "kick", "x" * (requests.LONGEST_WHO + 1)]) == 1
        assert capsys.readouterr().err.startswith("tcpipserver ctl: This cannot be asked of the hub: ")


def test_a_hub_that_does_not_answer_is_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After --timeout."""
    with listening(tmp_path):
        # A made up hub never stops, so its end is waited for in vain.
        monkeypatch.setattr("tcpipserver.control.listener.STOP_SECONDS", 1.0)
        assert cli_ctl.main(["--data-dir", str(tmp_path), "--timeout", "0.2", "stop"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "tcpipserver ctl: The hub does not answer in time: try again, or give it longer with --timeout.\n"
    )


def test_an_interruption_is_130(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tcpipserver.cli_ctl.ask", interrupt)
    assert cli_ctl.main(["status"]) == 130
    assert capsys.readouterr().err == "tcpipserver ctl: stopped as asked; the hub may have done it all the same.\n"


class FullStream(io.StringIO):
    """Takes nothing, as a full disk or a reader who has gone."""

    def write(self, _: str) -> int:
        """Refuse it."""
        raise BrokenPipeError


@pytest.mark.parametrize("stream", [None, FullStream()], ids=["closed", "full"])
def test_an_answer_that_cannot_be_written_is_1(
    tmp_path: Path, stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script must not take it for an empty list."""
    with listening(tmp_path):
        monkeypatch.setattr("sys.stdout", stream)
        assert cli_ctl.main(["--data-dir", str(tmp_path), "clients"]) == 1
    assert "the answer cannot be written any more" in capsys.readouterr().err


def test_without_standard_error_the_code_still_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without a console has none."""
    for stream in (None, FullStream()):
        monkeypatch.setattr("sys.stderr", stream)
        assert cli_ctl.main(["--data-dir", str(tmp_path), "status"]) == 1


def test_a_killed_hub_is_told_as_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its contact is still there, nobody answers."""
    write_contact(private_folder(tmp_path), Contact(address=str(tmp_path / "control" / "socket"), key=bytes(32)))
    assert cli_ctl.main(["--data-dir", str(tmp_path), "status"]) == 1
    assert "No hub is running" in capsys.readouterr().err
