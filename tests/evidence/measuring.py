"""How many planted faults are marked, and how much that is right. `python -m tests.evidence.measuring` prints it.

People are those that the gateway itself takes out of the record, as it does for a request.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.evidence import Evidence, People, evidence_of, shipped_model
from gateway.redaction import RedactedRequest, RedactionSettings, Redactor, people_of
from tests.evidence.faults import Case, Faulty, cases, faulty_answers

QUESTION: Final = "Summarise this record for a colleague who has not seen it."
_Z: Final = 1.959964


@dataclass
class Figures:
    """For each kind of fault how many were planted and found; and of what is right how much is marked."""

    planted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    facts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    false: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sentences: int = 0
    false_sentences: int = 0
    answers: int = 0
    seen: list[str] = field(default_factory=list)


def measure(chosen: Iterable[Case]) -> Figures:
    """Everything, over these cases."""
    redactor = Redactor.load(RedactionSettings())
    figures = Figures()
    for case in chosen:
        request = {"messages": [{"role": "user", "content": f"{QUESTION}\n\n{case.record}"}]}
        redacted = redactor.redact(request)
        messages = [request["messages"][0]["content"]]
        good = _evidence(redactor, redacted, messages, case.answer)
        _count_right(figures, case, good)
        for fault in faulty_answers(case):
            figures.answers += 1
            figures.planted[fault.kind] += 1
            hit = _is_found(fault, _evidence(redactor, redacted, messages, fault.answer))
            figures.found[fault.kind] += hit
            if not hit:
                shown = " / ".join(fault.answer[max(0, start - 30) : end + 20] for start, end in fault.ranges)
                figures.seen.append(f"missed  {case.id}: {fault.kind}: {shown!r}")
    return figures


def _evidence(
    redactor: Redactor, redacted: RedactedRequest, messages: Sequence[str], answer: str
) -> Evidence:
    completion: dict[str, Any] = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}}]
    }
    added = redactor.inspector(redacted).inspect(completion).added.get("PERSON", ())
    return evidence_of(messages, [answer], People(people_of(redacted.issued), tuple(added)), shipped_model())


def _count_right(figures: Figures, case: Case, good: Evidence) -> None:
    for fact in good.facts:
        figures.facts[fact.kind] += 1
        if fact.state != "found":
            figures.false[fact.kind] += 1
            figures.seen.append(
                f"false   {case.id}: {fact.state} {fact.kind} {case.answer[fact.start : fact.end]!r}"
            )
    for one in good.sentences or ():
        figures.sentences += 1
        marked = one.passage is None or one.differs is not None
        figures.false_sentences += marked
        if marked:
            figures.seen.append(f"false   {case.id}: {one.differs} {case.answer[one.start : one.end]!r}")


def _is_found(fault: Faulty, evidence: Evidence) -> bool:
    marked = [(fact.start, fact.end) for fact in evidence.doubtful]
    marked += [(one.start, one.end) for one in evidence.sentences or () if one.passage is None or one.differs]
    return any(start < last and first < end for start, end in fault.ranges for first, last in marked)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: int, of: int) -> str:
    """`95.0 % (90.1 to 97.5)`."""
    low, high = wilson(hits, of)
    return f"{100 * hits / max(1, of):.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def table(figures: Figures) -> str:
    """As docs/evidence.md has it."""
    rows = ["| planted | answers | marked |", "|---|---|---|"]
    rows += [
        f"| {kind} | {count} | {share(figures.found[kind], count)} |"
        for kind, count in sorted(figures.planted.items())
    ]
    rows += ["", "| right, but marked | looked at | marked |", "|---|---|---|"]
    rows += [
        f"| {kind} | {count} | {share(figures.false[kind], count)} |"
        for kind, count in sorted(figures.facts.items())
    ]
    facts, false = sum(figures.facts.values()), sum(figures.false.values())
    rows += [f"| all facts | {facts} | {share(false, facts)} |"]
    rows += [f"| sentences | {figures.sentences} | {share(figures.false_sentences, figures.sentences)} |"]
    return "\n".join(rows)


if __name__ == "__main__":
    figures = measure(cases(sys.argv[1]))
    print(table(figures))
    print(figures.answers, "answers with a fault")
    if "details" in sys.argv:
        print("\n".join(figures.seen))
