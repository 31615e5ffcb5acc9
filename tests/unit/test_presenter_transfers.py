"""The transfers panel: what goes out in which order, what comes in, what can be asked for each file."""

from pathlib import PurePath

import pytest

from tcpipclient.core.events import (
    Direction,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileProgressed,
    FileSaved,
    FileSent,
    Person,
    PersonJoined,
    PersonLeft,
    Registered,
)
from tcpipclient.gui.model import FileRefused, FileStarted
from tcpipclient.gui.presenter_connection import PAUSES
from tcpipclient.gui.presenter_transfer import SILENT, SILENT_SECONDS
from tcpipclient.gui.presenter_transfers import MOST_AT_CLIENT, MOST_SHOWN_AT_ONCE, MOST_TRANSFERS
from tcpipclient.gui.shown import TransferAction, TransferRow, TransferShown
from tests.support.client_window import ANN, BOB, ClientWindow, files

IN, OUT = Direction.INCOMING, Direction.OUTGOING


@pytest.fixture
def window() -> ClientWindow:
    """Connected, with Ann selected."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    return window


def row(window: ClientWindow, key: int = 1) -> TransferRow:
    """A file's row."""
    return window.view.transfers[key]


def act(window: ClientWindow, key: int, action: TransferAction) -> None:
    """Press a button of a file, which must be offered."""
    assert action in row(window, key).actions
    window.actions.transfer_action(key, action, window.now)


def states(window: ClientWindow) -> list[TransferShown]:
    """The states of all rows."""
    return [shown.state for shown in window.view.transfers.values()]


def test_a_file_waits_goes_out_and_is_sent(window: ClientWindow) -> None:
    """With its bar, its speed and the time left; then it can be opened, until it is cleared."""
    assert window.view.transfers_note.startswith("No files yet.")
    assert window.send_files(*files(1, 10_000)) == [1]
    assert row(window) == TransferRow(
        1, "↑", "f0.bin", "to Ann (2)", TransferShown.WAITING, 0, "10.0 kB", "", "", "", (TransferAction.CANCEL,)
    )
    window.start_file(1, 50)
    window.arrive(FileProgressed(50, OUT, 2, "f0.bin", 1000, 10_000))
    window.tick(1.0)
    window.arrive(FileProgressed(50, OUT, 2, "f0.bin", 2000, 10_000))
    window.tick()
    shown = row(window)
    assert (shown.state, shown.percent, shown.amount) == (TransferShown.SENDING, 20, "2.0 kB of 10.0 kB")
    assert (shown.speed, shown.left) == ("1.0 kB/s", "about 8 s left")
    assert window.view.transfers_note == "1 running"
    window.arrive(FileSent(50, 2, "f0.bin", 10_000))
    shown = row(window)
    assert (shown.state, shown.percent, shown.amount, shown.speed) == (TransferShown.SENT, 100, "10.0 kB", "")
    act(window, 1, TransferAction.OPEN_FILE)
    act(window, 1, TransferAction.OPEN_FOLDER)
    path = PurePath("/home/me/f0.bin")
    assert window.model.calls[-2:] == [("open_file", (path,)), ("open_folder", (path,))]
    assert window.view.transfers_note == "1 done"
    act(window, 1, TransferAction.CLEAR)
    assert window.view.transfers == {}


def test_progress_is_drawn_with_the_ticks(window: ClientWindow) -> None:
    """However often it is told; and nothing of a file that is over."""
    (key,) = window.send_files(*files(1))
    window.start_file(key, 50)
    window.arrive(*(FileProgressed(50, OUT, 2, "f0.bin", done, 1000) for done in range(0, 900, 100)))
    assert row(window).percent == 0
    window.tick()
    assert row(window).percent == 80
    window.arrive(FileNotSent(50, 2, "f0.bin", "It went out.", timed_out=True))
    window.arrive(FileProgressed(50, OUT, 2, "f0.bin", 900, 1000))
    window.tick()
    assert row(window).percent == 100


def test_thousands_go_a_few_at_a_time(window: ClientWindow) -> None:
    """The first have a row, the others are counted; each that ends makes room for the next."""
    keys = window.send_files(*files(1000))
    assert len(keys) == MOST_AT_CLIENT
    assert len(window.view.transfers) == MOST_AT_CLIENT + MOST_SHOWN_AT_ONCE
    hidden = 1000 - MOST_AT_CLIENT - MOST_SHOWN_AT_ONCE
    assert window.view.transfers_note == f"32 running, 200 waiting, {hidden} more waiting, not shown"
    window.start_file(keys[0], 50)
    window.arrive(FileSent(50, 2, "f0.bin", 1000))
    assert len(window.model.of("send_file")) == MOST_AT_CLIENT + 1
    assert window.view.transfers_note == f"32 running, 200 waiting, {hidden - 1} more waiting, not shown, 1 done"
    window.actions.cancel_waiting_clicked()
    assert window.view.transfers_note == "32 running, 201 done"
    assert states(window).count(TransferShown.CANCELLED) == MOST_SHOWN_AT_ONCE


