"""The texts of an answer, whole or in pieces: every string of a choice, whatever its shape, but for control values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from gateway.redaction.request.fields import hint_of
from gateway.redaction.request.json_strings import literal_of, looks_like_json, may_identify, rewrite

_MEMBERS: Final = """
    role type object finish_reason native_finish_reason index logprobs created signature data encrypted_content format
    mime_type status
"""
_CONTROL: Final = frozenset(_MEMBERS.split())
"""Members that hold no text of the model's: fixed words, and what only its provider can read."""
_CALLED: Final = frozenset(["function", "custom", "function_call"])
_GIVEN: Final = frozenset(["arguments", "input"])
_OFFSETS: Final = frozenset(["start_index", "end_index"])
_DEEPEST: Final = 60
"""Members within members: nothing real nests so deep, and what does is left out unread."""

Steps = tuple[str | int, ...]
"""Where a text stands in a choice. An item that has an `index` is named by it, since a stream sends it in pieces."""


class TextKind(Enum):
    CONTENT = "content"
    PROSE = "prose"
    ARGUMENTS = "arguments"
    """Of a tool call, as JSON in a string."""
    VALUE = "value"
    """Within arguments that are an object."""
    NAME = "name"
    """Of a function, or of a member of arguments."""
    ID = "id"


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a text stands, what it is, and the words of the member that holds it."""

    steps: Steps
    kind: TextKind
    hint: str = ""


TextVisitor = Callable[[str, TextPlace], str]
"""What stands in the place of each text of an answer."""


def rewrite_answer(body: Mapping[str, Any], rewrite: Callable[[Mapping[str, Any]], Any]) -> dict[str, Any]:
    """A copy of a whole `chat.completion` with what `rewrite` makes of each of its choices."""
    choices = body.get("choices")
    if not isinstance(choices, list):
        return dict(body)
    rewritten = [rewrite(choice) if isinstance(choice, Mapping) else choice for choice in choices]
    return {**body, "choices": rewritten}


def rewrite_choice(choice: Mapping[str, Any], visit: TextVisitor) -> dict[str, Any]:
    """A copy of a choice of a whole answer or of a stream's chunk, with what `visit` makes of each text."""
    return {
        name: _member(name, value, (name,), TextKind.PROSE, visit, called=False)
        for name, value in choice.items()
    }


def _member(name: str, value: Any, steps: Steps, kind: TextKind, visit: TextVisitor, *, called: bool) -> Any:
    if name in _CONTROL or value is None:
        return value
    if isinstance(value, str):
        if name == "id" or name.endswith("_id"):
            return visit(value, TextPlace(steps, TextKind.ID))
        if name == "name" and called:
            return visit(value, TextPlace(steps, TextKind.NAME))
        if name in _GIVEN:
            return visit(value, TextPlace(steps, TextKind.ARGUMENTS))
    elif name in _GIVEN:
        return _given(value, steps, "", visit)
    return _any(name, value, steps, TextKind.CONTENT if name == "content" else kind, visit)


def _any(name: str, value: Any, steps: Steps, kind: TextKind, visit: TextVisitor) -> Any:
    if isinstance(value, str):
        return visit(value, TextPlace(steps, kind)) if value else value
    if len(steps) > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        called = name in _CALLED or not _GIVEN.isdisjoint(value)
        return {
            one: _member(one, inner, (*steps, one), kind, visit, called=called)
            for one, inner in value.items()
        }
    if isinstance(value, list):
        return [_any(name, inner, (*steps, _step(inner, at)), kind, visit) for at, inner in enumerate(value)]
    return value


def _step(item: Any, at: int) -> int:
    index = item.get("index") if isinstance(item, Mapping) else None
    return index if isinstance(index, int) else at


def _given(value: Any, steps: Steps, hint: str, visit: TextVisitor) -> Any:
    """Arguments that are an object: all of it is the model's."""
    if isinstance(value, str):
        return visit(value, TextPlace(steps, TextKind.VALUE, hint))
    if len(steps) > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {
            visit(name, TextPlace((*steps, name), TextKind.NAME)): _given(
                inner, (*steps, name), hint_of(name, hint), visit
            )
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_given(inner, (*steps, at), hint, visit) for at, inner in enumerate(value)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        literal = literal_of(value)
        if may_identify(literal):
            new = visit(literal, TextPlace(steps, TextKind.VALUE, hint))
            return value if new == literal else new
    return value


def without_places(choice: Mapping[str, Any]) -> dict[str, Any]:
    """A choice without what refers to places in its text: logprobs have its tokens, citations count its characters."""
    changed = {**choice, "logprobs": None} if choice.get("logprobs") is not None else dict(choice)
    for name in ("message", "delta"):
        said = choice.get(name)
        if isinstance(said, Mapping) and said.get("annotations"):
            changed[name] = {**said, "annotations": _without_offsets(said["annotations"])}
    return changed


def _without_offsets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_offsets(inner) for name, inner in value.items() if name not in _OFFSETS}
    return [_without_offsets(one) for one in value] if isinstance(value, list) else value


def rewrite_text(text: str, place: TextPlace, visit: TextVisitor) -> str:
    """A text with what `visit` makes of it; one that is JSON stays so, and its values and names are visited apart."""
    if place.kind in (TextKind.NAME, TextKind.ID) or not looks_like_json(text):
        return visit(text, place)

    def value(inner: str, name: str) -> str:
        return visit(inner, TextPlace(place.steps, TextKind.VALUE, hint_of(name, place.hint)))

    def member(name: str) -> str:
        return visit(name, TextPlace(place.steps, TextKind.NAME))

    new = rewrite(text, value, member)
    return visit(text, place) if new is None else new


def texts_of(choices: Iterable[Any]) -> list[tuple[str, TextPlace]]:
    """Each text of the choices, JSON apart, but no ids."""
    return gathered(
        lambda visit: [
            rewrite_choice(choice, lambda text, place: rewrite_text(text, place, visit))
            for choice in choices
            if isinstance(choice, Mapping)
        ]
    )


def gathered(rewrite: Callable[[TextVisitor], object]) -> list[tuple[str, TextPlace]]:
    """Each text that `rewrite` visits, but no ids."""
    found: list[tuple[str, TextPlace]] = []

    def remember(text: str, place: TextPlace) -> str:
        if place.kind is not TextKind.ID and text:
            found.append((text, place))
        return text

    rewrite(remember)
    return found
