"""Files that were copied elsewhere are pasted; text is left to the field."""

import pytest

from tcpipclient.gui.window_clipboard import copied_files, paths_in_list
from tests.support.client_windows import ShownWindow


@pytest.mark.parametrize(
    ("listed", "paths"),
    [
        ("file:///tmp/a%20b.txt\r\nfile:///tmp/%F0%9F%91%8B\r\n", ("/tmp/a b.txt", "/tmp/👋")),
        ("# a comment\r\nfile://localhost/x\r\n", ("/x",)),
        ("smb://host/share\nhttps://example.org/a", ("smb://host/share", "https://example.org/a")),
        ("file://[broken\n", ("file://[broken",)),
        ("", ()),
    ],
)
def test_a_list_of_addresses_is_paths(listed: str, paths: tuple[str, ...]) -> None:
    """What is no file of this computer stays as it is."""
    assert paths_in_list(listed) == paths


def test_text_on_the_clipboard_is_no_file(client_window: ShownWindow) -> None:
    """Nor is an empty clipboard."""
    window = client_window.window
    window.clipboard_clear()
    window.clipboard_append("file:///tmp/a")
    window.update()
    assert copied_files(window) == ()


def test_copied_files_are_told_instead_of_pasted(client_window: ShownWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The composer stays empty."""
    window = client_window.window
    monkeypatch.setattr("tcpipclient.gui.window.copied_files", lambda _: ("/tmp/a", "/tmp/b"))
    client_window.press(window.conversation.composer, "<<Paste>>")
    assert client_window.told.of("files_dropped") == [(("/tmp/a", "/tmp/b"),)]
    assert window.conversation.composer.get("1.0", "end-1c") == ""
