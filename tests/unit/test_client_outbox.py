"""What waits to be sent: texts before files, and never too much of either.

Thread: pytest's main thread, and one that waits where a test says so.
"""

from concurrent.futures import ThreadPoolExecutor

from tcpipclient.net.outbox import MOST_JOINED, Outbox


def test_texts_overtake_file_blocks() -> None:
    """All that waits goes into one send, the first lane first, each lane in its order."""
    outbox = Outbox()
    assert outbox.put_file_block(b"file1")
    outbox.put(b"text1")
    assert outbox.put_file_block(b"file2")
    outbox.put(b"text2")
    assert outbox.maybe_take() == b"text1text2file1file2"


def test_one_send_is_about_a_megabyte() -> None:
    """What is more waits for the next one, so that a text does not wait long behind it."""
    outbox = Outbox()
    block = b"x" * (MOST_JOINED // 2)
    for _ in range(5):
        outbox.put(block)
    sizes = []
    outbox.finish()
    while (data := outbox.maybe_take()) is not None:
        sizes.append(len(data))
    assert sizes == [MOST_JOINED, MOST_JOINED, MOST_JOINED // 2]


def test_a_file_block_waits_until_little_waits() -> None:
    """Until what was taken is with the system, which the writer says by taking again."""
    outbox = Outbox(low_mark=10)
    outbox.put(b"x" * 10)
    with ThreadPoolExecutor(1) as pool:
        putting = pool.submit(outbox.put_file_block, b"block")
        assert outbox.maybe_take() == b"x" * 10
        assert not putting.done()
        assert outbox.maybe_take() == b"block"
        assert putting.result()


def test_commands_wait_for_room() -> None:
    """Up to the high mark there is room; beyond it there is none before the time is over."""
    outbox = Outbox(high_mark=10)
    outbox.put(b"x" * 9)
    assert outbox.wait_for_room(0.0)
    outbox.put(b"x")
    assert not outbox.wait_for_room(0.01)


def test_a_hub_that_reads_nothing_is_noticed() -> None:
    """Answers are never refused; twice the high mark of them says that nobody reads."""
    outbox = Outbox(high_mark=10)
    outbox.put(b"x" * 20)
    assert not outbox.is_overfull
    outbox.put(b"x")
    assert outbox.is_overfull


def test_finishing_sends_what_waits_and_then_the_last_word() -> None:
    """Behind file blocks too; afterwards nothing is taken in."""
    outbox = Outbox()
    outbox.put_file_block(b"file")
    outbox.put(b"text")
    outbox.finish(b"bye")
    outbox.put(b"late")
    assert not outbox.put_file_block(b"late")
    outbox.finish(b"bye again")
    assert outbox.maybe_take() == b"textfilebye"
    assert outbox.maybe_take() is None


def test_abandoning_lets_everybody_go() -> None:
    """Who waits for room, for a file's turn, for writing or for something to send gets an answer at once."""
    outbox = Outbox(high_mark=1, low_mark=1)
    outbox.put_file_block(b"xx")
    with ThreadPoolExecutor(3) as pool:
        room = pool.submit(outbox.wait_for_room, 10.0)
        block = pool.submit(outbox.put_file_block, b"block")
        assert outbox.maybe_take() == b"xx"
        written = pool.submit(outbox.wait_until_files_written)
        outbox.abandon()
        assert room.result()
        assert not block.result()
        assert not written.result()
    assert outbox.maybe_take() is None


def test_a_files_end_is_written_when_the_writer_comes_back() -> None:
    """Taking it is not enough; and texts that are written later change nothing."""
    outbox = Outbox()
    outbox.put_file_block(b"end")
    outbox.maybe_take()
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(outbox.wait_until_files_written)
        outbox.put(b"text")
        assert not written.done()
        outbox.maybe_take()
        assert written.result()
    outbox.put_file_block(b"never")
    outbox.finish()
    assert not outbox.wait_until_files_written()


def test_nothing_is_put_in_for_nothing() -> None:
    """An empty put is no reason to send."""
    outbox = Outbox()
    outbox.put(b"")
    assert outbox.put_file_block(b"")
    outbox.finish()
    assert outbox.maybe_take() is None


def test_a_writer_that_is_woken_is_given_nothing_once() -> None:
    """So that it sends what its transport itself has to say; what waits goes with it, and the end is still the end."""
    outbox = Outbox()
    outbox.wake()
    assert outbox.maybe_take() == b""
    outbox.wake()
    outbox.put(b"text")
    assert outbox.maybe_take() == b"text"
    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(outbox.maybe_take)
        outbox.wake()
        assert taking.result(10.0) == b""
    outbox.finish()
    assert outbox.maybe_take() is None