@pytest.mark.parametrize(
    ("ended", "state", "detail"),
    [
        (FileNotSent(50, 2, "f0.bin", "Ann left."), TransferShown.FAILED, "Ann left."),
        (FileNotSent(50, 2, "f0.bin", "Ask him.", timed_out=True), TransferShown.UNCONFIRMED, "Ask him."),
        (FileNotSent(50, 2, "f0.bin", "It was.", cancelled=True), TransferShown.CANCELLED, "It was."),
    ],
)
def test_what_was_not_sent_says_why_and_can_be_sent_again(
    window: ClientWindow, ended: FileNotSent, state: TransferShown, detail: str
) -> None:
    """Retry begins anew, in the same row."""
    (key,) = window.send_files(*files(1))
    window.start_file(key, 50)
    window.arrive(ended)
    assert (row(window).state, row(window).detail) == (state, detail)
    act(window, key, TransferAction.RETRY)
    assert (row(window).state, row(window).detail, row(window).percent) == (TransferShown.WAITING, "", 0)
    assert window.model.of("send_file")[-1] == (key, PurePath("/home/me/f0.bin"), 2)
    window.start_file(key, 51)
    window.arrive(FileSent(50, 2, "f0.bin", 1000))
    assert row(window).state is TransferShown.WAITING
    window.arrive(FileSent(51, 2, "f0.bin", 1000))
    assert row(window).state is TransferShown.SENT


def test_a_late_word_still_confirms(window: ClientWindow) -> None:
    """Until the row is cleared."""
    first, second = window.send_files(*files(2))
    window.start_file(first, 50)
    window.start_file(second, 51)
    for transfer in (50, 51):
        window.arrive(FileNotSent(transfer, 2, "f", "Ask him.", timed_out=True))
    act(window, second, TransferAction.CLEAR)
    window.arrive(FileSent(50, 2, "f0.bin", 1000), FileSent(51, 2, "f1.bin", 1000))
    assert {key: shown.state for key, shown in window.view.transfers.items()} == {first: TransferShown.SENT}


def test_a_file_that_the_client_refuses_says_why(window: ClientWindow) -> None:
    """And answers for files that are not there (any more) change nothing."""
    (key,) = window.send_files(*files(1))
    window.receive(FileRefused(window.number, key, "f0.bin cannot be sent."))
    assert (row(window).state, row(window).detail) == (TransferShown.FAILED, "f0.bin cannot be sent.")
    window.receive(FileRefused(window.number, key, "twice"), FileStarted(window.number, key, 50))
    assert row(window).detail == "f0.bin cannot be sent."


def test_cancelling_stops_a_file_wherever_it_is(window: ClientWindow) -> None:
    """Waiting here; at the client, before and after it has a number."""
    keys = window.send_files(*files(MOST_AT_CLIENT + 1))
    waiting = max(window.view.transfers)
    act(window, waiting, TransferAction.CANCEL)
    assert (row(window, waiting).state, window.model.of("cancel_file")) == (TransferShown.CANCELLED, [])
    window.start_file(keys[0], 50)
    act(window, keys[0], TransferAction.CANCEL)
    assert window.model.of("cancel_file") == [(50,)]
    assert (row(window, keys[0]).detail, row(window, keys[0]).actions) == ("Stopping…", ())
    act(window, keys[1], TransferAction.CANCEL)
    window.start_file(keys[1], 51)
    assert window.model.of("cancel_file") == [(50,), (51,)]
    window.arrive(FileNotSent(50, 2, "f0.bin", "It was cancelled.", cancelled=True))
    assert row(window, keys[0]).state is TransferShown.CANCELLED


def test_who_is_not_there_is_sent_nothing(window: ClientWindow) -> None:
    """What waited for him fails, and Retry says why it cannot yet; his row is kept for it."""
    keys = window.send_files(*files(MOST_AT_CLIENT + 1))
    window.arrive(PersonLeft(ANN))
    window.start_file(keys[0], 50)
    window.arrive(FileNotSent(50, 2, "f0.bin", "Ann left."))
    last = max(window.view.transfers)
    assert (row(window, last).state, row(window, last).detail[:31]) == (
        TransferShown.FAILED,
        "Whom it is for is not there. Re",
    )
    act(window, keys[0], TransferAction.RETRY)
    assert window.view.banner is not None
    assert window.view.banner.text.startswith("Ann (2) is not there now")
    window.arrive(PersonJoined(Person(9, "Ann", "desk")))
    act(window, keys[0], TransferAction.RETRY)
    assert row(window, keys[0]).peer == "to Ann (9)"
    assert window.model.of("send_file")[-1][2] == 9


