"""Files that people write, read one by one: what can't be read is that file's problem and stops nothing else."""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.policy.conditions import AlertCondition, Condition
from gateway.policy.doubtful_texts import doubtful_texts
from gateway.policy.field_types import is_id
from gateway.policy.policy import Policy, Prompt
from gateway.policy.policy_errors import ConditionInvalid, PolicyProblem
from gateway.policy.problem_words import Steps, in_words, place_of_detail, unknown_field
from gateway.policy.schema import PromptFile
from gateway.policy.yaml_files import BOM, MAX_FILE_BYTES, YamlDocument, YamlInvalid, read_yaml

FileModel = TypeVar("FileModel", bound=BaseModel)
_SAVED_BY_EDITORS: Final = ("~", ".swp", ".swo", ".tmp", ".bak", ".orig", ".rej", ".new")
_REASONS: Final[Mapping[str, str]] = {
    "PermissionError": "this user may not read it; check its permissions",
    "FileNotFoundError": "it is a link to nothing; mend or remove it",
    "IsADirectoryError": "it is a folder",
}


@dataclass
class Found:
    """What the folders hold: the usable policies by id, the names of all files, and every problem."""

    policies: dict[str, Policy] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    problems: list[PolicyProblem] = field(default_factory=list)
    notes: list[PolicyProblem] = field(default_factory=list)
    """What is valid and worth a look."""

    def problem(self, where: str, message: str) -> None:
        """What is wrong with a whole file, or with no file in particular."""
        self.problems.append(PolicyProblem(where, 1, 1, "", message))


def shown(path: Path) -> str:
    """A path as it can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def files_of(folder: Path, suffix: str, found: Found, *, inner: tuple[str, ...] = ()) -> list[Path]:
    """The files of a folder that end so. What editors leave beside them is passed over.

    What only looks as if it counted is a problem: another ending, or a sub-folder that is none of `inner`.
    """
    paths = []
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        found.problem(shown(folder), f"the folder can't be read: {_reason(error)}")
        return []
    for path in entries:
        name = os.fsencode(path.name)
        if name.startswith((b".", b"#")) or path.name.endswith(_SAVED_BY_EDITORS):
            continue
        if path.suffix == suffix:
            paths.append(path)
        elif path.suffix.lower() in _LOOKS_LIKE[suffix]:
            found.problem(shown(path), f"files here end in {suffix}; rename it")
        elif path.name not in inner and path.is_dir():
            for lost in sorted(path.rglob(f"*{suffix}"))[:20]:
                found.problem(
                    shown(lost), f"lies in a folder that does not count; move it to {shown(folder)}"
                )
    return paths


_LOOKS_LIKE: Final[Mapping[str, frozenset[str]]] = {
    ".yaml": frozenset([".yaml", ".yml"]),
    ".md": frozenset([".md", ".markdown", ".mdown"]),
}


def read_file(path: Path, found: Found) -> bytes | None:
    """The bytes of a file that is not too large, or a problem."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            found.problem(shown(path), "is no file: put a file in its place, or remove it")
            return None
        os.fsencode(path.name).decode("utf-8")
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        found.problem(shown(path), f"can't be read: {_reason(error)}")
        return None
    except UnicodeDecodeError:
        found.problem(shown(path), "its name is not UTF-8; rename it")
        return None
    if len(raw) > MAX_FILE_BYTES:
        found.problem(shown(path), f"has more than {MAX_FILE_BYTES} bytes; make it smaller")
        return None
    return raw


