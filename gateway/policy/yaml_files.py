"""YAML read with the place of everything in it, and nothing but plain data: no tags, no aliases, no
duplicate keys.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.policy.yaml_words import Place, character_mistake, directive, yaml_mistake

MAX_FILE_BYTES: Final = 512 * 1024
MAX_DEPTH: Final = 30
_KEPT: Final = 128
"""Documents, of the texts read last."""
BOM: Final = b"\xef\xbb\xbf"
"""What some editors write before UTF-8."""

Path = tuple[str | int, ...]

_BEFORE_COMMENT: Final = re.compile(r"[ \t]+(?=#)")
_HYPHEN_LINE: Final = re.compile(r"\n([ \t]*)-[ \t]")
_TAG: Final = "tag:yaml.org,2002:"
_NUMBER_LIMIT: Final = 20
"""Digits of a number; nothing in these files needs more."""


class YamlInvalid(ValueError):
    """The text can't be read; `problems` are places with what is wrong there."""

    def __init__(self, problems: list[tuple[Place, str]]) -> None:
        super().__init__("the YAML can't be read")
        self.problems = problems


@dataclass(frozen=True)
class YamlDocument:
    """Plain data, and where each value and each key of it stands."""

    data: Any
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    comments: Mapping[Path, Place] = field(default_factory=dict)
    """Where a comment begins behind a text without quotation marks, on the same line."""
    hyphens: Mapping[Path, Place] = field(default_factory=dict)
    """Where a line of a text without quotation marks begins with a hyphen, as an entry of a list would."""
    curly: Mapping[Path, Place] = field(default_factory=dict)
    """Where a text without quotation marks stands in curly ones, which are letters to YAML."""

    def place(self, path: Path) -> Place:
        """Where `path` stands, or the nearest thing above it that is there."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def key_place(self, path: Path) -> Place:
        """Where the key of `path` stands."""
        return self.keys.get(path) or self.place(path)


@functools.lru_cache(maxsize=_KEPT)
def read_yaml(text: bytes, first_line: int = 1) -> YamlDocument:
    """One YAML 1.2 document; raises YamlInvalid. `first_line`: where `text` starts in its file.

    Pages, reloads and checks read the same files again and again, and a long one takes a tenth of a second: the same
    text gives the same document, which nobody changes.
    """
    if len(text) > MAX_FILE_BYTES:
        raise YamlInvalid([((1, 1), f"the file has more than {MAX_FILE_BYTES} bytes; make it smaller")])
    problems: list[tuple[Place, str]] = []
    try:
        decoded = text.removeprefix(BOM).decode("utf-8")
        place = directive(decoded)
        if place is not None:
            raise YamlInvalid([(place, "a line that begins with % is for YAML itself; leave it out")])
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _PlainComposer
        node = yaml.compose(decoded)
        problems = yaml.composer.problems
        if not problems:
            return _Reader(decoded).document(node, first_line)
    except UnicodeDecodeError:
        problems = [((1, 1), "the file is not UTF-8; save it as UTF-8")]
    except MarkedYAMLError as error:
        problems = [yaml_mistake(error, decoded)]
    except YamlInvalid as error:
        problems = error.problems
    except YAMLError as error:
        problems = [character_mistake(error, decoded)]
    raise YamlInvalid([((line + first_line - 1, column), why) for (line, column), why in problems])


class _PlainComposer(Composer):
    """Refuses what YAML allows and these files don't need: each could hide what a file says, or blow it up."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.problems: list[tuple[Place, str]] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        alias = isinstance(event, AliasEvent)
        if alias or event.anchor:
            self.problems.append((place, "anchors and aliases (& and *) are not allowed; write it out"))
        elif str(event.tag or "!") != "!":
            self.problems.append((place, "tags (!) are not allowed; leave it out"))
        if alias:
            self.parser.get_event()
            return ScalarNode(None, "", event.start_mark, event.end_mark)
        if self.depth == MAX_DEPTH:
            raise YamlInvalid([(place, f"nested deeper than {MAX_DEPTH} levels")])
        return super().compose_node(parent, index)


