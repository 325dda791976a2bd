"""A policy in a line for each of its sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.policy.differences import ENTRIES, flat_fields
from gateway.policy.policy import Policy

_ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "review": ("gate", "deciders"),
    "retention": ("content", "pseudonyms"),
}
"""What is worth a word at its default, too."""


@dataclass(frozen=True)
class SectionSummary:
    """One field of the file, with what it says in short."""

    field: str
    """The field; `words` for the prompt's text."""
    count: int | None
    """Entries of a list of rules or examples, words of the prompt; None for anything else."""
    text: str
    """Ids of rules, or what the field says."""


def summary(policy: Policy) -> list[SectionSummary]:
    """Each section that says something, in the order of the file; most of what is at its default is left out."""
    given = policy.model_dump(mode="json", exclude_defaults=True)
    whole = policy.model_dump(mode="json")
    for section, names in _ALWAYS.items():
        given[section] = {**{name: whole[section][name] for name in names}, **given.get(section, {})}
    found = [
        SectionSummary(field, len(given[field]), ", ".join(one["id"] for one in given[field] if "id" in one))
        if field in ENTRIES
        else SectionSummary(field, None, _in_short(given[field]))
        for field in whole
        if given.get(field)
    ]
    if policy.prompt_text:
        found.append(SectionSummary("words", len(policy.prompt_text.split()), ""))
    return found


def _in_short(value: Any) -> str:
    said = [(name, text.replace("\n", ", ")) for name, text in flat_fields(value)]
    return "; ".join(f"{name} {text}" if name else text for name, text in said)
