"""Title, toasts, bell, and the question before closing."""

from tcpipclient.core.events import Person
from tcpipclient.gui.presenter_notices import BELL_SECONDS
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import Toast
from tests.support.client_window import ANN, BOB, ClientWindow, files


def test_who_looks_elsewhere_is_told() -> None:
    """By the count in the title, a toast and the bell, until the window has the keyboard again."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Bob")
    assert window.view.title == "tcpipchat"
    window.actions.focus_changed(focused=False)
    window.hear(ANN, "are you\nthere?")
    assert window.view.title == "(1) tcpipchat"
    assert window.view.toasts == [Toast("Ann (2)", "are you there?")]
    assert window.view.bells == 1
    assert window.view.person("Ann").unread == 1
    window.actions.focus_changed(focused=True)
    window.actions.focus_changed(focused=True)
    assert window.view.title == "tcpipchat"
    window.select("Ann")
    assert window.view.person("Ann").unread == 0


def test_a_toast_does_not_lie_over_what_it_tells_of() -> None:
    """What the open conversation shows already, to nobody who looks, is counted and rung for."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.actions.focus_changed(focused=False)
    window.hear(ANN, "are you there?")
    assert (window.view.title, window.view.bells, window.view.toasts) == ("(1) tcpipchat", 1, [])
    assert window.view.person("Ann").unread == 1
    window.actions.focus_changed(focused=True)
    assert window.view.person("Ann").unread == 0


def test_what_is_on_show_is_not_told_of() -> None:
    """What is said elsewhere in the window has a toast, and no bell."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.hear(ANN, "seen")
    assert window.view.toasts == []
    window.hear(BOB, "not seen")
    assert (len(window.view.toasts), window.view.bells, window.view.title) == (1, 0, "tcpipchat")


def test_a_flood_is_one_noise() -> None:
    """Every message is counted; the bell and the toast come again after a pause."""
    window = ClientWindow().connect(ANN)
    window.actions.focus_changed(focused=False)
    for _ in range(50):
        window.hear(ANN, "x" * 1000)
    assert (window.view.title, window.view.bells, len(window.view.toasts)) == ("(50) tcpipchat", 1, 1)
    assert len(window.view.toasts[0].text) == 120
    window.now += BELL_SECONDS
    window.hear(ANN, "x")
    assert window.view.bells == 2


def test_an_offered_file_is_told_of() -> None:
    """With the file's name."""
    window = ClientWindow().connect(Person(2, "Ann\n"))
    window.actions.focus_changed(focused=False)
    window.offer(Person(2, "Ann\n"), 60, "a\n.txt")
    assert window.view.toasts == [Toast("Ann\\n (2) sends you a file", "a\\n.txt")]


def test_closing_with_files_on_their_way_asks() -> None:
    """Both ways are counted; staying changes nothing, leaving says goodbye."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.send_files(*files(3))
    window.offer(ANN, 60)
    window.actions.close_clicked("900x600+1+2", maximised=False)
    assert window.view.leave_question is not None
    assert "(3 to others and 1 to you)" in window.view.leave_question.text
    window.actions.leave_answered(yes=False)
    assert (window.view.closed, window.model.of("close")) == (False, [])
    window.actions.leave_answered(yes=True)
    assert (window.view.closed, window.model.of("close")) == (True, [(1,)])


def test_closing_names_only_the_way_that_there_is() -> None:
    """One to us and none to others."""
    window = ClientWindow().connect(ANN)
    window.offer(ANN, 60)
    window.actions.close_clicked("", maximised=False)
    assert window.view.leave_question is not None
    assert "(1 to you)" in window.view.leave_question.text


def test_closing_with_nothing_on_its_way_asks_nothing() -> None:
    """Size and place are remembered; of a maximised window the size that it had before."""
    window = ClientWindow(Settings(geometry="900x600+1+2"))
    window.actions.close_clicked("1920x1080+0+0", maximised=True)
    assert window.view.leave_question is None
    assert window.view.closed
    assert window.model.of("save_settings") == [(Settings(geometry="900x600+1+2", maximised=True),)]
    again = ClientWindow()
    again.actions.close_clicked("800x600+5+5", maximised=False)
    assert again.model.of("save_settings") == [(Settings(geometry="800x600+5+5"),)]


def test_disconnecting_with_files_on_their_way_asks() -> None:
    """The window stays; with nothing on its way Disconnect disconnects."""
    window = ClientWindow().connect(ANN)
    window.offer(ANN, 60)
    window.actions.connect_clicked("hub", "", "me", window.now)
    assert window.view.leave_question is not None
    assert window.view.leave_question.heading == "Disconnect while files are on their way?"
    assert "They are lost if you disconnect now." in window.view.leave_question.text
    window.actions.leave_answered(yes=False)
    assert window.model.of("close") == []
    window.actions.leave_answered(yes=True)
    assert (window.view.closed, window.model.of("close")) == (False, [(1,)])
    assert window.view.connection.words == "Not connected"
    again = ClientWindow().connect(ANN)
    again.actions.connect_clicked("hub", "", "me", again.now)
    assert (again.view.leave_question, again.model.of("close")) == (None, [(1,)])
