"""Random policies, made from the JSON Schema or by damaging a whole one, load or are refused in plain words.

`COUNTERSIGN_TEST_EXAMPLES=5000` tries more of them.
"""

import copy
import functools
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.policy import (
    AnswerFacts,
    Found,
    KnownNames,
    policy_of_words,
    policy_schema,
    read_folders,
    request_facts,
    weakened,
)
from tests.policy.conftest import PROMPT
from tests.policy.test_broken_files import WHOLE, check_words

EXAMPLES = int(os.environ.get("COUNTERSIGN_TEST_EXAMPLES", "60"))
MANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SCHEMA: dict[str, Any] = json.loads(policy_schema())
CONDITIONS = (
    "true",
    'request.text.contains("a")',
    '"PERSON" in request.entities',
    '"DATE_TIME" in answer.entities',
    "size(answer.added) > 0",
    "decisions.hasty > 0.5",
    "request.asked.exists(one, one.size() > 3)",
    "request.text",
    "(",
)
LIKELY: dict[str, tuple[Any, ...]] = {
    "id": ("whole", "a-rule", "another"),
    "models": (["default"], ["default", "default"], ["other"]),
    "prompt": ("plain", "gone"),
    "applications": (["casebook"], ["*"], ["*", "casebook"]),
    "when": CONDITIONS,
    "shared": ("a-part",),
    "decide_within": ("2d", "12h", "0s"),
    "refused_by": ("a-rule",),
}
"""Values with which more of a policy is read than with random ones."""
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


def by_schema(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows, as far as it says."""
    if "$ref" in schema:
        return of_definition(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return st.one_of(*map(by_schema, schema["anyOf"]))
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        needed = {name: by_name(name, schema["properties"][name]) for name in schema.get("required", ())}
        others = {
            name: by_name(name, one) for name, one in schema["properties"].items() if name not in needed
        }
        return st.fixed_dictionaries(needed, optional=others)
    if kind == "array":
        return st.lists(by_schema(schema.get("items", {})), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "string" and "pattern" in schema:
        return st.from_regex(re.compile(schema["pattern"]), fullmatch=True)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        "string": st.text(min_size=schema.get("minLength", 0), max_size=20),
        "integer": st.integers(schema.get("minimum", 0), schema.get("maximum", 10**9)),
        "number": st.floats(0, 1000),
        "boolean": st.booleans(),
        "null": st.none(),
        "object": st.dictionaries(st.text(max_size=8), JUNK, max_size=2),
    }
    return plain.get(kind, JUNK)


def by_name(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    likely = LIKELY.get(name)
    return by_schema(schema) if likely is None else st.sampled_from(likely) | by_schema(schema)


@functools.cache
def of_definition(name: str) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: by_schema(SCHEMA["$defs"][name]))


@st.composite
def damaged(draw: st.DrawFn, base: st.SearchStrategy[Any]) -> Any:
    """With something of another kind in one place."""
    value = copy.deepcopy(draw(base))  # what is drawn from a list of likely values is that list's
    place, holder = value, None
    key: Any = None
    while isinstance(place, dict | list) and place and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        holder, place = place, place[key]
    if holder is not None:
        holder[key] = draw(JUNK)
    return value


POLICIES = by_schema(SCHEMA)


def read(text: bytes) -> Found:
    with tempfile.TemporaryDirectory() as name:
        policies, prompts = Path(name, "policies"), Path(name, "prompts")
        policies.mkdir()
        prompts.mkdir()
        (policies / "whole.yaml").write_bytes(text)
        (prompts / "plain.md").write_text(PROMPT)
        return read_folders(
            policies,
            prompts,
            KnownNames(
                ("default",),
                frozenset(["PERSON", "UK_NINO"]),
                {"vectors": True, "default": False},
                {"default": False},
            ),
        )


def check(found: Found) -> None:
    """Loaded or refused; what is loaded can be kept, read again and asked."""
    assert bool(found.policies) != bool(found.problems)
    check_words(found)
    for policy in found.policies.values():
        assert policy_of_words(policy.words).version == policy.version
        facts = request_facts({"messages": [{"role": "user", "content": "What is it?"}]}, ("PERSON",))
        policy.refusal(facts)
        policy.caveats_for(facts, AnswerFacts("It is this.", ("PERSON",)))
        assert weakened(policy, policy) == []


@MANY
@given(POLICIES)
def test_a_random_policy_loads_or_is_refused_in_plain_words(policy: Any) -> None:
    check(read(json.dumps(policy).encode()))


@MANY
@given(damaged(POLICIES))
def test_a_damaged_policy_is_refused_in_plain_words(policy: Any) -> None:
    check(read(json.dumps(policy).encode()))


@MANY
@given(st.data())
def test_a_text_with_changed_lines_loads_or_is_refused_in_plain_words(data: st.DataObject) -> None:
    lines = WHOLE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        at = data.draw(st.integers(0, len(lines[place])))
        change = data.draw(st.sampled_from(("cut", "insert", "remove", "twice", "swap", "indent")))
        signs = data.draw(
            st.text(st.sampled_from("\t:-[]{}#&*!|>'\"%@`, \\?\u00a0\u201c\ufeff0a\n"), max_size=3)
        )
        if change == "cut":
            lines[place] = lines[place][:at]
        elif change == "insert":
            lines[place] = lines[place][:at] + signs + lines[place][at:]
        elif change == "indent":
            lines[place] = f" {lines[place]}" if at % 2 else lines[place][1:]
        elif change == "twice":
            lines.insert(place, lines[place])
        elif change == "swap":
            lines[place], lines[-1 - place] = lines[-1 - place], lines[place]
        elif len(lines) > 1:
            del lines[place]
    check(read("\n".join(lines).encode()))
