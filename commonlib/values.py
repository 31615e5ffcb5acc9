"""Dataclasses that cost a fiftieth to declare: `dataclass`, `field` and `replace` for what a command loads.

The module `dataclasses` writes the methods of each class as text and has it compiled: half a millisecond for one class,
and a command that lives for a tenth of a second loads a hundred. Here msgspec makes the same class out of ready parts;
its instances are made faster, too. Owns what is taken over from `dataclasses` (its own `replace`, `fields` and `asdict`
work on these), and the one difference: no inheritance. Must never be given a class with fields of which some are not
compared or not shown: that is for `dataclasses`. Pure: any thread.
"""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

from msgspec import UNSET, Struct, defstruct
from msgspec import field as _struct_field
from msgspec.structs import replace as _replace

T = TypeVar("T")

# What a class has by itself, and must not take along into the one that is made of it.
_OF_THE_CLASS = ("__dict__", "__weakref__", "__annotations__")


def field(*, default: Any = UNSET, default_factory: Callable[[], Any] | None = None) -> Any:
    """A field with a default: as it is, or made anew for each instance."""
    if default_factory is not None:
        return _struct_field(default_factory=default_factory)
    return _struct_field() if default is UNSET else _struct_field(default=default)


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


def _made(declared: type[T], frozen: bool) -> type[T]:
    if declared.__bases__ != (object,):
        raise TypeError(f"{declared.__name__} inherits, which a value cannot")
    namespace = {name: found for name, found in vars(declared).items() if name not in _OF_THE_CLASS}
    fields: list[Any] = [
        (name, hint, namespace.pop(name)) if name in namespace else (name, hint)
        for name, hint in vars(declared).get("__annotations__", {}).items()
    ]
    namespace["__dataclass_fields__"] = _Fields()
    made: Any = defstruct(declared.__name__, fields, module=declared.__module__, namespace=namespace, frozen=frozen)
    made.__qualname__ = declared.__qualname__
    return made  # type: ignore[no-any-return]


class _Fields:
    """The fields as the module `dataclasses` keeps them, made when somebody asks for them for the first time."""

    def __get__(self, instance: object, owner: type) -> dict[str, Any]:
        import dataclasses

        like = dataclasses.make_dataclass(owner.__name__, [(name, Any) for name in owner.__struct_fields__])  # type: ignore[attr-defined]
        found: dict[str, Any] = like.__dataclass_fields__  # type: ignore[attr-defined]
        owner.__dataclass_fields__ = found  # type: ignore[attr-defined]
        return found