def test_an_offer_is_accepted_and_saved(window: ClientWindow) -> None:
    """Its strip says exactly what it is; its bytes may be coming already."""
    window.arrive(FileOffered(60, 3, "Bob", "__x_a.txt", "../x/a.txt", 1_000_000))
    offer = window.view.offer
    assert offer is not None
    assert offer.text.startswith('Bob (3) sends you "__x_a.txt" (1.0 MB). ')
    assert len(offer.text) > len('Bob (3) sends you "__x_a.txt" (1.0 MB). ')
    assert "until one of you disconnects" in offer.always_note
    shown = row(window, offer.key)
    assert (shown.arrow, shown.name, shown.peer, shown.state) == (
        "↓",
        "__x_a.txt",
        "from Bob (3)",
        TransferShown.OFFERED,
    )
    window.arrive(FileProgressed(60, IN, 3, "__x_a.txt", 500_000, 1_000_000))
    window.tick()
    assert (row(window, offer.key).state, row(window, offer.key).percent) == (TransferShown.OFFERED, 50)
    act(window, offer.key, TransferAction.ACCEPT)
    assert window.model.of("accept_file") == [(60,)]
    assert window.view.offer is None
    assert row(window, offer.key).state is TransferShown.RECEIVING
    path = PurePath("/downloads/__x_a.txt")
    window.arrive(FileSaved(60, 3, "Bob", "__x_a.txt", 1_000_000, path))
    assert row(window, offer.key).state is TransferShown.SAVED
    act(window, offer.key, TransferAction.OPEN_FOLDER)
    assert window.model.of("open_folder") == [(path,)]


def test_offers_are_answered_one_after_another(window: ClientWindow) -> None:
    """The oldest is on the strip, the others are counted."""
    for number in (60, 61, 62):
        window.offer(BOB, number, f"f{number}")
    assert window.view.offer is not None
    assert window.view.offer.more == "2 more offers wait for an answer"
    assert window.view.transfers_note == "3 offers to answer"
    act(window, window.view.offer.key, TransferAction.DECLINE)
    assert window.view.offer.more == "1 more offer waits for an answer"
    assert window.model.of("decline_file") == [(60,)]
    window.arrive(FileNotSaved(60, 3, "Bob", "f60", "It was declined.", declined=True))
    assert states(window).count(TransferShown.DECLINED) == 1
    assert len(window.view.transfers) == 3
    window.arrive(FileNotSaved(61, 3, "Bob", "f61", "Bob left."))
    assert window.view.offer.more == ""
    assert states(window).count(TransferShown.FAILED) == 1


def test_always_holds_for_one_person_on_one_connection(window: ClientWindow) -> None:
    """What waits of his is accepted too; not after he left, nor after the connection."""
    window.offer(BOB, 60)
    window.offer(ANN, 61)
    window.offer(BOB, 62)
    assert window.view.offer is not None
    act(window, window.view.offer.key, TransferAction.ALWAYS)
    window.offer(BOB, 63)
    assert window.model.of("accept_file") == [(60,), (62,), (63,)]
    assert window.view.offer.text.startswith("Ann (2)")
    window.arrive(PersonLeft(BOB), PersonJoined(BOB))
    window.offer(BOB, 64)
    assert len(window.model.of("accept_file")) == 3
    act(window, max(window.view.transfers), TransferAction.ALWAYS)
    window.lose()
    assert window.view.offer is None
    window.tick(PAUSES[0])
    window.arrive(Registered(1, (0, 1, 0), (ANN, BOB)))
    window.offer(BOB, 60)
    assert window.view.offer is not None
    assert len(window.model.of("accept_file")) == 4


def test_an_incoming_file_is_cancelled(window: ClientWindow) -> None:
    """Its row says so in the end; a failure of its own is none."""
    window.offer(BOB, 60)
    act(window, 1, TransferAction.ACCEPT)
    act(window, 1, TransferAction.CANCEL)
    assert window.model.of("cancel_file") == [(60,)]
    window.arrive(FileNotSaved(60, 3, "Bob", "a.txt", "It was cancelled.", declined=True))
    assert (row(window).state, row(window).detail) == (TransferShown.CANCELLED, "It was cancelled.")
    assert row(window).actions == (TransferAction.CLEAR,)


def test_a_file_refused_before_it_was_offered_is_told(window: ClientWindow) -> None:
    """Too many were on their way; one that we declined is told already."""
    window.arrive(FileNotSaved(60, 3, "Bob", "a.txt", "Too many files.", declined=False))
    window.arrive(FileNotSaved(61, 3, "Bob", "b.txt", "It was declined.", declined=True))
    window.arrive(FileSent(99, 3, "c.txt", 5))
    assert [(shown.name, shown.state, shown.detail) for shown in window.view.transfers.values()] == [
        ("a.txt", TransferShown.FAILED, "Too many files.")
    ]


