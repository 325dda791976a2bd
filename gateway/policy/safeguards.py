"""Whether a change of a policy weakens a safeguard: field by field, by a rule for each.

Where a machine can't tell whether another wording is weaker (a condition, the words of a caveat), it counts as weaker.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gateway.money import Money
from gateway.policy.limits import Quota
from gateway.policy.policy import EVERY_APPLICATION, Policy
from gateway.policy.schema import Caveat
from gateway.policy.stages import Pilot

Weaker = Callable[[Any, Any], bool]
"""Of a field's value before and after."""


def _no(before: Any, after: Any) -> bool:
    """It guards nothing."""
    return False


def _changed(before: Any, after: Any) -> bool:
    return bool(before != after)


def _more(before: Any, after: Any) -> bool:
    return bool(set(after or ()) - set(before or ()))


def _fewer(before: Any, after: Any) -> bool:
    return _more(after, before)


def _larger(before: Any, after: Any) -> bool:
    return bool(after > before)


def _smaller(before: Any, after: Any) -> bool:
    return bool(after < before)


def _raised(before: Any, after: Any) -> bool:
    """None is no limit; another currency can't be compared."""
    if isinstance(before, Money) and isinstance(after, Money):
        return before.currency != after.currency or after.micro > before.micro
    return before is not None and (after is None or after > before)


def _dropped(before: Any, after: Any) -> bool:
    """No longer there, or another one."""
    return before is not None and before != after


def _off(before: Any, after: Any) -> bool:
    return bool(before and not after)


def _rarer(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)


def _earlier_in(*order: object) -> Weaker:
    """Weaker the earlier it stands in `order`."""
    return lambda before, after: order.index(after) < order.index(before)


def _applications(before: Sequence[str], after: Sequence[str]) -> bool:
    return EVERY_APPLICATION not in before and _more(before, after)


def _types_refused(before: Sequence[str], after: Sequence[str]) -> bool:
    """None named is every type."""
    return bool(after) and (not before or _fewer(before, after))


def _words(before: str, after: str) -> bool:
    """What was said is no longer all said."""
    return " ".join(before.split()) not in " ".join(after.split())


_FIELDS: Final[Mapping[str, Weaker]] = {
    "id": _no,
    "title": _no,
    "purpose": _no,
    "owner": _no,
    "contact": _no,
    "stage": _earlier_in("scale", "pilot", "scan"),
    "applications": _applications,
    "models": _more,
    "residency": _dropped,
    "prompt": lambda before, after: before is not None and after is None,
    "prompt_place": _earlier_in("before", "after"),
    "caveats_inline": _off,
    "examples": _no,
}
_QUOTA: Final = dict.fromkeys(Quota.model_fields, _raised)
_SECTIONS: Final[Mapping[str, Mapping[str, Weaker]]] = {
    "redaction": {
        "redact": _fewer,
        "keep": _more,
        "scripts": _more,
        "added": _earlier_in("mark", "mask", "refuse"),
        "refuse_added": _types_refused,
    },
    "review": {
        "gate": _earlier_in("use", "release"),
        "deciders": _smaller,
        "not_the_requester": _off,
        "view_first": _off,
        "shown_first": _off,
        "reason.accept": _earlier_in("none", "optional", "required"),
        "reason.reject": _earlier_in("none", "optional", "required"),
        "signature": _earlier_in("none", "passkey"),
        "confirm_facts": _off,
        "tools": _fewer,
        "decide_within": _larger,
        "check_one_in": _rarer,
        "max_overdue": _larger,
    },
    "retention": {
        "content": _smaller,
        "pseudonyms": _smaller,
    },
    "limits": {
        **_QUOTA,
        **{
            f"{whose}.{field}": rule
            for whose in ("together", "each_person")
            for field, rule in _QUOTA.items()
        },
        "answer_tokens": _smaller,
        "warn_at": _larger,
    },
}
_ENTRIES: Final[Mapping[str, Mapping[str, Weaker]]] = {
    "refuse": {
        "id": _no,
        "when": lambda before, after: before is not None and before != after,
        "like": _fewer,
        "unlike": _more,
        "say": _no,
    },
    "caveats": {
        "id": _no,
        "say": _words,
        "confirm": _off,
    },
    "alerts": {"id": _no, "over": _changed, "when": _changed, "say": _no},
}
"""Lists whose entries have ids: one that is gone is a safeguard less, one that is new is none."""
_ATTACHED: Final[Mapping[str, Weaker]] = {
    "when": lambda before, after: before is not None and before != after,
    "when_like": _fewer,
    "when_unlike": _more,
}
"""Of a caveat that does not always go with the answer."""
_EMBEDDINGS: Final[Mapping[str, Weaker]] = {
    "models": _more,
    "leaves": lambda before, after: _off(after, before),
}
_TRANSCRIPTIONS: Final[Mapping[str, Weaker]] = {"models": _more, "leaves": _no}
_PILOT: Final[Mapping[str, Weaker]] = {"until": _larger}
_SCALE: Final[Mapping[str, Weaker]] = {
    "decisions_at_least": _smaller,
    "rejected_at_least": _smaller,
    "checks_at_least": _smaller,
    "caught_at_least": _smaller,
    "overdue_at_most": _larger,
    "unsupported_accepted_at_most": _larger,
}
CLASSED: Final = frozenset(
    [
        *_FIELDS,
        "tools",
        *(f"{name}.{field}" for name, rules in _SECTIONS.items() for field in rules),
        *(f"{name}.{field}" for name, rules in _ENTRIES.items() for field in rules),
        *(f"embeddings.{field}" for field in _EMBEDDINGS),
        *(f"transcriptions.{field}" for field in _TRANSCRIPTIONS),
        *(f"caveats.{field}" for field in _ATTACHED),
        *("scan.people", "pilot.people", "pilot.share", *(f"pilot.{field}" for field in _PILOT)),
        *(f"scale.{field}" for field in _SCALE),
    ]
)
"""Every field of a policy. One that is not here has no class, which a test finds."""


