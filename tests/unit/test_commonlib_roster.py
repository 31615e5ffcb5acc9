"""People in frames that are put together from parts: the same as if they had been encoded at once."""

import pytest

from commonlib.wire.frames import FrameCutter
from commonlib.wire.messages import MOST_PEOPLE, People, Person, decode_message
from commonlib.wire.roster import encode_person, people_frames


@pytest.mark.parametrize("count", [1, 15, 16, 255, 256, MOST_PEOPLE])
def test_people_who_fit_are_one_frame(count: int) -> None:
    """Whatever it takes to write down how many they are."""
    people = [Person(id=number, name=f"name {number}", key=bytes(32)) for number in range(1, count + 1)]
    (frame,) = FrameCutter().receive_data(people_frames([encode_person(person) for person in people]))
    assert decode_message(frame) == People(people=people)


def test_more_people_take_more_frames() -> None:
    """In their order; nobody is told twice."""
    people = [Person(id=number) for number in range(1, 2 * MOST_PEOPLE + 2)]
    frames = FrameCutter().receive_data(people_frames([encode_person(person) for person in people]))
    told = [decode_message(frame) for frame in frames]
    assert [len(one.people) for one in told if isinstance(one, People)] == [MOST_PEOPLE, MOST_PEOPLE, 1]
    assert [person for one in told if isinstance(one, People) for person in one.people] == people


def test_the_longest_people_fit() -> None:
    """Five hundred whose every text is as long as it may be and takes four bytes a character."""
    longest = Person(
        id=(1 << 32) - 1,
        name="\U0001f600" * 64,
        computer="\U0001f600" * 64,
        program="\U0001f600" * 64,
        address="\U0001f600" * 64,
        alternate_address="\U0001f600" * 64,
        colour=(1 << 32) - 1,
        status=65535,
        status_ticks=(1 << 63) - 1,
        listening_port=65535,
        key=bytes(32),
        session=65535,
    )
    (frame,) = FrameCutter().receive_data(people_frames([encode_person(longest)] * MOST_PEOPLE))
    assert decode_message(frame) == People(people=[longest] * MOST_PEOPLE)


def test_nobody_is_no_frame() -> None:
    """There is nothing to tell."""
    assert people_frames([]) == b""
