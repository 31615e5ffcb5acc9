"""Batches in the panel: ours from the drop to the end, those for us from the offer, and what outlives a connection."""

from pathlib import PurePath

import pytest

from tcpipclient.core.batch_events import BatchEnded, BatchProgressed, BatchState, WayKind
from tcpipclient.core.events import Direction, Loss, PersonLeft
from tcpipclient.gui.model import Arrived, BatchRefused, BatchStarted, Keeping
from tcpipclient.gui.presenter_batch_rows import MOST_BATCHES
from tcpipclient.gui.presenter_batches import DISCONNECTED
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import TransferAction, TransferRow, TransferShown
from tcpipclient.gui.shown_files import OfferAnswer, Verdict
from tests.support.client_window import HUB_KEY, KEYED_ANN, KEYED_BOB, ClientWindow, files

IN, OUT = Direction.INCOMING, Direction.OUTGOING
TOLD = Settings(listening=True)


@pytest.fixture
def window() -> ClientWindow:
    """Connected to an encrypted hub, with Ann selected; the user knows that his computer listens."""
    return connected(TOLD)


def connected(settings: Settings) -> ClientWindow:
    """Somebody who remembers these settings."""
    window = ClientWindow(settings).connect(KEYED_ANN, KEYED_BOB, hub_key=HUB_KEY)
    window.select("Ann")
    return window


def row(window: ClientWindow, key: int = 1) -> TransferRow:
    """A batch's row."""
    return window.view.transfers[key]


def act(window: ClientWindow, key: int, action: TransferAction) -> None:
    """Press a button of a batch, which must be offered."""
    assert action in (*row(window, key).actions, *row(window, key).more)
    window.actions.transfer_action(key, action, window.now)


def ended(transfer: int, state: BatchState, direction: Direction = OUT, reason: str = "") -> BatchEnded:
    """The last word about a batch."""
    return BatchEnded(transfer, direction, 2, "Ann", state, reason=reason)


def test_a_drop_of_many_is_one_row_and_one_call(window: ClientWindow) -> None:
    """From waiting to sent; what only moves is drawn with the ticks."""
    key = window.send_batch(*files(300))
    assert len(window.model.of("send_batch")) == 1
    assert window.model.of("send_batch")[0][2:] == (2, False)
    assert row(window).name == "f0.bin and 299 more"
    assert window.view.transfers_note == "1 waiting"
    window.receive(BatchStarted(window.number, key, 7))
    window.change_batch(7, BatchState.RUNNING, way=WayKind.HUB)
    assert (row(window).state, row(window).way) == (TransferShown.SENDING, "through the hub")
    window.arrive(BatchProgressed(7, OUT, 2, 100_000, 300_000, 100, 300, "f1.bin", 50_000.0, 4.0))
    assert row(window).percent == 0
    window.tick()
    assert (row(window).percent, row(window).count) == (33, "100 of 300 files")
    assert window.view.connection.words == "Sending 300 files"
    assert window.view.transfers_note == "1 running"
    window.arrive(ended(7, BatchState.SAVED))
    assert (row(window).state, row(window).actions) == (TransferShown.SENT, (TransferAction.CLEAR,))
    assert window.view.transfers_note == "1 done"
    act(window, key, TransferAction.OPEN_FOLDER)
    assert window.model.of("open_folder") == [(PurePath("/home/me/f0.bin"),)]
    act(window, key, TransferAction.CLEAR)
    assert window.view.transfers == {}


def test_each_person_gets_a_batch_of_his_own(window: ClientWindow) -> None:
    """One drop, one row each."""
    window.select("Ann", "Bob")
    window.send_batch(*files(2))
    assert [call[2] for call in window.model.of("send_batch")] == [2, 3]
    assert [shown.peer for shown in window.view.transfers.values()] == ["to Ann (2)", "to Bob (3)"]


def test_pause_resume_and_cancel_go_to_the_client(window: ClientWindow) -> None:
    """What has become of it, the client tells."""
    key = window.send_batch(*files(2), transfer=7)
    window.change_batch(7, BatchState.RUNNING)
    act(window, key, TransferAction.PAUSE)
    window.change_batch(7, BatchState.PAUSED, paused_here=True)
    act(window, key, TransferAction.RESUME)
    window.change_batch(7, BatchState.RUNNING)
    act(window, key, TransferAction.CANCEL)
    assert (row(window).detail, row(window).actions) == ("Stopping…", ())
    done = [call for call in window.model.calls if call[0].endswith("_batch")][1:]
    assert done == [("pause_batch", (7,)), ("resume_batch", (7,)), ("cancel_batch", (7,))]
    window.actions.transfer_action(key, TransferAction.PAUSE, window.now)
    window.actions.transfer_action(99, TransferAction.PAUSE, window.now)
    assert len(window.model.of("pause_batch")) == 1
    window.arrive(ended(7, BatchState.CANCELLED, reason="You stopped it."))
    assert row(window).detail == "You stopped it."


