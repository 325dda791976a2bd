"""What a change of a policy changes, field by field, in the words of its file."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.policy.file_reading import field_name
from gateway.policy.policy import Policy
from gateway.policy.problem_words import Steps
from gateway.policy.schema import PolicyFile

_NAMES: Final = ("id", "name")
"""What tells the entries of a list apart: caveats have an id, examples a name."""
ENTRIES: Final = ("refuse", "caveats", "alerts", "examples")
"""Lists of entries that have such a name."""


@dataclass(frozen=True)
class Difference:
    """One field, such as `caveats.check-dates.say`, or a whole entry, such as `caveats.check-dates`; None where it was
    not, or is no longer.
    """

    field: str
    before: str | None
    after: str | None
    is_list: bool = False
    """Whether each line is an item of a list."""

    @property
    def removed(self) -> list[str]:
        """Items of a list that are there no longer."""
        return _without(self.before, self.after)

    @property
    def added(self) -> list[str]:
        """Items of a list that were not there."""
        return _without(self.after, self.before)


def differences(before: Policy, after: Policy) -> list[Difference]:
    """All of them, in the order of the file; the prompt's text comes last.

    Of a list of entries, one that is new or gone is one difference; another order of the rest is one too.
    """
    old, new = _fields(before), _fields(after)
    entries = {section: (_entries_of(before, section), _entries_of(after, section)) for section in ENTRIES}
    found: dict[Steps, Difference] = {}
    for steps in dict.fromkeys([*old, *new]):
        was, now = old.get(steps), new.get(steps)
        either = was or now
        if was == now or either is None:
            continue
        section = str(steps[0])
        some, others = entries.get(section, ({}, {}))
        if section not in entries:
            found[steps] = _difference(steps, was, now)
        elif len(steps) == 1:
            continue  # an empty list is told by the entries that the other has
        elif (name := str(steps[1])) in some and name in others:
            found[steps] = _difference(steps, was, now)
        else:
            found[steps[:2]] = Difference(field_name(steps[:2]), some.get(name), others.get(name))
    for section, (some, others) in entries.items():
        was_order, order = (
            [name for name in names if name in some and name in others] for names in (some, others)
        )
        if was_order != order:
            found[section,] = Difference(section, "\n".join(was_order), "\n".join(order), is_list=True)
    place = {section: number for number, section in enumerate(PolicyFile.model_fields)}
    return [found[steps] for steps in sorted(found, key=lambda steps: place.get(str(steps[0]), len(place)))]


def _difference(steps: Steps, was: "_Value | None", now: "_Value | None") -> Difference:
    is_list = any(one is not None and one.is_list for one in (was, now))
    return Difference(
        field_name(steps), None if was is None else was.text, None if now is None else now.text, is_list
    )


def contents(policy: Policy) -> list[Difference]:
    """Every field of a policy, as if there had been nothing before."""
    return [
        Difference(field_name(steps), None, one.text, one.is_list) for steps, one in _fields(policy).items()
    ]


def defaults_of(policy: Policy) -> list[tuple[str, str]]:
    """The fields at their default, with the value; not those of the entries of lists, nor what is empty."""
    sections, changed = (
        dict(flat_fields({name: one for name, one in dumped.items() if not _entries(one)}))
        for dumped in (
            policy.model_dump(mode="json"),
            policy.model_dump(mode="json", exclude_defaults=True),
        )
    )
    return [(name, value) for name, value in sections.items() if value and name not in changed]


def flat_fields(data: Any) -> Iterator[tuple[str, str]]:
    """Each field of plain data with what it says, items of lists on lines of their own."""
    return ((field_name(steps), one.text) for steps, one in _flat((), data))


@dataclass(frozen=True)
class _Value:
    text: str
    is_list: bool = False


def _entries(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _fields(policy: Policy) -> dict[Steps, _Value]:
    found = dict(_flat((), policy.model_dump(mode="json")))
    defined = [tool for tool in policy.declared_tools if not isinstance(tool, str)]
    if defined:
        found["tools' definitions",] = _Value(json.dumps(defined, indent=2, ensure_ascii=False))
    return {**found, ("prompt's text",): _Value(policy.prompt_text)}


def _flat(steps: Steps, value: Any) -> Iterator[tuple[Steps, _Value]]:
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _flat((*steps, name), one)
    elif _entries(value):
        for index, one in enumerate(value):
            yield from _flat((*steps, _name_of(one, index)), one)
    elif isinstance(value, list):
        yield steps, _Value("\n".join(map(str, value)), is_list=True)
    elif value is not None:
        yield steps, _Value(str(value).lower() if isinstance(value, bool) else str(value))


def _name_of(entry: Mapping[str, Any], index: int) -> str | int:
    return next((entry[key] for key in _NAMES if key in entry), index)


def _entries_of(policy: Policy, section: str) -> dict[str, str]:
    """What each says beside its name, a line for each field and each item of a list; what is at its default is left
    out.
    """
    dumped = policy.model_dump(mode="json", include={section}, exclude_defaults=True).get(section, ())
    found = {}
    for index, entry in enumerate(dumped):
        said = flat_fields({key: value for key, value in entry.items() if key not in _NAMES})
        lines = [f"{field}: {line}" for field, text in said for line in text.split("\n")]
        found[str(_name_of(entry, index))] = "\n".join(lines)
    return found


def _without(some: str | None, others: str | None) -> list[str]:
    """The lines of one that the other has not, in their order."""
    left = Counter((others or "").splitlines())
    found = []
    for line in (some or "").splitlines():
        if left[line]:
            left[line] -= 1
        else:
            found.append(line)
    return found
