"""The limit on the speed of sending."""

import pytest

from tcpipclient.gui.presenter_speed import WRONG, maybe_limit
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown_files import LimitQuestion
from tests.support.client_window import ClientWindow


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        *[("", 0), (" 0 ", 0), ("5", 5_000_000), ("0,5 MB/s", 500_000), ("0.01", 10_000), ("fast", None), ("-1", None)],
        *[("nan", None), ("inf", None), ("1e9", None), ("0.001", None)],
    ],
)
def test_megabytes_are_typed(text: str, limit: int | None) -> None:
    """With a point or a comma; nothing is no limit."""
    assert maybe_limit(text) == limit


def test_a_limit_is_kept_and_told_the_client() -> None:
    """What cannot be meant is asked again, with what was typed."""
    window = ClientWindow(Settings(speed_limit=1_500_000)).connect()
    assert window.model.of("connect")[0][0].speed_limit == 1_500_000
    window.actions.speed_limit_clicked()
    assert window.view.limit_question == LimitQuestion("1.5", "")
    window.actions.speed_limit_typed("fast")
    assert window.view.limit_question == LimitQuestion("fast", WRONG)
    window.actions.speed_limit_typed("")
    assert window.view.limit_question is None
    assert window.model.of("limit_speed")[-1] == (None,)
    assert window.model.of("save_settings")[-1][0].speed_limit == 0
    window.actions.speed_limit_clicked()
    assert window.view.limit_question == LimitQuestion("", "")
