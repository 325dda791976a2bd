"""Tools, formats of answers and their JSON Schemas: what is grammar, which an answer must fit, and what is prose.

Grammar keeps its wording but for what is known to be personal; descriptions and titles are read as any text is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from gateway.redaction.redaction_errors import InvalidRequest
from gateway.redaction.request.fields import ABOUT, GRAMMAR, NAMED_SCHEMAS, SCHEMAS, in_words
from gateway.redaction.request.unreadable import MAX_DEPTH, Path, param

if TYPE_CHECKING:
    from gateway.redaction.request.walker import RequestWalker

_NESTED: Final = frozenset(["function", "custom", "allowed_tools", "json_schema"])
_ROOTS: Final = frozenset(["parameters", "schema", "input_schema"])
_PARTS: Final = ("tools", "functions", "response_format")

Member = Callable[[str, Any, Path, str], Any]
"""What is done with a member of an object: its name, its value, its place, and the hint that the name gives."""


@dataclass(frozen=True)
class DeclaredTools:
    """The tools that a policy declares: their names, and all texts of the tools that it defines in full."""

    names: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tools: Iterable[str | Mapping[str, Any]]) -> Self:
        """From names and whole definitions."""
        declared = list(tools)
        names = (tool for tool in declared if isinstance(tool, str))
        members = (member for tool in declared for member in _members(tool))
        return cls(
            frozenset(names),
            frozenset(text for member in members for text in member if isinstance(text, str)),
        )


def name_of(tool: Any) -> str | None:
    """The name of a tool in either of its forms, if it has one."""
    for inner in ("function", "custom"):
        if isinstance(tool, Mapping) and isinstance(tool.get(inner), Mapping):
            tool = tool[inner]
    name = tool.get("name") if isinstance(tool, Mapping) else None
    return name if isinstance(name, str) else None


def property_names(request: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        name
        for part in _PARTS
        for member, value in _members(request.get(part))
        if member == "properties" and isinstance(value, Mapping)
        for name in value
    )


def _members(value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every member of an object or list, by its name, and of what is within it."""
    if depth > MAX_DEPTH:
        return  # refused where it is walked
    items = [("", inner) for inner in value] if isinstance(value, list) else ()
    for name, inner in value.items() if isinstance(value, Mapping) else items:
        yield name, inner
        yield from _members(inner, depth + 1)


class Tools:
    """One walk over a tool, a choice of one, or a format; `fields` does what a value's kind asks for."""

    def __init__(self, fields: "RequestWalker") -> None:
        self._fields = fields

    def tool(self, tool: Any, path: Path, name: str = "") -> dict[str, Any]:
        """A tool, a choice of one or a format, and what is within it."""
        if not isinstance(tool, Mapping):
            what = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "A tool"
            raise InvalidRequest(param(path), f"{what} must be an object.")
        tool_name = tool["name"] if isinstance(tool.get("name"), str) else name

        def member(name: str, value: Any, path: Path, hint: str) -> Any:
            if name == "name":
                return self._fields.token(value, path)
            if name in _NESTED and value is not None:
                return self.tool(value, path, tool_name)
            if name in _ROOTS and value is not None:
                if not isinstance(value, Mapping):
                    raise InvalidRequest(param(path), f"`{name}` must be a JSON Schema, an object.")
                return self._schema(value, path, tool_name)
            if name == "tools" and isinstance(value, list):
                return self._fields.items(value, path, self.tool)
            if name in ("grammar", "format", "type"):
                return self._value(value, path)
            return self._fields.any(name, value, path, hint)

        return self._fields.members(tool, path, "", member)

    def _schema(self, schema: Any, path: Path, property_name: str = "") -> Any:
        """A schema; `property_name` is its name in the schema around it."""
        if not isinstance(schema, Mapping):
            return self._value(schema, path)

        def member(name: str, value: Any, path: Path, hint: str) -> Any:
            if name in NAMED_SCHEMAS and isinstance(value, Mapping):
                return self._fields.members(value, path, "", self._named, grammar=True)
            if name == "patternProperties" and isinstance(value, Mapping):
                return {
                    self._fields.token(member_name, path): self._schema(inner, (*path, member_name))
                    for member_name, inner in value.items()
                }
            if name == "pattern":
                return self._fields.token(value, path) if isinstance(value, str) else self._value(value, path)
            if name in SCHEMAS and isinstance(value, list):
                return self._fields.items(value, path, self._schema)
            if name in SCHEMAS:
                return self._schema(value, path, property_name)
            if name in GRAMMAR or (name == "title" and _says_again(value, property_name)):
                return self._value(value, path)
            return self._fields.any(name, value, path, "" if name in ABOUT else hint)

        return self._fields.members(schema, path, "", member, grammar=True)

    def _named(self, name: str, schema: Any, path: Path, _hint: str) -> Any:
        return self._schema(schema, path, name)

    def _value(self, value: Any, path: Path) -> Any:
        """A value that an answer must fit: its texts, and the names within it, are grammar."""
        if isinstance(value, str):
            return self._fields.grammar(value, path)
        if isinstance(value, Mapping):
            return self._fields.members(
                value, path, "", lambda _name, inner, path, _hint: self._value(inner, path), grammar=True
            )
        if isinstance(value, list):
            return self._fields.items(value, path, self._value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._fields.number(value, path)
        return self._fields.any("", value, path, "")


def _says_again(title: Any, name: str) -> bool:
    """Whether a title only says in words what the schema is called, as generators of schemas write it."""
    if not isinstance(title, str) or not name:
        return False
    return in_words(title).replace(" ", "") == in_words(name).replace(" ", "")
