"""The lines of the server window that explain what stands above them."""

import json
from pathlib import Path

from tests.support.hand import Hand
from tests.support.programs import program
from tests.support.server_windows import HERE, HUB

HINT = "People type this into their client"


def test_what_explains_gives_way_to_the_log_where_the_text_is_large(hand: Hand, tmp_path: Path) -> None:
    """And comes back with the usual size of the text; the headings of the table are never covered meanwhile."""
    home = tmp_path / "hub" / "tcpipchat"
    home.mkdir(parents=True)
    (home / "server-window.json").write_text(json.dumps({"text_step": 7}), encoding="utf-8")
    with program(hand, tmp_path / "hub", HUB, *HERE) as window:
        window.wait_for("Listening", "TLabel")
        window.wait_until_gone(HINT, "TLabel")
        heading, empty = window.wait_for("Id", "heading"), window.wait_for("Nobody is connected yet", "TLabel")
        assert empty.box[1] >= heading.box[1] + heading.box[3] // 2
        window.click("Menu")
        window.choose_in_menu("Usual text")
        window.wait_for(HINT, "TLabel")
