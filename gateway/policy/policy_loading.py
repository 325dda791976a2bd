"""Policies and prompts from their folders: every problem of every file, each at its place."""

from dataclasses import replace
from pathlib import Path

from gateway.policy.file_reading import FileReader, Found, files_of, read_file, shown
from gateway.policy.plain_data import KnownNames
from gateway.policy.policy import Policy, PolicySet, Prompt
from gateway.policy.policy_checks import check_policy
from gateway.policy.policy_errors import PolicyInvalid
from gateway.policy.schema import PolicyFile
from gateway.policy.shared_parts import SHARED, SharedFile, SharedParts
from gateway.policy.tool_files import ToolsInvalid, ToolsOfFile, read_tools
from gateway.policy.yaml_files import YamlDocument


def load_policies(policies: Path, prompts: Path, known: KnownNames | None = None) -> PolicySet:
    """All policies of a folder; raises PolicyInvalid with all problems. `known`: what they may name, if it is known."""
    found = read_folders(policies, prompts, known)
    if found.problems:
        raise PolicyInvalid(found.problems)
    return PolicySet(found.policies.values())


def read_folders(policies: Path, prompts: Path, known: KnownNames | None = None) -> Found:
    """Whatever of the two folders is usable, and all problems of the rest."""
    found = Found()
    texts, broken = _prompts(prompts, found)
    shared = _shared_parts(policies / SHARED, found)
    known = replace(known or KnownNames(), prompts=texts, broken_prompts=broken)
    for path in yaml_files_of(policies, found, inner=(SHARED,)):
        found.names.add(path.stem)
        policy = _PolicyReader(path, found, shared).policy(known)
        if policy is not None:
            found.policies[path.stem] = policy
    return found


def yaml_files_of(folder: Path, found: Found, *, inner: tuple[str, ...] = ()) -> list[Path]:
    """The YAML files of a folder; a problem if there is none."""
    before = len(found.problems)
    paths = files_of(folder, ".yaml", found, inner=inner)
    if not paths and len(found.problems) == before:
        found.problem(shown(folder), "there is no file here that ends in .yaml")
    return paths


def _prompts(folder: Path, found: Found) -> tuple[dict[str, Prompt], set[str]]:
    """The usable prompts, and the names of those whose problems are reported already."""
    texts: dict[str, Prompt] = {}
    names = set()
    for path in files_of(folder, ".md", found) if folder.is_dir() else ():
        names.add(path.stem)
        raw = read_file(path, found)
        prompt = None if raw is None else FileReader(path, found).prompt(raw)
        if prompt is not None:
            texts[prompt.id] = prompt
    return texts, names - set(texts)


def _shared_parts(folder: Path, found: Found) -> SharedParts:
    """The usable parts of the folder, which need not be there."""
    parts = SharedParts()
    for path in files_of(folder, ".yaml", found) if folder.is_dir() else ():
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


class _PolicyReader(FileReader):
    """Reads one policy, with what its fields must agree with."""

    def __init__(self, path: Path, found: Found, shared: SharedParts) -> None:
        super().__init__(path, found)
        self._shared = shared

    def policy(self, known: KnownNames) -> Policy | None:
        """The policy, or problems: every one that can be told from this file as it is."""
        before = len(self._found.problems)
        raw = read_file(self._path, self._found)
        document = None if raw is None else self.document(raw)
        if raw is None or document is None:
            return None
        data, used = self._shared.resolve(document.data, self.reporter(document))
        document = replace(document, data=data)
        self.check_conditions(document)
        definition = self.model(PolicyFile, document)
        if isinstance(data, dict):
            check_policy(data, known, self.reporter(document))
            tools = self._tools(data.get("tools"), document)
        if definition is not None:
            self.named_like_file(definition.id, document)
        if definition is None or len(self._found.problems) > before:
            return None
        prompt = None if definition.prompt is None else known.prompts[definition.prompt]
        sources = {"policy": raw}
        if prompt is not None:
            sources["prompt"] = prompt.source
        if tools is not None:
            sources["tools"] = tools.source
        sources |= {name: self._shared.sources[name] for name in sorted(used)}
        return Policy.of(definition, prompt, None if tools is None else tools.tools, sources)

    def _tools(self, named: object, document: YamlDocument) -> ToolsOfFile | None:
        """The tools of the JSON file that the policy names, or problems; None where it names none."""
        if not isinstance(named, str) or not named.endswith(".json"):
            return None
        try:
            return read_tools(self._path.parent / named)
        except ToolsInvalid as error:
            self.add(document.place(("tools",)), ("tools",), f"{named} {error}")
            return None
