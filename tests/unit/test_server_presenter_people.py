"""The client list of the server window: its rows, their order, and what can be done with those who are chosen."""

import pytest

from commonlib.classic.keepalive import PingStatistics
from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, short_key_code
from commonlib.meaning import Meaning
from tcpipserver.gui.presenter_people import (
    COLUMNS,
    NO_KEY_TO_BAN,
    NOBODY_YET,
    NOT_RUNNING,
    ROWS_PER_TICK,
    PeoplePresenter,
    totals,
)
from tcpipserver.hub.overview import ListedPerson, Relayed
from tests.support.hubs import WALL
from tests.support.overviews import listed, overview
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView

ANNS_KEY = Fingerprint(bytes(range(32)))
FAST = PingStatistics(count=2, last=0.0021, mean=0.012)
SLOW = PingStatistics(count=1, last=1.5, mean=1.5)


class People:
    """A client list with its view."""

    def __init__(self) -> None:
        self.view = RecordingServerView()
        self.control = RecordingHubControl()
        self.written_to: list[tuple[tuple[int, ...], str]] = []
        self.told: list[tuple[Meaning, str]] = []
        self.presenter = PeoplePresenter(
            self.view,
            self.view,
            self.control,
            lambda ids, names: self.written_to.append((ids, names)),
            lambda meaning, sentence: self.told.append((meaning, sentence)),
        )

    def look(self, *people: ListedPerson, is_running: bool = True) -> None:
        self.presenter.receive_overview(overview(*people), is_running, WALL)

    def settle(self) -> None:
        for _ in range(len(self.view.rows) // ROWS_PER_TICK + 60):
            self.presenter.tick()

    def show(self, *people: ListedPerson) -> None:
        self.look(*people)
        self.settle()

    @property
    def ids(self) -> list[int]:
        return list(self.view.rows)


@pytest.fixture
def people() -> People:
    return People()


def cell(people: People, client_id: int, column: str) -> str:
    return people.view.rows[client_id][[shown.key for shown in COLUMNS].index(column)]


def test_a_row_says_all_that_is_known(people: People) -> None:
    """With as many cells as there are columns."""
    people.show(listed(3, "Ann", ping=FAST, sent=(3 << 20, 1204)))
    (row,) = people.view.rows.values()
    assert len(row) == len(COLUMNS)
    assert row[:7] == ("3", "Ann", "192.0.2.7", "PC", "1.0.0", "2.1 ms", "12 ms")
    assert row[8:] == ("classic", "–", "1,204", "3.1 MB")


def test_a_key_is_told_by_its_digits_and_its_session(people: People) -> None:
    """With it comes that the wire is encrypted; rows are ordered by it, too."""
    people.show(listed(1, key=ANNS_KEY), listed(2, key=ANNS_KEY, session=2), listed(3))
    digits = short_key_code(ANNS_KEY)
    assert [cell(people, number, "key") for number in (1, 2, 3)] == [digits, f"{digits} #2", "–"]
    assert [cell(people, number, "wire") for number in (1, 3)] == ["encrypted", "classic"]
    people.presenter.column_clicked("key")
    people.settle()
    assert people.ids == [3, 1, 2]


def test_who_has_a_key_can_be_banned(people: People) -> None:
    """After a question that says what it means; who has none is told of, and cannot be."""
    people.show(listed(1, "Ann", key=ANNS_KEY), listed(2, "Bob"))
    people.presenter.ban_clicked()
    people.presenter.selected((1,))
    people.presenter.ban_clicked()
    people.presenter.selected((1, 2))
    people.presenter.ban_clicked()
    question = "Ban Ann (1)? The key stays out until you unban it."
    assert people.view.bans_asked == [
        (question, (ANNS_KEY.hex(),)),
        (f"{question} 1 client without a key cannot be kept out.", (ANNS_KEY.hex(),)),
    ]
    people.presenter.selected((2,))
    people.presenter.ban_clicked()
    assert people.told == [(Meaning.NOTE, f"Bob (2) cannot be banned. {NO_KEY_TO_BAN}")]
    assert people.control.orders == []
    people.show(listed(2, "Bob"))
    people.presenter.ban_confirmed((ANNS_KEY.hex(),), "spam")
    assert people.control.orders == [("ban", (ANNS_KEY,), "spam")]


def test_what_is_not_known_is_a_dash(people: People) -> None:
    """Nobody has been pinged yet, and this one gave no computer."""
    people.show(listed(3, computer=""))
    assert [cell(people, 3, column) for column in ("computer", "ping", "mean")] == ["–", "–", "–"]


def test_a_name_cannot_break_the_row(people: People) -> None:
    """Line breaks and changes of direction are written as escapes."""
    people.show(listed(3, "A\n\u202eB"))
    assert cell(people, 3, "name") == "A\\n\\u202eB"


def test_only_rows_that_changed_are_drawn(people: People) -> None:
    """An overview a second of two thousand people costs nothing while they are quiet."""
    people.show(listed(1), listed(2))
    people.view.put.clear()
    people.show(listed(1), listed(2, sent=(5, 1)))
    assert people.view.put == [2]


def test_a_crowd_comes_in_batches_and_in_order(people: People) -> None:
    """Nobody is missing at the end, and the order is set once."""
    crowd = [listed(client_id) for client_id in range(2000, 0, -1)]
    people.show(*crowd)
    assert people.ids == list(range(1, 2001))
    assert people.view.largest_batch == ROWS_PER_TICK
    assert people.view.orders == 1


def test_who_leaves_goes_even_before_his_row_was_drawn(people: People) -> None:
    """Somebody may be gone before the window got round to him."""
    people.show(listed(1), listed(2))
    people.look(listed(2), listed(3))
    people.look(listed(2))
    people.settle()
    assert people.ids == [2]
    assert people.presenter.count == 1


def test_an_empty_list_says_what_to_do(people: People) -> None:
    """Something else before the hub runs than while it waits, and nothing once somebody is there."""
    people.look(is_running=False)
    assert people.view.empty == NOT_RUNNING
    people.look()
    assert people.view.empty == NOBODY_YET
    people.look(listed(1))
    assert people.view.empty == ""


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("id", [1, 2, 3]),
        ("name", [2, 1, 3]),
        ("address", [2, 1, 3]),
        ("computer", [3, 2, 1]),
        ("version", [1, 2, 3]),
        ("ping", [3, 1, 2]),
        ("mean", [3, 1, 2]),
        ("since", [2, 3, 1]),
        ("wire", [1, 2, 3]),
        ("key", [1, 2, 3]),
        ("texts", [1, 3, 2]),
        ("bytes", [3, 1, 2]),
    ],
)
def test_rows_are_ordered_by_any_column_both_ways(people: People, column: str, expected: list[int]) -> None:
    """Numbers as numbers, addresses as addresses, names without regard to capitals; equals by their id."""
    people.presenter.column_clicked("name" if column == "id" else "id")
    people.show(
        listed(1, "bert", address="192.0.2.10", computer="Z", ping=FAST, since=WALL + 9, sent=(500, 1)),
        listed(2, "Anna", address="192.0.2.9", computer="y", ping=SLOW, since=WALL, sent=(2000, 10)),
        listed(3, "carl", address="2001:db8::1", computer="X", since=WALL + 5, sent=(60, 9)),
    )
    people.presenter.column_clicked(column)
    people.settle()
    assert people.ids == expected
    assert people.view.sorting == (column, False)
    people.presenter.column_clicked(column)
    people.settle()
    assert people.ids == expected[::-1]
    assert people.view.sorting == (column, True)


