"""What a change of a policy changes, field by field, in the words of its file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from gateway.policy.file_reading import field_name
from gateway.policy.policy import Policy

_NAMES: Final = ("id", "name")
"""What tells the entries of a list apart: caveats have an id, examples a name."""


@dataclass(frozen=True)
class Difference:
    """One field, such as `caveats.check-dates.say`; None where it was not, or is no longer."""

    field: str
    before: str | None
    after: str | None


def differences(before: Policy, after: Policy) -> list[Difference]:
    """All of them, in the order of the file; the prompt's text comes last."""
    old, new = _fields(before), _fields(after)
    names = [*new, *(name for name in old if name not in new)]
    order = {name: place for place, name in enumerate([*old, *(name for name in new if name not in old)])}
    return [
        Difference(name, old.get(name), new.get(name))
        for name in sorted(names, key=order.__getitem__)
        if old.get(name) != new.get(name)
    ]


def contents(policy: Policy) -> list[Difference]:
    """Every field of a policy, as if there had been nothing before."""
    return [Difference(name, None, value) for name, value in _fields(policy).items()]


def defaults_of(policy: Policy) -> list[tuple[str, str]]:
    """The fields at their default, with the value; not those of the entries of lists, nor what is empty."""
    sections, changed = (
        dict(_flat((), {name: one for name, one in dumped.items() if not _entries(one)}))
        for dumped in (
            policy.model_dump(mode="json"),
            policy.model_dump(mode="json", exclude_defaults=True),
        )
    )
    return [(name, value) for name, value in sections.items() if value and name not in changed]


def _entries(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _fields(policy: Policy) -> dict[str, str]:
    found = dict(_flat((), policy.model_dump(mode="json")))
    defined = [tool for tool in policy.declared_tools if not isinstance(tool, str)]
    if defined:
        found["tools' definitions"] = json.dumps(defined, indent=2, ensure_ascii=False)
    return {**found, "prompt's text": policy.prompt_text}


def _flat(steps: tuple[str | int, ...], value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _flat((*steps, name), one)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, one in enumerate(value):
            name = next((one[key] for key in _NAMES if key in one), index)
            yield from _flat((*steps, name), one)
    elif isinstance(value, list):
        yield field_name(steps), "\n".join(map(str, value))
    elif value is not None:
        yield field_name(steps), str(value).lower() if isinstance(value, bool) else str(value)
