"""Policies and prompts from their folders: every problem of every file, each at its place."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.policy.conditions import AlertCondition, Condition
from gateway.policy.errors import ConditionInvalid, PolicyInvalid, PolicyProblem
from gateway.policy.policies import Policy, PolicySet, Prompt
from gateway.policy.schema import PolicyFile, PromptFile
from gateway.policy.shared_parts import SHARED, SharedFile, SharedParts
from gateway.policy.tool_files import ToolsInvalid, ToolsOfFile, read_tools
from gateway.policy.yaml_files import MAX_FILE_BYTES, YamlDocument, YamlInvalid, read_yaml

FileModel = TypeVar("FileModel", bound=BaseModel)
Steps = tuple[str | int, ...]


@dataclass
class Found:
    """What the folders hold: the usable policies by id, the names of all files, and every problem."""

    policies: dict[str, Policy] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    problems: list[PolicyProblem] = field(default_factory=list)

    def problem(self, where: str, message: str) -> None:
        """What is wrong with a whole file, or with no file in particular."""
        self.problems.append(PolicyProblem(where, 1, 1, "", message))


def load_policies(
    policies: Path,
    prompts: Path,
    *,
    models: Collection[str] | None,
    entities: Collection[str] | None = None,
    embedders: Mapping[str, bool] | None = None,
) -> PolicySet:
    """All policies of a folder; raises PolicyInvalid with all problems. `models`: the routes there are, `entities`:
    the types that are redacted, and `embedders`: what makes embeddings, and whether it is local; all if known.
    """
    found = read_folders(policies, prompts, models, entities, embedders)
    if found.problems:
        raise PolicyInvalid(found.problems)
    return PolicySet(found.policies.values())


def read_folders(
    policies: Path,
    prompts: Path,
    models: Collection[str] | None,
    entities: Collection[str] | None = None,
    embedders: Mapping[str, bool] | None = None,
) -> Found:
    """Whatever of the two folders is usable, and all problems of the rest."""
    found = Found()
    texts, broken = _prompts(prompts, found)
    shared = _shared_parts(policies / SHARED, found)
    for path in _yaml_files(policies, (".yaml", ".yml"), found):
        if path.suffix == ".yml":
            found.problems.append(_whole(path, "policies end in .yaml; rename it"))
            continue
        found.names.add(path.stem)
        reader = _PolicyReader(path, found, entities, embedders, shared)
        policy = reader.policy(texts, broken, models)
        if policy is not None:
            found.policies[path.stem] = policy
    return found


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in suffixes)


def _yaml_files(folder: Path, suffixes: tuple[str, ...], found: Found) -> list[Path]:
    paths = _files(folder, suffixes)
    if not paths:
        found.problems.append(_whole(folder, "there is no file here that ends in .yaml"))
    return paths


def _prompts(folder: Path, found: Found) -> tuple[dict[str, Prompt], set[str]]:
    """The usable prompts, and the names of those whose problems are reported already."""
    texts: dict[str, Prompt] = {}
    names = set()
    for path in _files(folder, (".md",)):
        names.add(path.stem)
        raw = read_file(path, found)
        prompt = None if raw is None else _prompt(path, raw, found)
        if prompt is not None:
            texts[prompt.id] = prompt
    return texts, names - set(texts)


def _prompt(path: Path, raw: bytes, found: Found) -> Prompt | None:
    opening, _, rest = raw.replace(b"\r\n", b"\n").partition(b"---\n")
    front, closing, text = rest.partition(b"\n---\n")
    if opening or not closing or not text.strip():
        found.problems.append(_whole(path, "write YAML between two lines of ---, then the prompt"))
        return None
    return FileReader(path, found).prompt(front, text, raw)


def _shared_parts(folder: Path, found: Found) -> SharedParts:
    """The usable parts of the folder, which need not be there."""
    parts = SharedParts()
    for path in _files(folder, (".yaml",)) if folder.is_dir() else ():
        raw = read_file(path, found)
        reader = FileReader(path, found)
        document = None if raw is None else reader.document(raw)
        if raw is None or document is None:
            continue
        model = reader.model(SharedFile, document)
        reader.check_conditions(document)
        if model is not None and reader.named_like_file(model.id, document):
            parts.add(path, document.data, raw, reader.reporter(document))
    return parts


def place_of(path: Path, steps: Steps) -> tuple[int, int]:
    """Line and column of a field of a file, from 1; its beginning if it can't be read any more."""
    try:
        return read_yaml(path.read_bytes(), 1).place(steps)
    except (OSError, YamlInvalid):
        return 1, 1