def weakened(before: Policy, after: Policy) -> list[str]:
    """The fields in which `after` guards less than `before`, such as `review.deciders` or `caveats.check-dates`."""
    found = _weaker(before, after, _FIELDS)
    for name, rules in _SECTIONS.items():
        found += [f"{name}.{field}" for field in _weaker(getattr(before, name), getattr(after, name), rules)]
    for name, rules in _ENTRIES.items():
        kept = {entry.id: entry for entry in getattr(after, name)}
        for entry in getattr(before, name):
            now = kept.get(entry.id)
            if now is None:
                found.append(f"{name}.{entry.id}")
                continue
            found += [f"{name}.{entry.id}.{field}" for field in _weaker(entry, now, rules)]
            if isinstance(now, Caveat) and not now.always:
                found += [f"{name}.{entry.id}.{field}" for field in _attached_less(entry, now)]
    if any(tool not in before.declared_tools for tool in after.declared_tools):
        found.append("tools")
    if before.stage == after.stage:  # of another stage another section counts
        found += _stage(before, after)
    for name, rules in (("embeddings", _EMBEDDINGS), ("transcriptions", _TRANSCRIPTIONS)):
        found += _allowed(name, getattr(before, name), getattr(after, name), rules)
    return found


def _stage(before: Policy, after: Policy) -> list[str]:
    found = ["scan.people"] if _more(before.scan.people, after.scan.people) else []
    found += _pilot(before.pilot, after.pilot)
    if before.scale is not None:
        found += _of_section("scale", before.scale, after.scale, _SCALE)
    return found


def _pilot(before: Pilot | None, after: Pilot | None) -> list[str]:
    """Who takes part: everybody, where nobody is named and no share."""
    if before is None:
        return []
    if after is None:
        return ["pilot"]
    found = []
    if not before.for_everybody:
        if after.for_everybody:
            found.append("pilot.share" if before.share is not None else "pilot.people")
        else:
            found += [name for name, more in _who_more(before, after) if more]
    return found + [f"pilot.{field}" for field in _weaker(before, after, _PILOT)]


def _who_more(before: Pilot, after: Pilot) -> list[tuple[str, bool]]:
    return [
        ("pilot.people", _more(before.people, after.people)),
        ("pilot.share", (after.share or 0) > (before.share or 0)),
    ]


def _of_section(name: str, before: object, after: object, rules: Mapping[str, Weaker]) -> list[str]:
    """A section that may be missing: without it nothing is guarded."""
    return [name] if after is None else [f"{name}.{field}" for field in _weaker(before, after, rules)]


def _attached_less(before: Caveat, after: Caveat) -> list[str]:
    """What of a caveat's conditions may hold less often; `after` has some."""
    if before.always:
        return [name for name in ("when", "when_like") if getattr(after, name)][:1]
    return _weaker(before, after, _ATTACHED)


def _allowed(name: str, before: object, after: object, rules: Mapping[str, Weaker]) -> list[str]:
    """Of a section without which the policy does not take such requests at all."""
    if after is None:
        return []
    if before is None:
        return [name]
    return [f"{name}.{field}" for field in _weaker(before, after, rules)]


def _weaker(before: object, after: object, rules: Mapping[str, Weaker]) -> list[str]:
    return [name for name, weaker in rules.items() if weaker(_value(before, name), _value(after, name))]


def _value(of: object, name: str) -> Any:
    value: Any = of
    for step in name.split("."):
        value = getattr(value, step)
    return value