def test_the_end_of_the_connection_ends_all_and_keeps_it_for_a_retry(window: ClientWindow) -> None:
    """Those without a row get one with the next ticks, a few at a time."""
    window.offer(BOB, 60)
    keys = window.send_files(*files(MOST_AT_CLIENT + 2 * MOST_SHOWN_AT_ONCE))
    before = len(window.model.of("send_file"))
    window.lose()
    assert set(states(window)) == {TransferShown.FAILED}
    assert len(window.view.transfers) == 1 + MOST_AT_CLIENT + MOST_SHOWN_AT_ONCE
    assert len(window.model.of("send_file")) == before
    window.tick()
    assert len(window.view.transfers) == 1 + MOST_AT_CLIENT + 2 * MOST_SHOWN_AT_ONCE
    window.tick(PAUSES[0])
    window.arrive(Registered(1, (0, 1, 0), (Person(30, "Ann", "desk"),)))
    assert len(window.model.of("send_file")) == before
    act(window, keys[0], TransferAction.RETRY)
    assert window.model.of("send_file")[-1][2] == 30


def test_clearing_takes_only_what_is_over(window: ClientWindow) -> None:
    """Also what was to get its row later."""
    window.send_files(*files(MOST_AT_CLIENT + MOST_SHOWN_AT_ONCE + 50))
    window.actions.clear_transfers_clicked()
    assert len(window.view.transfers) == MOST_AT_CLIENT + MOST_SHOWN_AT_ONCE
    window.lose()
    window.actions.transfer_action(1, TransferAction.CLEAR, window.now)
    window.actions.clear_transfers_clicked()
    window.tick()
    assert window.view.transfers == {}
    assert window.view.transfers_note.startswith("No files yet.")


def test_what_is_not_offered_does_nothing(window: ClientWindow) -> None:
    """A click may come late."""
    window.offer(BOB, 60)
    window.actions.transfer_action(1, TransferAction.RETRY, window.now)
    window.actions.transfer_action(99, TransferAction.CLEAR, window.now)
    assert states(window) == [TransferShown.OFFERED]


def test_of_those_that_are_over_the_oldest_fall_off(window: ClientWindow) -> None:
    """The panel has a bound; one that falls off before it had its row never gets one."""
    window.send_files(*files(MOST_TRANSFERS - 1))
    window.lose()
    window.tick(PAUSES[0])
    window.arrive(Registered(1, (0, 1, 0), (ANN, BOB)))
    shown = len(window.view.transfers)
    for number in range(60, 63):
        window.offer(BOB, number)
    assert len(window.view.transfers) == shown + 3 - 2
    assert 1 not in window.view.transfers
    for _ in range(60):
        window.tick()
    assert len(window.view.transfers) == MOST_TRANSFERS
    for number in range(100, 100 + 300):
        window.offer(BOB, number)
    assert len(window.view.transfers) == MOST_TRANSFERS


def test_more_that_run_than_are_kept_are_all_kept(window: ClientWindow) -> None:
    """None of them is over, so none can fall off."""
    window.send_files(*files(MOST_TRANSFERS))
    window.offer(BOB, 60)
    assert window.view.offer is not None
    assert window.view.transfers[window.view.offer.key].state is TransferShown.OFFERED


def test_one_that_was_to_be_shown_may_fall_off_first() -> None:
    """Its turn passes without a row."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.send_files(*files(MOST_TRANSFERS))
    window.lose()
    window.tick(PAUSES[0])
    window.arrive(Registered(1, (0, 1, 0), (ANN, BOB)))
    for number in range(1, 2 * MOST_SHOWN_AT_ONCE + 200):
        window.offer(BOB, number)
    rows = len(window.view.transfers)
    window.tick()
    assert len(window.view.transfers) == rows + MOST_SHOWN_AT_ONCE - 167


def test_an_offer_of_which_nothing_comes_any_more_says_so(window: ClientWindow) -> None:
    """Its sender may have stopped it, and nobody tells; it says so no more when something comes, or all is there."""
    window.offer(ANN, 60, size=1000)
    window.tick(SILENT_SECONDS - 1)
    assert window.view.offer is not None
    assert SILENT not in window.view.offer.text
    window.tick(1)
    window.tick(1)
    assert window.view.offer.text.endswith(SILENT)
    assert row(window).detail == SILENT
    window.arrive(FileProgressed(60, IN, ANN.id, "a.txt", 1000, 1000))
    window.tick(SILENT_SECONDS)
    assert SILENT not in window.view.offer.text