def yaml_files_of(folder: Path, found: Found) -> list[Path]:
    """The YAML files of a folder; a problem if there is none."""
    return _yaml_files(folder, (".yaml",), found)


def read_file(path: Path, found: Found) -> bytes | None:
    """The bytes of a file that is not too large, or a problem."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        found.problems.append(_whole(path, f"can't be read ({type(error).__name__}); check its permissions"))
        return None
    if len(raw) > MAX_FILE_BYTES:
        found.problems.append(_whole(path, f"has more than {MAX_FILE_BYTES} bytes; make it smaller"))
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
            return read_yaml(raw, first_line)
        except YamlInvalid as error:
            problems = error.problems
        for (line, column), why in problems:
            self._found.problems.append(PolicyProblem(str(self._path), line, column, "", why))
        return None

    def model(self, kind: type[FileModel], document: YamlDocument) -> FileModel | None:
        """The file's fields as `kind` has them, or problems."""
        try:
            return kind.model_validate(document.data)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
        for detail in details:
            steps = detail["loc"]
            unknown = detail["type"] == "extra_forbidden"
            place = document.key_place(steps) if unknown else document.place(steps)
            self.add(
                place, steps, _advice(kind, steps) if unknown else _in_words(detail["type"], detail["msg"])
            )
        return None

    def named_like_file(self, name: str, document: YamlDocument) -> bool:
        """Whether the id is the file's name; a problem if not."""
        if name != self._path.stem:
            self.add(document.place(("id",)), ("id",), f"must be the file's name, {self._path.stem}")
        return name == self._path.stem

    def prompt(self, front: bytes, text: bytes, source: bytes) -> Prompt | None:
        """The prompt in the file, or problems."""
        document = self.document(front, first_line=2)
        model = None if document is None else self.model(PromptFile, document)
        if document is None or model is None or not self.named_like_file(model.id, document):
            return None
        try:
            return Prompt.of(model, text.decode("utf-8").strip(), source)
        except UnicodeDecodeError:
            self._found.problems.append(_whole(self._path, "the file is not UTF-8; save it as UTF-8"))
            return None

    def add(self, place: tuple[int, int], steps: Steps, message: str) -> None:
        """Note a problem at its place."""
        self._found.problems.append(PolicyProblem(str(self._path), *place, field_name(steps), message))

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