def test_a_batch_is_stopped_before_the_client_has_taken_it(window: ClientWindow) -> None:
    """As soon as it has a number."""
    key = window.send_batch(*files(2))
    act(window, key, TransferAction.CANCEL)
    assert window.model.of("cancel_batch") == []
    window.receive(BatchStarted(window.number, key, 7))
    assert window.model.of("cancel_batch") == [(7,)]


def test_the_queue_can_be_ordered(window: ClientWindow) -> None:
    """The rows stand as they will go."""
    keys = [window.send_batch(*files(1), transfer=number) for number in (7, 8, 9)]
    for place, number in enumerate((7, 8, 9), 1):
        window.change_batch(number, BatchState.WAITING, place=place)
    assert row(window, keys[0]).actions == (TransferAction.DOWN, TransferAction.CANCEL)
    act(window, keys[1], TransferAction.UP)
    act(window, keys[1], TransferAction.DOWN)
    assert window.model.of("move_batch") == [(8, 1), (8, 3)]
    for place, number in enumerate((8, 7, 9), 1):
        window.change_batch(number, BatchState.WAITING, place=place)
    assert list(window.view.transfers) == [keys[1], keys[0], keys[2]]
    window.change_batch(8, BatchState.OFFERED)
    window.change_batch(7, BatchState.WAITING, place=1)
    assert row(window, keys[0]).actions == (TransferAction.DOWN, TransferAction.CANCEL)


def test_files_are_added_to_a_row(window: ClientWindow) -> None:
    """They are asked about first; a row that is over by then takes nothing."""
    key = window.send_batch(*files(1), transfer=7)
    (more,) = files(1)
    window.actions.transfer_action(key, TransferAction.ADD, window.now)
    for is_over in (False, True):
        window.actions.files_dropped([str(more.path)], into=key)
        number = window.answer_drop(more)
        assert window.view.questions[-1].button == "Add 1 file"
        if is_over:
            window.arrive(ended(7, BatchState.SAVED))
        window.actions.send_answered(number, yes=True)
    assert window.model.of("add_to_batch") == [(7, (more.path,))]
    assert row(window).name == "f0.bin and 1 more"
    assert window.view.banner is not None
    assert window.view.banner.text.startswith("Nothing was added")


def test_a_batch_that_was_refused_says_why_and_is_sent_again(window: ClientWindow) -> None:
    """With the same paths, in the same row."""
    key = window.send_batch(*files(2), links=True)
    window.receive(BatchRefused(window.number, key, "It cannot be read."), BatchRefused(window.number, 99, "No."))
    assert (row(window).state, row(window).detail) == (TransferShown.FAILED, "It cannot be read.")
    window.receive(BatchRefused(window.number, key, "Late."), BatchStarted(window.number, key, 7))
    assert row(window).detail == "It cannot be read."
    act(window, key, TransferAction.RETRY)
    first, again = window.model.of("send_batch")
    assert first == again
    assert row(window).state is TransferShown.WAITING


def test_a_batch_that_failed_is_sent_again(window: ClientWindow) -> None:
    """Whether or not the client remembers it; where the other one is not there, that is said."""
    key = window.send_batch(*files(2), transfer=7)
    window.arrive(ended(7, BatchState.FAILED, reason="No way."))
    window.arrive(PersonLeft(KEYED_ANN))
    act(window, key, TransferAction.RETRY)
    assert window.view.banner is not None
    assert "is not there now" in window.view.banner.text
    window = connected(TOLD)
    key = window.send_batch(*files(2), transfer=7)
    window.arrive(ended(7, BatchState.FAILED, reason="No way."))
    act(window, key, TransferAction.RETRY)
    first, again = window.model.of("send_batch")
    assert first == again
    window.arrive(ended(7, BatchState.CANCELLED))
    assert row(window).state is TransferShown.WAITING
    window.receive(BatchStarted(window.number, key, 8))
    window.change_batch(8, BatchState.RUNNING)
    assert row(window).state is TransferShown.SENDING


def test_a_batch_that_the_client_begins_again_is_not_over(window: ClientWindow) -> None:
    """Its row is not cleared with those that are."""
    window.send_batch(*files(2), transfer=7)
    window.arrive(ended(7, BatchState.FAILED))
    window.change_batch(7, BatchState.CONNECTING)
    window.actions.clear_transfers_clicked()
    assert row(window).state is TransferShown.CONNECTING


