"""A book whose entries end: by time, by their owner's number of them, by the number of all."""

from tcpipserver.hub.ageing import AgeingBook

ANN, BOB, CID = "Ann", "Bob", "Cid"


def kept(book: AgeingBook[int, str], now: float, most: int = 100) -> list[int]:
    """The keys that are kept."""
    return [key for key in range(most) if book.maybe_get(key, now) is not None]


def test_an_entry_ends_after_its_time() -> None:
    """Counted from when it was put in last; what has ended takes no place."""
    book = AgeingBook[int, str](30.0, 10, 10)
    book.put(1, "a", (ANN,), 100.0)
    book.put(2, "b", (ANN,), 110.0)
    book.put(1, "c", (ANN,), 120.0)
    assert (book.maybe_get(1, 139.9), book.maybe_get(2, 139.9)) == ("c", "b")
    assert kept(book, 140.0) == [1]
    assert kept(book, 150.0) == []
    assert len(book) == 0


def test_what_is_taken_is_gone() -> None:
    """And is nobody's any more."""
    book = AgeingBook[int, str](30.0, 1, 10)
    book.put(1, "a", (ANN,), 0.0)
    assert book.maybe_take(1, 0.0) == "a"
    assert book.maybe_take(1, 0.0) is None
    assert book._owned == {}


def test_who_has_too_many_loses_his_oldest() -> None:
    """And nobody else loses any."""
    book = AgeingBook[int, str](30.0, 2, 10)
    book.put(9, "b", (BOB,), 0.0)
    for key in (1, 2, 3):
        book.put(key, "a", (ANN,), 0.0)
    assert kept(book, 0.0) == [2, 3, 9]


def test_when_the_book_is_full_whoever_has_most_loses_his_oldest() -> None:
    """However late he comes: nobody drives out the few that others have."""
    book = AgeingBook[int, str](30.0, 10, 4)
    book.put(1, "b", (BOB,), 0.0)
    for key in (2, 3, 4):
        book.put(key, "a", (ANN,), 0.0)
    book.put(5, "c", (CID,), 0.0)
    assert kept(book, 0.0) == [1, 3, 4, 5]


def test_an_entry_of_two_owners_ends_for_both() -> None:
    """Whoever of them is forgotten, or one who is both."""
    book = AgeingBook[int, str](30.0, 10, 10)
    book.put(1, "a", (ANN, BOB), 0.0)
    book.put(2, "b", (BOB,), 0.0)
    book.put(3, "c", (ANN, ANN), 0.0)
    book.forget(ANN)
    assert kept(book, 0.0) == [2]
    book.forget(BOB)
    book.forget(CID)
    assert (len(book), book._owned) == (0, {})
