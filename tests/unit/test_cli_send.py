"""Who has a text of ours, as the events tell it, and the exit code that follows."""

from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_send import Receipts
from tcpipclient.core.events import ConnectionLost, Loss, TextDelivered, TextNotDelivered

BOB_AND_CY = {2: "Bob", 3: "Cy"}


def test_it_is_done_when_everybody_has_confirmed() -> None:
    """Each word is told once; then nobody is waited for and the code is 0."""
    receipts = Receipts(7, BOB_AND_CY)
    (first,) = receipts.receive(TextDelivered(7, 3))
    assert first.sentence == "Cy (3) has received it."
    assert first.item == {"event": "delivered", "to": "Cy", "to_id": 3}
    assert receipts.receive(TextDelivered(7, 3)) == []
    assert receipts.waiting == {2: "Bob"}
    receipts.receive(TextDelivered(7, 2))
    assert not receipts.waiting
    assert receipts.give_up(5) == []
    assert receipts.exit_code is ExitCode.DONE
    assert receipts.complaints == []


def test_the_words_for_other_texts_and_of_others_do_not_count() -> None:
    """Nothing is told of them."""
    receipts = Receipts(7, BOB_AND_CY)
    assert receipts.receive(TextDelivered(6, 2)) == []
    assert receipts.receive(TextDelivered(7, 9)) == []
    assert receipts.receive(TextNotDelivered(6, 2, "Gone.")) == []
    assert receipts.waiting == BOB_AND_CY


def test_who_stays_silent_makes_it_time_out() -> None:
    """Code 3, with a sentence and an object for each who has not confirmed."""
    receipts = Receipts(7, BOB_AND_CY)
    receipts.receive(TextDelivered(7, 3))
    (missing,) = receipts.give_up(2.5)
    assert (missing.item["event"], missing.item["to"], missing.item["timed_out"]) == ("not_delivered", "Bob", True)
    assert receipts.exit_code is ExitCode.TIMED_OUT
    (complaint,) = receipts.complaints
    assert complaint.startswith("To Bob (2): No receipt came within 2.5 seconds")


def test_who_leaves_makes_it_fail_even_where_others_stay_silent() -> None:
    """Code 1 comes before code 3; what the client says of it is told."""
    receipts = Receipts(7, BOB_AND_CY)
    (missing,) = receipts.receive(TextNotDelivered(7, 2, "He left."))
    assert missing.item["timed_out"] is False
    receipts.give_up(1)
    assert receipts.exit_code is ExitCode.FAILED
    assert receipts.complaints[0] == "To Bob (2): He left."
    assert len(receipts.complaints) == 2


def test_a_lost_connection_fails_all_that_were_waited_for() -> None:
    """Nobody waits for receipts that cannot come."""
    receipts = Receipts(7, BOB_AND_CY)
    receipts.receive(TextDelivered(7, 3))
    receipts.receive(ConnectionLost(Loss.CLOSED, "The hub is gone."))
    assert not receipts.waiting
    assert receipts.exit_code is ExitCode.FAILED
    assert len(receipts.complaints) == 1