def test_batches_outlive_a_lost_connection(window: ClientWindow) -> None:
    """What the client has goes on, and is told of by the next one; what it has not taken yet does not."""
    kept = window.send_batch(*files(1), transfer=7)
    lost = window.send_batch(*files(1))
    before = window.number
    window.change_batch(7, BatchState.RUNNING)
    window.lose()
    assert row(window, kept).state is TransferShown.SENDING
    assert row(window, lost).state is TransferShown.FAILED
    window.receive(Arrived(before, ended(99, BatchState.SAVED)))
    window.tick(100)
    window.change_batch(7, BatchState.CONNECTING)
    assert row(window, kept).state is TransferShown.CONNECTING
    window.receive(Arrived(before, ended(7, BatchState.SAVED)))
    assert row(window, kept).state is TransferShown.SENT


def test_batches_end_when_the_user_leaves(window: ClientWindow) -> None:
    """He is asked first and told that nothing is lost; what the old client says then is not heard any more."""
    key = window.send_batch(*files(1), transfer=7)
    window.send_batch(*files(1), transfer=8)
    window.arrive(ended(8, BatchState.SAVED))
    window.change_batch(7, BatchState.RUNNING)
    before = window.number
    window.actions.connect_clicked("hub", "", "me", window.now)
    assert window.view.leave_question is not None
    assert "goes on from there" in window.view.leave_question.text
    window.actions.leave_answered(yes=True)
    assert (row(window).state, row(window).detail) == (TransferShown.FAILED, DISCONNECTED)
    window.receive(Arrived(before, ended(7, BatchState.SAVED)))
    assert row(window).state is TransferShown.FAILED
    window.connect(KEYED_ANN, hub_key=HUB_KEY)
    act(window, key, TransferAction.RETRY)
    assert len(window.model.of("send_batch")) == 3


def test_batches_end_where_no_other_try_follows(window: ClientWindow) -> None:
    """The hub's operator has sent us away."""
    window.send_batch(*files(1), transfer=7)
    window.change_batch(7, BatchState.RUNNING)
    window.lose(Loss.BANNED)
    assert row(window).state is TransferShown.FAILED
    assert window.model.of("close") == [(1,)]


def test_whom_it_is_for_has_gone_before_it_was_handed_over(window: ClientWindow) -> None:
    """It fails and can be sent again; his row stays in the list for it."""
    key = window.send_batch(*files(1))
    window.receive(BatchRefused(window.number, key, "No."))
    number = window.drop(*files(1))
    window.arrive(PersonLeft(KEYED_ANN))
    window.actions.send_answered(number, yes=True)
    assert "Ann (2)" in (window.view.banner.text if window.view.banner else "")
    assert sorted(window.view.names) == ["Ann", "Bob"]
    act(window, key, TransferAction.CLEAR)


def test_an_offer_is_shown_and_accepted_after_a_look(window: ClientWindow) -> None:
    """Nothing is accepted by a click on the strip alone."""
    window.offer_files(KEYED_BOB, 60, "a.txt", "b.txt")
    assert window.view.offer is not None
    assert window.view.offer.text == 'Bob (3) sends you "a.txt" and 1 more: 2 files (2.0 kB).'
    assert window.view.toasts[-1].title == "Bob (3) sends you files"
    assert window.view.transfers_note == "1 offer to answer"
    key = window.view.offer.key
    act(window, key, TransferAction.REVIEW)
    assert window.model.of("accept_batch") == []
    window.actions.offer_answered(key, OfferAnswer(Verdict.ACCEPT))
    assert window.model.of("accept_batch") == [(60, Keeping(folder="", listening=True))]
    assert (window.view.offer, window.view.accept_question) == (None, None)
    assert row(window, key).state is TransferShown.CONNECTING
    window.actions.offer_answered(key, OfferAnswer(Verdict.ACCEPT))
    assert len(window.model.of("accept_batch")) == 1


def test_an_offer_is_declined(window: ClientWindow) -> None:
    """On the strip, or after a look; closing the look leaves it waiting."""
    for number in (60, 61):
        window.offer_files(KEYED_BOB, number, "a.txt")
    first, second = window.view.transfers
    act(window, first, TransferAction.DECLINE)
    act(window, second, TransferAction.REVIEW)
    window.actions.offer_answered(second, OfferAnswer(Verdict.LATER))
    assert window.view.offer is not None
    assert window.view.offer.key == second
    act(window, second, TransferAction.REVIEW)
    window.actions.offer_answered(second, OfferAnswer(Verdict.DECLINE))
    assert window.model.of("decline_batch") == [(60,), (61,)]
    window.arrive(ended(60, BatchState.DECLINED, IN), ended(61, BatchState.DECLINED, IN))
    assert window.view.transfers_note == "2 done"


