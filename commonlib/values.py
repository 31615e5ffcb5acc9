"""Dataclasses that cost a fiftieth to declare: `dataclass`, `field` and `replace` for what a command loads.

The module `dataclasses` writes the methods of each class as text and has it compiled: half a millisecond for one class,
and a command that lives for a tenth of a second loads a hundred. Here msgspec makes the same class out of ready parts;
its instances are made faster, too. Owns what is taken over from `dataclasses` (its own `replace`, `fields` and `asdict`
work on these), and that msgspec is loaded as cheaply. Must never be given a class that inherits: that is the one
difference. Pure: any thread.
"""

import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

# msgspec looks into typing_extensions where that is installed, and loading it takes as long as msgspec itself; since
# Python 3.11 all that it looks for is in `typing`. Another thread could be looking for it, too: then it stays visible.
_hides = "typing_extensions" not in sys.modules and threading.active_count() == 1
if _hides:
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
try:
    from msgspec import UNSET, Struct, defstruct
    from msgspec import field as _struct_field
    from msgspec.structs import asdict as _asdict
    from msgspec.structs import force_setattr
    from msgspec.structs import replace as _replace
finally:
    if _hides:
        del sys.modules["typing_extensions"]

T = TypeVar("T")

# What a class has by itself, and must not take along into the one that is made of it.
_OF_THE_CLASS = ("__dict__", "__weakref__", "__annotations__")


class _Kept:
    """A field of which something is left out: what shows the instance, or what compares it."""

    def __init__(self, declared: Any, shown: bool, compared: bool) -> None:
        self.declared = declared
        self.shown = shown
        self.compared = compared


def field(
    *,
    default: Any = UNSET,
    default_factory: Callable[[], Any] | None = None,
    repr: bool = True,  # noqa: A002 - as `dataclasses` calls it
    compare: bool = True,
) -> Any:
    """A field with a default, as it is or made anew for each instance, that may be left out of repr() and of ==."""
    if default_factory is not None:
        declared = _struct_field(default_factory=default_factory)
    else:
        declared = _struct_field() if default is UNSET else _struct_field(default=default)
    return declared if repr and compare else _Kept(declared, repr, compare)


@overload
def dataclass(declared: type[T], /) -> type[T]: ...


@overload
def dataclass(*, frozen: bool = False, slots: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(field_specifiers=(field,))
def dataclass(
    declared: type[T] | None = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = True,  # noqa: ARG001 - said where it is used, and never otherwise
) -> type[T] | Callable[[type[T]], type[T]]:
    """A class of values made of one that has only annotations, defaults and methods.

    Raises:
        TypeError: The class inherits from another.
    """
    if declared is None:
        return lambda late: _made(late, frozen)
    return _made(declared, frozen)


def replace(value: T, /, **changes: Any) -> T:
    """The same value with some fields changed, also one of the module `dataclasses`.

    Raises:
        TypeError: There is no such field.
    """
    if isinstance(value, Struct):
        return _replace(value, **changes)
    from dataclasses import replace as replace_slowly

    return replace_slowly(value, **changes)  # type: ignore[type-var]


def asdict(value: object) -> dict[str, Any]:
    """The fields of a value by their names; what is in them stays as it is."""
    assert isinstance(value, Struct)
    return _asdict(value)


def settle(value: object, **fields: Any) -> None:
    """Set fields of a frozen value while it is being made: for its own `__post_init__` alone."""
    assert isinstance(value, Struct)
    for name, content in fields.items():
        force_setattr(value, name, content)


def _made(declared: type[T], frozen: bool) -> type[T]:
    if declared.__bases__ != (object,):
        raise TypeError(f"{declared.__name__} inherits, which a value cannot")
    namespace = {name: found for name, found in vars(declared).items() if name not in _OF_THE_CLASS}
    fields: list[Any] = []
    kept: dict[str, _Kept] = {}
    hints = vars(declared).get("__annotations__", {})
    for name, hint in hints.items():
        if name not in namespace:
            fields.append((name, hint))
            continue
        default = namespace.pop(name)
        if isinstance(default, _Kept):
            kept[name] = default
            default = default.declared
        fields.append((name, hint, default))
    shown = [name for name in hints if name not in kept or kept[name].shown]
    compared = [name for name in hints if name not in kept or kept[name].compared]
    if len(shown) < len(hints):
        namespace["__repr__"] = _repr_of(shown)
    if len(compared) < len(hints):
        namespace["__eq__"], namespace["__hash__"] = _comparison_of(compared)
    namespace["__dataclass_fields__"] = _Fields()
    made: Any = defstruct(declared.__name__, fields, module=declared.__module__, namespace=namespace, frozen=frozen)
    made.__qualname__ = declared.__qualname__
    return made  # type: ignore[no-any-return]


def _repr_of(names: list[str]) -> Callable[[object], str]:
    def show(value: object) -> str:
        return f"{type(value).__name__}({', '.join(f'{name}={getattr(value, name)!r}' for name in names)})"

    return show


def _comparison_of(names: list[str]) -> tuple[Callable[[object, object], bool], Callable[[object], int]]:
    def content(value: object) -> tuple[Any, ...]:
        return tuple([getattr(value, name) for name in names])

    def is_equal(value: object, other: object) -> bool:
        return content(value) == content(other) if type(other) is type(value) else NotImplemented

    return is_equal, lambda value: hash(content(value))


class _Fields:
    """The fields as the module `dataclasses` keeps them, made when somebody asks for them for the first time."""

    def __get__(self, instance: object, owner: type) -> dict[str, Any]:
        import dataclasses

        like = dataclasses.make_dataclass(owner.__name__, [(name, Any) for name in owner.__struct_fields__])  # type: ignore[attr-defined]
        found: dict[str, Any] = like.__dataclass_fields__  # type: ignore[attr-defined]
        owner.__dataclass_fields__ = found  # type: ignore[attr-defined]
        return found