def test_an_order_that_stays_is_not_set_again(people: People) -> None:
    """Rows do not jump, and a selection is not lost, because a figure changed."""
    people.show(listed(1), listed(2))
    people.show(listed(1, sent=(9, 9)), listed(2))
    assert people.view.orders == 1


def test_whoever_is_chosen_can_be_sent_away_with_a_reason(people: People) -> None:
    """After a question that names him."""
    people.show(listed(1, "Ann"), listed(2, "Bob"))
    people.presenter.selected((2,))
    people.presenter.kick_clicked()
    assert people.view.reasons_asked == [("Send Bob (2) away?", (2,))]
    assert people.control.orders == []
    people.presenter.kick_confirmed((2,), "too loud")
    assert people.control.orders == [("kick", (2,), "too loud")]


def test_several_are_named_by_their_number(people: People) -> None:
    """A list of a thousand names would be no question."""
    people.show(listed(1), listed(2))
    people.presenter.selected((1, 2))
    people.presenter.kick_clicked()
    assert people.view.reasons_asked == [("Send 2 clients away?", (1, 2))]


def test_without_a_hub_nobody_can_be_sent_away(people: People) -> None:
    """The caller says so across the window."""
    people.control.refusal = ChatError("no hub")
    with pytest.raises(ChatError):
        people.presenter.kick_confirmed((1,), "")


def test_whoever_is_chosen_can_be_written_to_and_copied(people: People) -> None:
    """Rows are copied with tabs, as a table takes them."""
    people.show(listed(1, "Ann"), listed(2, "Bob"))
    people.presenter.selected((1, 2))
    people.presenter.message_clicked()
    people.presenter.copy_clicked()
    assert people.written_to == [((1, 2), "2 clients")]
    assert [line.split("\t")[:2] for line in people.view.copied[0].splitlines()] == [["1", "Ann"], ["2", "Bob"]]


def test_with_nobody_chosen_nothing_happens(people: People) -> None:
    """Keys may be pressed at any time; somebody who is gone is not chosen any more."""
    people.show(listed(1))
    people.presenter.selected((1, 99))
    people.look()
    for action in (people.presenter.kick_clicked, people.presenter.message_clicked, people.presenter.copy_clicked):
        action()
    assert (people.view.reasons_asked, people.written_to, people.view.copied) == ([], [], [])


def test_a_name_is_known_while_somebody_is_here(people: People) -> None:
    """With the id, because names may be the same."""
    people.look(listed(4, "Ann"))
    assert people.presenter.maybe_name(4) == "Ann (4)"
    assert people.presenter.maybe_name(5) is None


def test_the_totals_tell_of_relays() -> None:
    """Of those that there are, and of those that there were; where there was none, nothing."""
    assert totals(overview(), Relayed(2, 0)).endswith("  ·  2 relays now, 0 bytes of files by relay")
    assert totals(overview(), Relayed(0, 2048)).endswith("  ·  0 relays now, 2.0 kB of files by relay")
    assert "relay" not in totals(overview(), Relayed())


def test_the_totals_are_one_line() -> None:
    """Those who are arriving are named only when there are any."""
    assert totals(overview()) == "0 clients  ·  0 texts  ·  0 bytes passed on"
    assert totals(overview(listed(1), arriving=2, passed=(2048, 1))) == (
        "1 client  ·  2 arriving  ·  1 text  ·  2.0 kB passed on"
    )