class _Reader:
    """Turns nodes into plain data and notes their places."""

    def __init__(self, text: str) -> None:
        self._source = text
        self._comments: dict[Path, Place] = {}
        self._hyphens: dict[Path, Place] = {}
        self._curly: dict[Path, Place] = {}
        self._values: dict[Path, Place] = {}
        self._keys: dict[Path, Place] = {}
        self._problems: list[tuple[Place, str]] = []

    def document(self, node: Node | None, first_line: int) -> YamlDocument:
        data = self._data(node, ()) if node is not None else None
        if self._problems:
            raise YamlInvalid(self._problems)
        shift = first_line - 1
        places = (self._values, self._keys, self._comments, self._hyphens, self._curly)
        shifted = [{path: (line + shift, column) for path, (line, column) in some.items()} for some in places]
        return YamlDocument(data, *shifted)

    def _data(self, node: Node, path: Path) -> Any:
        self._values[path] = _place(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._data(item, (*path, index)) for index, item in enumerate(node.value)]
        if not isinstance(node, ScalarNode):
            return None
        if not node.style and str(node.tag).endswith(":str"):
            self._note_plain_text(node, path)
        return self._scalar(node)

    def _note_plain_text(self, node: ScalarNode, path: Path) -> None:
        end = node.end_mark
        written = self._source[node.start_mark.index : end.index]
        if hyphen := _HYPHEN_LINE.search(written):
            line = node.start_mark.line + written.count("\n", 0, hyphen.end()) + 1
            self._hyphens[path] = (line, len(hyphen[1]) + 1)
        if written[0] in "“‘" or (written[-1] == "”" and "“" not in written):
            self._curly[path] = _place(node)
        spaces = _BEFORE_COMMENT.match(self._source, end.index)
        if spaces:
            self._comments[path] = (end.line + 1, end.column + len(spaces[0]) + 1)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            name = self._text(key) if isinstance(key, ScalarNode) else None
            if not isinstance(name, str) or name == "<<":
                self._problems.append((_place(key), f"a field's name must be plain text{_bracket(key)}"))
            elif not name.strip():
                self._problems.append((_place(key), "there is no field's name before the colon"))
            elif name != name.strip():
                self._problems.append(
                    (
                        _place(key),
                        "this field's name has a space in it that can't be seen; write the line anew",
                    )
                )
            elif name in data:
                hyphen = ", or is a hyphen missing before it?" if path and isinstance(path[-1], int) else ""
                self._problems.append((_place(key), f"{name} is there twice; leave one out{hyphen}"))
            else:
                self._keys[(*path, name)] = _place(key)
                data[name] = self._data(value, (*path, name))
                if data[name] is None and value.start_mark.index == value.end_mark.index:
                    self._values[(*path, name)] = _place(
                        key
                    )  # where nothing is written, the line is what to mend
        return data

    def _scalar(self, node: ScalarNode) -> Any:
        kind, text = str(node.tag or "").removeprefix(_TAG), self._text(node)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float") and len(text) <= _NUMBER_LIMIT:
            return self._number(node, kind, text.replace("_", ""))
        return text

    def _text(self, node: ScalarNode) -> str:
        """The text; what JSON writes as two halves of a character after `u` is that character."""
        text = str(node.value)
        try:
            return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._problems.append(
                (_place(node), "this holds half a character after \\u; write the character itself")
            )
            return ""

    def _number(self, node: ScalarNode, kind: str, text: str) -> Any:
        try:
            return int(text, 0) if kind == "int" else float(text)
        except ValueError:
            self._problems.append((_place(node), "this number can't be read; write it in digits"))
            return None


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _bracket(key: Node) -> str:
    if isinstance(key, MappingNode | SequenceNode):
        return "; put a text that begins with { or [ into quotes"
    return ""