def test_an_offer_that_is_withdrawn_is_not_asked_about_any_more(window: ClientWindow) -> None:
    """The open question goes, too; of what was never offered nothing is told."""
    window.offer_files(KEYED_BOB, 60, "a.txt")
    act(window, 1, TransferAction.REVIEW)
    window.arrive(ended(60, BatchState.CANCELLED, IN, "Bob has left."), ended(99, BatchState.CANCELLED, IN))
    assert (window.view.accept_question, window.view.offer) == (None, None)
    assert row(window).detail == "Bob has left."
    assert len(window.view.transfers) == 1


def test_always_takes_what_waits_and_what_comes(window: ClientWindow) -> None:
    """Within the size that the user allows, and never more than there is room for."""
    window.actions.largest_unasked_chosen(5000)
    for number in (60, 61):
        window.offer_files(KEYED_BOB, number, "a.txt")
    window.offer_files(KEYED_BOB, 62, *(f"{count}.txt" for count in range(6)))
    act(window, 1, TransferAction.REVIEW)
    window.actions.offer_answered(1, OfferAnswer(Verdict.ALWAYS))
    window.offer_files(KEYED_BOB, 63, "c.txt")
    window.offer_files(KEYED_BOB, 64, "d.txt", room=10)
    window.offer_files(KEYED_ANN, 65, "e.txt")
    assert [number for number, _ in window.model.of("accept_batch")] == [60, 61, 63]
    assert window.view.transfers_note == "3 running, 3 offers to answer"


def test_the_first_acceptance_says_whether_this_computer_listens() -> None:
    """It is remembered, and later acceptances change nothing."""
    window = connected(Settings())
    for number, listening in ((60, False), (61, True)):
        window.offer_files(KEYED_BOB, number, "a.txt")
        key = number - 59
        act(window, key, TransferAction.REVIEW)
        window.actions.offer_answered(key, OfferAnswer(Verdict.ACCEPT, listening=listening))
    assert [keeping.listening for _, keeping in window.model.of("accept_batch")] == [False, False]
    assert window.model.of("save_settings")[-1][0].listening is False
    window.actions.listening_chosen(listening=True)
    assert window.model.of("save_settings")[-1][0].listening is True


def test_what_is_added_is_asked_about_while_the_rest_comes(window: ClientWindow) -> None:
    """Its row goes on."""
    window.offer_files(KEYED_BOB, 60, "a.txt")
    act(window, 1, TransferAction.REVIEW)
    window.actions.offer_answered(1, OfferAnswer(Verdict.ACCEPT))
    window.change_batch(60, BatchState.RUNNING, IN)
    window.offer_files(KEYED_BOB, 60, "b.txt", offer=1)
    assert row(window).actions == (TransferAction.REVIEW, TransferAction.DECLINE)
    assert window.view.transfers_note == "1 running, 1 offer to answer"
    act(window, 1, TransferAction.REVIEW)
    window.actions.offer_answered(1, OfferAnswer(Verdict.ACCEPT))
    assert len(window.model.of("accept_batch")) == 2
    assert row(window).state is TransferShown.RECEIVING


def test_a_saved_file_is_opened(window: ClientWindow) -> None:
    """Or its folder; and all that is known of it is shown."""
    window.offer_files(KEYED_BOB, 60, "a.txt")
    path = PurePath("/downloads/a.txt")
    window.arrive(BatchEnded(60, IN, 3, "Bob", BatchState.SAVED, saved=1, paths=(path,)))
    for action in (TransferAction.OPEN_FILE, TransferAction.OPEN_FOLDER, TransferAction.DETAILS):
        act(window, 1, action)
    assert (window.model.of("open_file"), window.model.of("open_folder")) == ([(path,)], [(path,)])
    assert window.view.details is not None
    assert window.view.details.title == "a.txt"


def test_old_rows_fall_off(window: ClientWindow) -> None:
    """Of those that are over; and no more can be sent than there are rows for."""
    for number in range(MOST_BATCHES):
        window.offer_files(KEYED_BOB, number + 1, "a.txt")
    window.drop(*files(1))
    assert window.view.questions[-1].button == ""
    assert "on their way at a time" in window.view.questions[-1].heading
    window.arrive(ended(1, BatchState.DECLINED, IN), ended(2, BatchState.DECLINED, IN))
    window.offer_files(KEYED_BOB, MOST_BATCHES + 1, "a.txt")
    assert 1 not in window.view.transfers
    assert 2 in window.view.transfers


def test_somebody_without_a_key_is_told_of_so(window: ClientWindow) -> None:
    """Who is in no roster cannot be looked up."""
    stranger = KEYED_BOB.__class__(9, "Eve", key=bytes([9]) * 32)
    window.offer_files(stranger, 60, "a.txt")
    act(window, 1, TransferAction.REVIEW)
    assert window.view.accept_question is not None
    assert window.view.accept_question.lock.startswith("Not encrypted.")
