"""Requests made from the types of an SDK: one for each place in which its caller can write a text."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Final, Literal, Required, Union, get_args, get_origin, get_type_hints

import typing_extensions

_DEEPEST: Final = 9
_TEXTS: Final = (str, object, Any)

Places = Iterator[tuple[str, Any]]


def places(kind: Any, text: str, within: tuple[Any, ...] = ()) -> Places:
    """Where `kind` holds a text: the path to it, and a value with `text` there and no more than it has to have."""
    origin = get_origin(kind)
    if len(within) > _DEEPEST or kind in within:
        return
    if kind in _TEXTS:
        yield "", text
    elif origin is Literal:
        yield "=", text  # a word where one of a set belongs
    elif origin in (Union, UnionType):
        for one in get_args(kind):
            yield from places(one, text, within)
    elif _is_typed_dict(kind):
        for name, field in get_type_hints(kind).items():
            for path, value in places(field, text, (*within, kind)):
                yield f".{name}{path}", {**least(kind), name: value}
    else:
        yield from _members(kind, text, within)


def _members(kind: Any, text: str, within: tuple[Any, ...]) -> Places:
    """Of a mapping or a list."""
    if _is_mapping(get_origin(kind)):
        yield "{}", {text: "x"}
        for path, value in places(get_args(kind)[1], text, within):
            yield f"[]{path}", {"member": value}
    elif get_args(kind):
        for path, value in places(get_args(kind)[0], text, within):
            yield f"[0]{path}", [value]


def least(kind: Any) -> Any:
    """A value of `kind` with what it has to have."""
    origin = get_origin(kind)
    if origin is Literal:
        return get_args(kind)[0]
    if origin in (Union, UnionType):
        return least(get_args(kind)[0])
    if _is_typed_dict(kind):
        fields = get_type_hints(kind)
        return {name: least(fields[name]) for name in _required(kind)}
    plain = {int: 1, float: 1, bool: False, type(None): None}
    if kind in plain:
        return plain[kind]
    if kind in _TEXTS:
        return "x"
    return {} if _is_mapping(origin) else []


def _required(kind: Any) -> list[str]:
    """Python does not see `Required` where annotations are texts, as the SDKs' are."""
    marked = get_type_hints(kind, include_extras=True)
    names = [
        name for name, field in marked.items() if get_origin(field) in (Required, typing_extensions.Required)
    ]
    return names or [name for name in marked if name in kind.__required_keys__]


def _is_typed_dict(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, dict) and hasattr(kind, "__required_keys__")


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)
