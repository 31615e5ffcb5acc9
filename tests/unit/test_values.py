"""Values that are declared cheaply: they behave as those of the module `dataclasses` do."""

import dataclasses
from typing import Any

import pytest

from commonlib.values import asdict, dataclass, field, replace, settle


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is."""

    host: str
    port: int = 9999

    @property
    def shown(self) -> str:
        """For a person."""
        return f"{self.host}:{self.port}"


@dataclass(slots=True)
class Basket:
    """What changes."""

    items: list[str] = field(default_factory=list)
    size: int = field(default=3)


@dataclasses.dataclass(frozen=True, slots=True)
class Slow:
    """One of the module `dataclasses`."""

    number: int


def test_a_value_is_what_its_fields_are() -> None:
    """Equal, hashed, shown and taken apart by them, in their order, and with its methods and its documentation."""
    assert Place("hub") == Place(host="hub", port=9999)
    assert Place("hub") != Place("hub", 1)
    assert {Place("hub"): 1}[Place("hub")] == 1
    assert repr(Place("hub")) == "Place(host='hub', port=9999)"
    assert Place("hub").shown == "hub:9999"
    assert Place.__doc__ == "Where something is."
    match Place("hub", 1):
        case Place(host, port=1):
            assert host == "hub"
        case _:
            pytest.fail("it was not taken apart")


def test_two_kinds_are_never_equal() -> None:
    """Whatever their fields are."""

    @dataclass(frozen=True, slots=True)
    class Other:
        host: str
        port: int = 9999

    other: Any = Other("hub")
    assert other != Place("hub")


def test_a_frozen_value_cannot_be_changed() -> None:
    """And no value takes what is no field of its."""
    place: Any = Place("hub")
    with pytest.raises(AttributeError):
        place.port = 1
    basket: Any = Basket()
    basket.size = 4
    assert basket.size == 4
    with pytest.raises(AttributeError):
        basket.colour = "red"


def test_what_is_made_anew_is_not_shared() -> None:
    """Two baskets have two lists."""
    one, other = Basket(), Basket()
    one.items.append("apple")
    assert other == Basket([], 3)


def test_some_fields_are_replaced() -> None:
    """In a value of either kind; a name that is none is an error."""
    assert replace(Place("hub"), port=1) == Place("hub", 1)
    assert replace(Slow(1), number=2) == Slow(2)
    with pytest.raises(TypeError):
        replace(Place("hub"), colour="red")


def test_the_functions_of_dataclasses_work() -> None:
    """So nobody has to know which kind he has."""
    assert dataclasses.asdict(Place("hub")) == {"host": "hub", "port": 9999}
    assert [each.name for each in dataclasses.fields(Place)] == ["host", "port"]  # type: ignore[arg-type]
    assert dataclasses.replace(Place("hub"), port=1) == Place("hub", 1)  # type: ignore[type-var]


def test_a_value_that_inherits_is_refused() -> None:
    """It would lose what it inherits."""
    with pytest.raises(TypeError, match="inherits"):

        @dataclass(frozen=True, slots=True)
        class Farther(Basket):
            miles: int = 0


@dataclass(frozen=True, slots=True)
class Login:
    """One field is a secret, one says nothing about who it is, one is put in order."""

    name: str
    password: str = field(default="", repr=False)
    since: float = field(default=0.0, compare=False)

    def __post_init__(self) -> None:
        settle(self, name=self.name.strip())


def test_a_field_may_be_left_out_of_what_is_shown() -> None:
    """A secret is not in a log."""
    assert repr(Login(" ann ", "sesame", 1.0)) == "Login(name='ann', since=1.0)"
    assert Login("ann", "sesame").password == "sesame"


def test_a_field_may_be_left_out_of_what_is_compared() -> None:
    """Of == and of the hash alike."""
    assert Login("ann", since=1.0) == Login("ann", since=2.0)
    assert hash(Login("ann", since=1.0)) == hash(Login("ann", since=2.0))
    assert Login("ann") != Login("bob")
    assert Login("ann") != Place("ann")


def test_a_frozen_value_is_settled_while_it_is_made() -> None:
    """And a value in it stays as it is when its fields are taken by their names."""
    assert asdict(Login(" ann ")) == {"name": "ann", "password": "", "since": 0.0}
