"""What `tcpipserver` is told becomes one configuration; what cannot be meant ends with exit code 2 and a sentence."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.limits import Limits
from tcpipserver.options import LIMITS, config_of, parser

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")


def config(folder: Path, *typed: str) -> ServerConfig:
    """The configuration that is meant."""
    return config_of(parser().parse_args(typed), folder)


def test_unless_told_otherwise_everybody_may_join(tmp_path: Path) -> None:
    """With the usual limits, on the usual port, with a key that is kept."""
    assert config(tmp_path) == ServerConfig(data_dir=tmp_path)


def test_who_may_join_is_the_operators_choice(tmp_path: Path) -> None:
    """A code from a file, approval, and original clients or not."""
    code = tmp_path / "code"
    code.write_text("amber-river-stone-482\n")
    asking = config(tmp_path, "--join-code-file", str(code))
    assert (asking.policy, asking.join_code) == (Policy(Joining.CODE), "amber-river-stone-482")
    assert "amber" not in repr(asking)
    assert config(tmp_path, "--approve", "--no-classic").policy == Policy(Joining.APPROVAL, takes_classic=False)


def test_code_and_approval_exclude_each_other(tmp_path: Path) -> None:
    """It would not be clear which of them counts."""
    with pytest.raises(SystemExit) as ended:
        config(tmp_path, "--approve", "--join-code-file", "x")
    assert ended.value.code == 2


def test_limits_are_set_by_name(tmp_path: Path) -> None:
    """Each as the kind of number that it is."""
    limits = config(tmp_path, "--limit", "arriving=5000", "--limit", "arrival_seconds=2.5").limits
    assert limits == Limits(arriving=5000, arrival_seconds=2.5)
    assert isinstance(limits.arriving, int)


@pytest.mark.parametrize(
    "typed", ["arriving", "arriving=", "arriving=x", "arriving=1.5", "arriving=0", "arriving=-1", "arrival_seconds=nan"]
)
def test_what_is_no_value_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: str) -> None:
    """The sentence says what would be one."""
    with pytest.raises(SystemExit) as ended:
        config(tmp_path, "--limit", typed)
    assert ended.value.code == 2
    assert "number above 0" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["early_frame_bytes", "frame_bytes"])
def test_no_frame_may_be_longer_than_the_wire_has_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """No client would take one that the hub passes on."""
    assert getattr(config(tmp_path, "--limit", f"{name}={1 << 20}").limits, name) == 1 << 20
    with pytest.raises(SystemExit):
        config(tmp_path, "--limit", f"{name}={(1 << 20) + 1}")
    assert "that or less" in capsys.readouterr().err


def test_no_name_may_be_longer_than_the_wire_has_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """64 characters; fewer are the operator's choice."""
    assert config(tmp_path, "--limit", "name_characters=64").limits == Limits()
    assert config(tmp_path, "--limit", "name_characters=20").limits.name_characters == 20
    with pytest.raises(SystemExit):
        config(tmp_path, "--limit", "name_characters=65")
    assert "room for more than 64" in capsys.readouterr().err


def test_what_is_no_limit_is_told_with_those_that_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them."""
    with pytest.raises(SystemExit):
        config(tmp_path, "--limit", "patience=1")
    said = capsys.readouterr().err
    assert all(name in said for name in LIMITS)


def test_all_limits_are_on_the_page_with_their_defaults() -> None:
    """Neither the page nor the program knows one that the other lacks."""
    told = dict(re.findall(r"^\| `(\w+)=([\d.]+)` \|", PAGE, re.MULTILINE))
    assert {name: float(value) for name, value in told.items()} == {
        limit.name: float(getattr(Limits(), limit.name)) for limit in fields(Limits)
    }


def test_the_name_of_the_hub_and_the_file_of_its_code_reach_it(tmp_path: Path) -> None:
    """A name that the wire has no room for is wrong use."""
    code = tmp_path / "code"
    asked = config(tmp_path, "--hub-name", " Office ", "--join-code-file", str(code))
    assert (asked.hub_name, asked.join_code_file) == ("Office", code)
    assert (config(tmp_path).hub_name, config(tmp_path).join_code_file) == ("", None)
    with pytest.raises(SystemExit):
        config(tmp_path, "--hub-name", "n" * 65)
