"""When the window asks the hub for latencies, and how it shows them."""

from tcpipclient.core.events import LatenciesTold, LatencyMeasured, PersonJoined
from tcpipclient.gui.presenter_latencies import ASK_SECONDS, MOST_SOON, SOON_SECONDS
from tcpipclient.gui.shown import PersonColumn
from tests.support.client_window import ANN, BOB, EVE, ClientWindow

PING = list(PersonColumn).index(PersonColumn.PING)


def in_sight(window: ClientWindow, *names: str) -> None:
    """Only the rows of these can be seen."""
    window.actions.people_in_sight([window.view.person(name).key for name in names])


def asked(window: ClientWindow) -> list[tuple[int, ...]]:
    """The ids that the hub was asked about, each time."""
    return [ids for (ids,) in window.model.of("ask_latencies")]


def test_the_rows_in_sight_are_asked_for_and_shown() -> None:
    """And no others; the figure stands in the column."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    window.tick()
    assert asked(window) == []
    in_sight(window, "Ann", "Bob")
    window.tick()
    assert asked(window) == [(ANN.id, BOB.id)]
    window.arrive(LatenciesTold({ANN.id: 0.0004, 99: 1.0}))
    assert [row.cells[PING] for row in window.view.people] == ["0.4 ms", "\u2013", "\u2013"]


def test_who_was_not_measured_yet_is_asked_for_again_soon_but_not_for_ever() -> None:
    """Then with all others, every 15 seconds."""
    window = ClientWindow().connect(ANN)
    in_sight(window, "Ann")
    for _ in range(20):
        window.tick(SOON_SECONDS)
        if window.now > 100.0 + 3 * ASK_SECONDS:
            break
    soon = 1 + MOST_SOON
    assert len(asked(window)) == soon + 2
    window.arrive(LatenciesTold({ANN.id: 0.02}))
    window.tick(ASK_SECONDS)
    before = len(asked(window))
    window.tick(SOON_SECONDS)
    assert len(asked(window)) == before


def test_who_comes_into_sight_is_asked_for_soon() -> None:
    """Not at each row that is scrolled by."""
    window = ClientWindow().connect(ANN, BOB)
    in_sight(window, "Ann")
    window.tick()
    window.arrive(LatenciesTold({ANN.id: 0.02}))
    in_sight(window, "Ann", "Bob")
    window.tick(SOON_SECONDS / 2)
    assert asked(window) == [(ANN.id,)]
    window.tick(SOON_SECONDS)
    assert asked(window) == [(ANN.id,), (ANN.id, BOB.id)]


def test_sorted_by_ping_all_are_asked_for() -> None:
    """Else those out of sight would stand where they do not belong; who was not measured stands last."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    in_sight(window, "Ann")
    window.actions.heading_clicked(PersonColumn.PING)
    window.tick()
    assert sorted(asked(window)[-1]) == sorted((ANN.id, BOB.id, EVE.id))
    window.arrive(LatenciesTold({EVE.id: 0.001, ANN.id: 0.3}))
    assert window.view.names == ["Eve", "Ann", "Bob"]


def test_our_own_ping_stands_below_the_list() -> None:
    """Until the connection ends; a new connection begins without figures."""
    window = ClientWindow().connect(ANN)
    window.arrive(LatencyMeasured(0.0251), LatenciesTold({ANN.id: 0.001}))
    assert window.view.people_note == "1 other here. Your ping to the hub: 25 ms."
    window.connect_again(ANN)
    assert window.view.people_note == "1 other here"
    assert window.view.people[0].cells[PING] == "\u2013"


def test_without_a_connection_nothing_is_asked() -> None:
    """Nor while those in sight are not there."""
    window = ClientWindow().connect(ANN)
    in_sight(window, "Ann")
    window.arrive(PersonJoined(BOB))
    window.lose()
    window.tick()
    assert asked(window) == []