class _PolicyReader(FileReader):
    """Reads one policy, with what its fields must agree with."""

    def __init__(
        self,
        path: Path,
        found: Found,
        entities: Collection[str] | None,
        embedders: Mapping[str, bool] | None,
        shared: SharedParts,
    ) -> None:
        super().__init__(path, found)
        self._shared = shared
        self._entities = entities
        self._embedders = embedders

    def policy(
        self, prompts: Mapping[str, Prompt], broken: Collection[str], models: Collection[str] | None
    ) -> Policy | None:
        before = len(self._found.problems)
        raw = read_file(self._path, self._found)
        document = None if raw is None else self.document(raw)
        if document is None:
            return None
        data, used = self._shared.resolve(document.data, self.reporter(document))
        document = replace(document, data=data)
        self.check_conditions(document)
        definition = self.model(PolicyFile, document)
        if definition is None:
            return None
        self.named_like_file(definition.id, document)
        self._check_names(definition, document, prompts, broken, models)
        self._check_embeddings(definition, document)
        self._check_added(definition, document)
        self._check_seeding(definition, document)
        self._check_duplicates(definition, document)
        tools = self._tools(definition, document)
        if len(self._found.problems) > before or definition.prompt not in {*prompts, None}:
            return None
        prompt = None if definition.prompt is None else prompts[definition.prompt]
        sources = {"policy": raw or b""}
        if prompt is not None:
            sources["prompt"] = prompt.source
        if tools is not None:
            sources["tools"] = tools.source
        sources |= {name: self._shared.sources[name] for name in sorted(used)}
        return Policy.of(definition, prompt, None if tools is None else tools.tools, sources)

    def _tools(self, definition: PolicyFile, document: YamlDocument) -> ToolsOfFile | None:
        """The tools of the JSON file that the policy names, or problems; None where it names none."""
        if not isinstance(definition.tools, str):
            return None
        try:
            return read_tools(self._path.parent / definition.tools)
        except ToolsInvalid as error:
            self.add(document.place(("tools",)), ("tools",), f"{definition.tools} {error}")
            return None

    def _check_names(
        self,
        definition: PolicyFile,
        document: YamlDocument,
        prompts: Mapping[str, Prompt],
        broken: Collection[str],
        models: Collection[str] | None,
    ) -> None:
        if definition.prompt is not None and definition.prompt not in prompts:
            missing = "can't be used; see its own problems" if definition.prompt in broken else "is not there"
            steps: Steps = ("prompt",)
            self.add(document.place(steps), steps, f"prompts/{definition.prompt}.md {missing}")
        for index, model in enumerate(definition.models):
            if models is not None and model not in models:
                known = ", ".join(sorted(models)) or "none"
                steps = ("models", index)
                self.add(document.place(steps), steps, f"countersign.yaml has no such model; it has: {known}")

    def _check_embeddings(self, definition: PolicyFile, document: YamlDocument) -> None:
        """What is not redacted must not leave."""
        wanted, embedders = definition.embeddings, self._embedders
        if wanted is None or embedders is None:
            return
        for index, model in enumerate(wanted.models):
            steps: Steps = ("embeddings", "models", index)
            if model not in embedders:
                known = ", ".join(sorted(embedders)) or "none"
                self.add(
                    document.place(steps),
                    steps,
                    f"countersign.yaml has no such model that makes embeddings; it has: {known}",
                )
            elif not wanted.leaves and not embedders[model]:
                self.add(
                    document.place(steps),
                    steps,
                    "is a provider's, so texts leave; with `leaves: false` name one of `embedding_models`",
                )

    def _check_added(self, definition: PolicyFile, document: YamlDocument) -> None:
        """A type that is misspelt would refuse nothing, and nobody would know."""
        redaction = definition.redaction
        if redaction.refuse_added and redaction.added != "refuse":
            steps: Steps = ("redaction", "refuse_added")
            self.add(
                document.place(steps), steps, "goes with `added: refuse` only; add that, or leave it out"
            )
        for index, entity in enumerate(redaction.refuse_added):
            if self._entities is not None and entity not in self._entities:
                steps = ("redaction", "refuse_added", index)
                close = difflib.get_close_matches(entity, self._entities, 1)
                meant = f"; did you mean {close[0]}?" if close else ""
                self.add(document.place(steps), steps, f"is no type that is redacted here{meant}")

    def _check_seeding(self, definition: PolicyFile, document: YamlDocument) -> None:
        """An application must never be given what is known to be wrong."""
        review = definition.review
        if review.check_one_in is not None and review.gate != "release":
            steps: Steps = ("review", "check_one_in")
            self.add(
                document.place(steps),
                steps,
                "goes with `gate: release` only, where advice is held until it is accepted; leave it out",
            )

    def _check_duplicates(self, definition: PolicyFile, document: YamlDocument) -> None:
        lists: Iterable[tuple[str, str, list[str]]] = (
            ("refuse", "id", [rule.id for rule in definition.refuse]),
            ("caveats", "id", [rule.id for rule in definition.caveats]),
            ("alerts", "id", [alert.id for alert in definition.alerts]),
            ("examples", "name", [example.name for example in definition.examples]),
        )
        for name, key, values in lists:
            for index, value in enumerate(values):
                if value in values[:index]:
                    steps: Steps = (name, index, key)
                    self.add(document.place(steps), steps, "is there twice; give it another name")


def field_name(steps: Steps) -> str:
    """`refuse[0].when`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def _whole(path: Path, message: str) -> PolicyProblem:
    return PolicyProblem(str(path), 1, 1, "", message)


def _in_words(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing; add it"
    if kind in ("model_type", "dict_type"):
        return "must be a group of fields"
    text = message.removeprefix("Value error, ").removeprefix("Input should be ")
    return text if text == message or message.startswith("Value error") else f"must be {text}"


def _advice(kind: type[BaseModel], steps: Steps) -> str:
    """For a field that there is not: the one that was probably meant."""
    known = _fields_at(kind, steps[:-1])
    close = difflib.get_close_matches(str(steps[-1]), known, 1)
    return (
        f"there is no such field; did you mean {close[0]}?"
        if close
        else "there is no such field; leave it out"
    )


def _fields_at(kind: Any, steps: Steps) -> list[str]:
    for step in steps:
        if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[step].annotation if step in kind.model_fields else None
        elif isinstance(step, int):
            kind = next(iter(getattr(kind, "__args__", ())), None)
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []
