"""Parts that many policies share: refusals, caveats, lists for the redaction and rules of review, from `shared/`.

A policy names one with `shared: NAME` in the place where the part would stand. It is put there before anything else is
checked, so the policy's version holds every word of it: a change to a shared part changes each policy that names it.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, create_model

from gateway.policy.field_types import Id, Line
from gateway.policy.schema import Caveat, Redaction, Refusal, Review

SHARED: Final = "shared"
"""The folder beside the policies, and the field that names a part."""

Steps = tuple[str | int, ...]
Report = Callable[[Steps, str], None]

SharedRedaction: type[BaseModel] = create_model(
    "SharedRedaction",
    __doc__="Lists for the redaction, under a name.",
    __base__=Redaction,
    id=(Id, Field(description="The name by which policies take it up")),
)
SharedReview: type[BaseModel] = create_model(
    "SharedReview",
    __doc__="Rules of review, under a name; only those that are written are taken up.",
    __base__=Review,
    id=(Id, Field(description="The name by which policies take it up")),
)


class SharedFile(BaseModel):
    """A file of parts that policies name with `shared`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Shared parts of Countersign policies")

    id: Id = Field(description="The file's name without .yaml")
    title: Line
    refuse: tuple[Refusal, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    redaction: tuple[SharedRedaction, ...] = ()  # type: ignore[valid-type]  # made above
    review: tuple[SharedReview, ...] = ()  # type: ignore[valid-type]  # made above


@dataclass
class SharedParts:
    """The parts of all files, by kind and name, as they are written, and where each stands."""

    parts: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    files: dict[tuple[str, str], Path] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    """The files by `shared/NAME`."""

    def add(self, path: Path, data: Mapping[str, Any], source: bytes, report: Report) -> None:
        """Take up the parts of one usable file; two of one name are a problem."""
        self.sources[f"{SHARED}/{path.stem}"] = source
        for kind in ("refuse", "caveats", "redaction", "review"):
            for index, part in enumerate(data.get(kind) or ()):
                key = (kind, part["id"])
                if key in self.parts:
                    report((kind, index, "id"), f"is in {self.files[key].name} too; give it another name")
                    continue
                self.parts[key], self.files[key] = part, path

    def resolve(self, data: Any, report: Report) -> tuple[Any, set[str]]:
        """A policy's fields with every shared part in its place, and the files that it takes them from."""
        if not isinstance(data, Mapping):
            return data, set()
        used: set[str] = set()
        found = dict(data)
        for kind in ("refuse", "caveats"):
            if isinstance(data.get(kind), list):
                found[kind] = [
                    self._entry(kind, (kind, index), entry, used, report)
                    for index, entry in enumerate(data[kind])
                ]
        for kind, merge in (("redaction", _merge_lists), ("review", _merge_fields)):
            section = data.get(kind)
            if isinstance(section, Mapping) and SHARED in section:
                found[kind] = self._section(kind, section, merge, used, report)
        return found, used

    def _entry(self, kind: str, steps: Steps, entry: Any, used: set[str], report: Report) -> Any:
        if not isinstance(entry, Mapping) or SHARED not in entry:
            return entry
        part = self._named(kind, (*steps, SHARED), entry[SHARED], used, report)
        own = {name: value for name, value in entry.items() if name != SHARED}
        for name in own.keys() - {"say"}:
            report((*steps, name), "can't stand beside `shared`, where only `say` can be said otherwise")
        return {**part, **own} if part is not None else {"id": "unknown", "say": "-", "when": "true"}

    def _section(
        self,
        kind: str,
        section: Mapping[str, Any],
        merge: Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]],
        used: set[str],
        report: Report,
    ) -> dict[str, Any]:
        names = section[SHARED]
        own = {name: value for name, value in section.items() if name != SHARED}
        for index, name in enumerate(names if isinstance(names, list) else [names]):
            steps: Steps = (kind, SHARED, index) if isinstance(names, list) else (kind, SHARED)
            part = self._named(kind, steps, name, used, report)
            if part is not None:
                own = merge({field: value for field, value in part.items() if field != "id"}, own)
        return own

    def _named(
        self, kind: str, steps: Steps, name: Any, used: set[str], report: Report
    ) -> Mapping[str, Any] | None:
        part = self.parts.get((kind, name)) if isinstance(name, str) else None
        if part is None:
            known = [one for of, one in self.parts if of == kind]
            close = difflib.get_close_matches(str(name), known, 1)
            told = f"did you mean {close[0]}?" if close else f"there is: {', '.join(sorted(known)) or 'none'}"
            report(steps, f"no file of shared/ has such a part under `{kind}`; {told}")
            return None
        used.add(f"{SHARED}/{self.files[kind, name].stem}")
        return part


def _merge_lists(part: Mapping[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The policy's own entries first, so that they keep their places; what is no list is the policy's own, if it is."""
    merged = {**part, **own}
    for name, value in part.items():
        mine = own.get(name)
        if isinstance(value, list) and isinstance(mine, list):
            merged[name] = [*mine, *(one for one in value if one not in mine)]
    return merged


def _merge_fields(part: Mapping[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The policy's own fields win."""
    merged = {**part, **own}
    if isinstance(part.get("reason"), Mapping) and isinstance(own.get("reason"), Mapping):
        merged["reason"] = {**part["reason"], **own["reason"]}
    return merged
