"""Moving files that another program may hold for a moment."""

import time

import pytest

from commonlib.storage import patience


@pytest.mark.parametrize(("is_windows", "pauses"), [(True, [0.02, 0.05]), (False, [])])
def test_only_where_files_are_held_is_it_tried_again(
    monkeypatch: pytest.MonkeyPatch, is_windows: bool, pauses: list[float]
) -> None:
    """After growing pauses; elsewhere a refusal is final."""
    waited: list[float] = []
    monkeypatch.setattr(patience, "_ON_WINDOWS", is_windows)
    monkeypatch.setattr(time, "sleep", waited.append)
    tries = 0

    def move() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise PermissionError

    if is_windows:
        patience.patiently(move)
        assert tries == 3
    else:
        with pytest.raises(PermissionError):
            patience.patiently(move)
    assert waited == pauses


def test_who_holds_a_file_for_good_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a second at most."""
    waited: list[float] = []
    monkeypatch.setattr(patience, "_ON_WINDOWS", True)
    monkeypatch.setattr(time, "sleep", waited.append)

    def move() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        patience.patiently(move)
    assert 0 < sum(waited) < 1
