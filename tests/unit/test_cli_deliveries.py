"""Which of our single files are saved, as the events tell it."""

from tcpipclient.cli_deliveries import Deliveries, Sending
from tcpipclient.cli_exit import ExitCode
from tcpipclient.core.events import ConnectionLost, Direction, FileNotSent, FileProgressed, FileSent, Loss

TO_BOB, TO_CY = Sending(5, 2, "Bob", "a.bin", 5000), Sending(6, 3, "Cy", "a.bin", 5000)


def progress(done: int, transfer: int = 5) -> FileProgressed:
    """So many bytes of a transfer are out."""
    return FileProgressed(transfer, Direction.OUTGOING, 2, "a.bin", done, 5000)


def test_it_is_done_only_after_everybodys_word() -> None:
    """All bytes out is not saved: only the receiver's word takes a file off the list."""
    deliveries = Deliveries([TO_BOB, TO_CY])
    deliveries.receive(progress(5000), 0.0)
    assert set(deliveries.waiting) == {5, 6}
    (saved,) = deliveries.receive(FileSent(5, 2, "a.bin", 5000), 1.0)
    assert saved.sentence == "Bob (2) has saved a.bin (5.0 kB)."
    assert saved.item == {"event": "file_sent", "transfer": 5, "to": "Bob", "to_id": 2, "file": "a.bin", "size": 5000}
    deliveries.receive(FileSent(6, 3, "a.bin", 5000), 1.0)
    assert not deliveries.waiting
    assert deliveries.give_up(60) == []
    assert deliveries.exit_code is ExitCode.DONE


def test_progress_is_told_a_few_times_a_second() -> None:
    """For each transfer on its own; a person is told nothing, he has the bars."""
    deliveries = Deliveries([TO_BOB, TO_CY])
    told = [report for step in range(100) for report in deliveries.receive(progress(step), step / 100)]
    assert [report.item["done"] for report in told] == [0, 25, 50, 75]
    assert {report.sentence for report in told} == {""}
    assert told[0].item["peer"] == "Bob"
    assert len(deliveries.receive(progress(1, transfer=6), 0.99)) == 1


def test_silence_makes_it_time_out() -> None:
    """Code 3, with a sentence and an object for each file that nobody said was saved."""
    deliveries = Deliveries([TO_BOB, TO_CY])
    deliveries.receive(FileSent(6, 3, "a.bin", 5000), 0.0)
    (missing,) = deliveries.give_up(60)
    assert (missing.item["event"], missing.item["to"], missing.item["timed_out"]) == ("file_not_sent", "Bob", True)
    assert deliveries.exit_code is ExitCode.TIMED_OUT
    assert deliveries.complaints[0].startswith('To Bob (2): For 60 seconds nothing was heard of "a.bin"')


def test_a_minute_without_an_answer_is_not_yet_the_end() -> None:
    """The receiver may still be asked; his late word counts."""
    deliveries = Deliveries([TO_BOB])
    assert deliveries.receive(FileNotSent(5, 2, "a.bin", "No answer.", timed_out=True), 60.0) == []
    assert deliveries.waiting
    deliveries.receive(FileSent(5, 2, "a.bin", 5000), 90.0)
    assert deliveries.exit_code is ExitCode.DONE


def test_a_file_that_cannot_be_sent_fails() -> None:
    """Code 1 with the client's reason; the others go on."""
    deliveries = Deliveries([TO_BOB, TO_CY])
    (missing,) = deliveries.receive(FileNotSent(5, 2, "a.bin", "It changed."), 0.0)
    assert missing.item["timed_out"] is False
    assert set(deliveries.waiting) == {6}
    assert deliveries.complaints == ["To Bob (2): It changed."]
    deliveries.give_up(60)
    assert deliveries.exit_code is ExitCode.FAILED


def test_a_lost_connection_fails_what_is_left() -> None:
    """Nobody waits for words that cannot come."""
    deliveries = Deliveries([TO_BOB, TO_CY])
    deliveries.receive(FileSent(6, 3, "a.bin", 5000), 0.0)
    deliveries.receive(ConnectionLost(Loss.CLOSED, "The hub is gone."), 1.0)
    assert not deliveries.waiting
    assert deliveries.complaints == ["To Bob (2): The hub is gone."]
    assert deliveries.exit_code is ExitCode.FAILED


def test_only_what_moves_our_files_counts_as_news() -> None:
    """People who come and go, and other files, do not make us wait longer for ours."""
    deliveries = Deliveries([TO_BOB])
    assert deliveries.is_news(progress(1))
    assert not deliveries.is_news(progress(1, transfer=9))
    assert not deliveries.is_news(FileProgressed(5, Direction.INCOMING, 2, "a.bin", 1, 2))
    assert not deliveries.is_news(FileNotSent(5, 2, "a.bin", "No answer.", timed_out=True))
    assert not deliveries.is_news(ConnectionLost(Loss.CLOSED, ""))
