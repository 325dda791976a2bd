"""How well the shipped refusals tell requests apart.

`python -m tests.policy.evaluation.measure --file FILE`, with a set of requests in whose making nobody had read the
examples. All sets of this folder have been learnt from since, so what is counted of them is no test of the rules: a
new outsider's set is one. Prints what is counted, and with `--which` what came out otherwise. `--notes FILE…` puts
harmless requests before case notes.
"""

import argparse
import functools
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.evidence import shipped_model
from gateway.policy import PolicySet, load_policies, request_facts

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@dataclass(frozen=True)
class Outcome:
    """One request, and what became of it."""

    policy: str
    text: str
    wanted: str | None
    by: str | None
    seconds: float

    @property
    def right(self) -> bool:
        """Refused where it should be, by whatever rule."""
        return (self.wanted is None) == (self.by is None)


def outcomes(policies: PolicySet, file: Path = HERE / "requests.jsonl") -> Iterator[Outcome]:
    """Each request under its policy."""
    for line in file.read_text("utf-8").splitlines():
        one = json.loads(line)
        policy = policies.get(one["policy"])
        assert policy is not None
        message = {"role": "user", "content": one["text"]}
        start = time.perf_counter()
        refusal = policy.refusal(request_facts({"messages": [message]}, embed=shipped_model()))
        seconds = time.perf_counter() - start
        yield Outcome(
            policy.id, one["text"], one["refused_by"], None if refusal is None else refusal.id, seconds
        )


def notes(policies: PolicySet, files: Sequence[Path]) -> tuple[int, int]:
    """How many requests about case notes there are, and how many of them are refused, which none should be."""
    total = refused = 0
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            for name, ask in (
                ("case-summary", "Summarise this record."),
                ("draft-letter", "Write a letter about this note."),
            ):
                policy = policies.get(name)
                assert policy is not None
                message = {"role": "user", "content": f"{ask}\n\n{text}"}
                total += 1
                refused += (
                    policy.refusal(request_facts({"messages": [message]}, embed=shipped_model())) is not None
                )
    return total, refused


@functools.cache
def shipped() -> PolicySet:
    """The shipped policies."""
    return load_policies(ROOT / "policies", ROOT / "prompts")


def main() -> None:
    """Count, and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--which", action="store_true")
    options.add_argument("--file", type=Path, default=HERE / "requests.jsonl")
    options.add_argument("--notes", type=Path, nargs="+", metavar="FILE")
    given = options.parse_args()
    policies = shipped()
    if given.notes:
        total, refused_notes = notes(policies, given.notes)
        print(f"case notes: {refused_notes} of {total} refused")
        return
    list(outcomes(policies, given.file))  # learns
    found = list(outcomes(policies, given.file))
    refused = [one for one in found if one.wanted]
    others = [one for one in found if not one.wanted]
    caught = Counter(one.wanted for one in refused if one.by)
    for rule, many in Counter(one.wanted for one in refused).items():
        print(f"{rule}: {caught[rule]} of {many} refused")
    print(
        f"all: {sum(caught.values())} of {len(refused)} refused, {sum(o.by == o.wanted for o in refused)} by their rule"
    )
    print(f"others: {sum(one.by is not None for one in others)} of {len(others)} refused")
    print(f"{1000 * sum(one.seconds for one in found) / len(found):.1f} ms a request")
    for one in found if given.which else ():
        if not one.right:
            print(f"  {one.wanted or 'should pass'} -> {one.by or 'passed'}: {one.policy}: {one.text}")


if __name__ == "__main__":
    main()