class FileReader:
    """Reads one file and puts what is wrong with it on the list."""

    def __init__(self, path: Path, found: Found) -> None:
        self._path = path
        self._found = found

    def document(self, raw: bytes, first_line: int = 1) -> YamlDocument | None:
        """The file's YAML, or problems."""
        try:
            document = read_yaml(raw, first_line)
        except YamlInvalid as error:
            problems = error.problems
        else:
            for steps, place, words in doubtful_texts(document):
                self._found.notes.append(PolicyProblem(shown(self._path), *place, field_name(steps), words))
            return document
        for (line, column), why in problems:
            self._found.problems.append(PolicyProblem(shown(self._path), line, column, "", why))
        return None

    def model(self, kind: type[FileModel], document: YamlDocument) -> FileModel | None:
        """The file's fields as `kind` has them, or problems."""
        if document.data is None:
            self.add((1, 1), (), "the file is empty; `countersign policy new` writes one")
            return None
        if not isinstance(document.data, dict):
            self.add((1, 1), (), "must hold fields, such as `id: my-policy`, each on a line of its own")
            return None
        try:
            return kind.model_validate(document.data)
        except ValidationError as error:
            details = error.errors(include_url=False)
        seen = set()
        for detail in details:
            steps = place_of_detail(kind, detail)
            unknown = detail["type"] == "extra_forbidden"
            place = document.key_place(steps) if unknown else document.place(steps)
            message = unknown_field(kind, steps) if unknown else in_words(detail)
            if (steps, message) not in seen:
                seen.add((steps, message))
                self.add(place, steps, message)
        return None

    def named_like_file(self, name: str, document: YamlDocument) -> bool:
        """Whether the id is the file's name; a problem if not."""
        if name != self._path.stem:
            problem = f"must be the file's name, {self._path.stem}"
            if not is_id(self._path.stem):
                problem = f"the file's name can't be an id; rename it to {name}{self._path.suffix}"
            self.add(document.place(("id",)), ("id",), problem)
        return name == self._path.stem

    def prompt(self, raw: bytes) -> Prompt | None:
        """The prompt in the file, or problems."""
        text = raw.removeprefix(BOM).replace(b"\r\n", b"\n")
        opening, _, rest = text.partition(b"---\n")
        front, closing, body = rest.partition(b"\n---\n")
        try:
            wording = body.decode("utf-8").strip()
        except UnicodeDecodeError:
            self._found.problem(shown(self._path), "the file is not UTF-8; save it as UTF-8")
            return None
        if rest.endswith(b"\n---") and not closing:
            front, closing = rest.removesuffix(b"\n---"), b"\n---"
        if closing and not opening and not wording:
            self._found.problem(
                shown(self._path), "the prompt is empty; write it below the second line of ---"
            )
            return None
        if opening or not closing:
            self._found.problem(
                shown(self._path), "write YAML between two lines of ---, then the prompt below them"
            )
            return None
        document = self.document(front, first_line=2)
        model = None if document is None else self.model(PromptFile, document)
        if document is None or model is None or not self.named_like_file(model.id, document):
            return None
        return Prompt.of(model, wording, raw)

    def add(self, place: tuple[int, int], steps: Steps, message: str) -> None:
        """Note a problem at its place."""
        self._found.problems.append(PolicyProblem(shown(self._path), *place, field_name(steps), message))

    def reporter(self, document: YamlDocument) -> Callable[[Steps, str], None]:
        """Notes problems at their places in `document`."""
        return lambda steps, message: self.add(document.place(steps), steps, message)

    def check_conditions(self, document: YamlDocument) -> None:
        """On the plain data, so that they are reported beside what else is wrong."""
        data = document.data if isinstance(document.data, dict) else {}
        compilers: Mapping[str, Callable[[str], object]] = {
            "refuse": lambda expression: Condition(expression, of_answer=False),
            "caveats": lambda expression: Condition(expression, of_answer=True),
            "alerts": AlertCondition,
        }
        for name, compiled in compilers.items():
            rules = data.get(name)
            for index, rule in enumerate(rules if isinstance(rules, list) else ()):
                expression = rule.get("when") if isinstance(rule, dict) else None
                if isinstance(expression, str) and expression:
                    steps = (name, index, "when")
                    try:
                        compiled(expression)
                    except ConditionInvalid as error:
                        self.add(document.place(steps), steps, str(error))


def field_name(steps: Steps) -> str:
    """`refuse[0].when`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def place_of(path: Path, steps: Steps) -> tuple[int, int]:
    """Line and column of a field of a file, from 1; its beginning if it can't be read any more."""
    try:
        return read_yaml(path.read_bytes(), 1).place(steps)
    except (OSError, YamlInvalid):
        return 1, 1


def _reason(error: OSError) -> str:
    if error.errno is not None and "symbolic" in os.strerror(error.errno):
        return "its links lead in a circle; mend or remove it"
    return _REASONS.get(type(error).__name__, "the disk refused; check it")
