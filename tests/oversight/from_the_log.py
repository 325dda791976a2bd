"""The measures worked out again from the bytes of the log alone: nothing of the gateway's is used here."""

import gzip
import json
import math
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any


def read_events(export: Path) -> list[dict[str, Any]]:
    """The events of an exported log (C2SP tlog-tiles: bundles of entries, each with its length in two bytes)."""
    size = int((export / "checkpoint").read_text().split("\n")[1])
    events = []
    for path in sorted((export / "tile" / "entries").rglob("*")):
        if path.is_file() and (path.parent.suffix != ".p" or _newest_partial(path)):
            data = path.read_bytes()
            data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            while data:
                length = int.from_bytes(data[:2], "big")
                events.append(json.loads(data[2 : 2 + length]))
                data = data[2 + length :]
    assert len(events) == size
    return events


def _newest_partial(path: Path) -> bool:
    whole = path.parent.with_suffix("")
    return not whole.exists() and int(path.name) == max(int(one.name) for one in path.parent.iterdir())


Figures = dict[str, dict[str, tuple[int, float | None]]]


class Record:
    """The events by what they tell."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self.end = events[-1]["time"]
        self.of: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for event in events:
            self.of[event["type"]].append(event)
        self.requested = self._by_advice("advice.requested")
        self.received = self._by_advice("advice.received")
        self.checks = self._by_advice("check.revealed")
        self.missed = set(self._by_advice("redaction.missed"))
        outcomes = ("advice.accepted", "advice.rejected", "advice.expired", "advice.failed")
        self.settled = {advice: event for kind in outcomes for advice, event in self._by_advice(kind).items()}
        self.first_shown: dict[tuple[str, str], str] = {}
        for event in self.of["advice.shown"]:
            self.first_shown.setdefault((event["advice"], event["to"]), event["time"])

    def _by_advice(self, kind: str) -> dict[str, dict[str, Any]]:
        return {event["advice"]: event for event in self.of[kind]}

    def application(self, advice: str) -> str:
        return str(self.requested[advice]["actor"]).removeprefix("application:")

    def seconds(self, decision: dict[str, Any]) -> float | None:
        advice = decision["advice"]
        shown = self.first_shown.get((advice, decision["actor"]))
        if shown is None and self.requested[advice]["review"]["gate"] == "use":
            shown = self.first_shown.get((advice, self.requested[advice]["actor"]))
        if shown is None:
            return None
        took = datetime.fromisoformat(decision["time"]) - datetime.fromisoformat(shown)
        return took.total_seconds()

    def late(self, decision: dict[str, Any]) -> bool:
        return bool(decision["time"] > self.received[decision["advice"]]["decide_by"])

    def reading(self, advice: str) -> float:
        answer = self.received[advice]
        words = answer["words"] + sum(len(caveat["text"].split()) for caveat in answer["caveats"])
        return float(words * 60 / 238)


def measures(events: list[dict[str, Any]], by: str) -> Figures:
    """Each measure's count and value, by group and for `all`."""
    record = Record(events)
    found: Figures = defaultdict(dict)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in record.of["decision.recorded"]:
        if one["advice"] not in record.checks:
            groups["all"].append(one)
            groups[_group(by, one, record.application(one["advice"]), one["time"])].append(one)
    for group, ones in groups.items():
        for name, figure in _of_decisions(record, ones).items():
            found[name][group] = figure
    if by != "decider":
        for group, counts in _count(record, by).items():
            for name, figure in _of_advice(counts).items():
                found[name][group] = figure
    return found


def _share(part: int, whole: int) -> tuple[int, float | None]:
    return whole, part / whole if whole else None


def _median(values: list[float]) -> tuple[int, float | None]:
    return len(values), median(values) if values else None


def _of_decisions(record: Record, ones: list[dict[str, Any]]) -> dict[str, tuple[int, float | None]]:
    answers = [_answer(one) for one in ones]
    both = list(zip(ones, answers, strict=True))
    timed = [
        (took, record.reading(one["advice"])) for one in ones if (took := record.seconds(one)) is not None
    ]
    viewed = [(one["own_view"], answer) for one, answer in both if "own_view" in one]
    differed = [answer for view, answer in viewed if view == "differs"]
    return {
        "accepted": _share(len(ones) - answers.count("reject"), len(ones)),
        "rejected": _share(answers.count("reject"), len(ones)),
        "changed": _share(answers.count("changes"), len(ones)),
        "how_much_changed": _median([one["changed"] / 1000 for one, answer in both if answer == "changes"]),
        "time_to_decide": _median([took for took, _ in timed]),
        "reading_time": _median([reading for _, reading in timed]),
        "hasty": _share(sum(took < reading / 2 for took, reading in timed), len(timed)),
        "late": _share(sum(record.late(one) for one in ones), len(ones)),
        "unsupported_accepted": _doubted(record, both),
        "own_view_differs": _share(len(differed), len(viewed)),
        "agreement": _share(sum(answer == "plain" for _, answer in viewed), len(viewed)),
        "switch": _share(differed.count("plain"), len(differed)),
        "kappa": _kappa(ones, answers),
    }


def _doubted(record: Record, both: list[tuple[dict[str, Any], str]]) -> tuple[int, float | None]:
    doubted = [answer for one, answer in both if record.received[one["advice"]].get("unsupported_facts")]
    return _share(doubted.count("plain"), len(doubted))


def _answer(decision: dict[str, Any]) -> str:
    if decision["decision"] == "reject":
        return "reject"
    return "changes" if decision["text"] else "plain"


def _count(record: Record, by: str) -> dict[str, Counter[str]]:
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for advice, event in record.requested.items():
        if advice in record.checks:
            names, time = _of_check(record.checks[advice]), record.checks[advice]["time"]
        else:
            names, time = _of_one(record, advice), event["time"]
        for group in ("all", _group(by, event, record.application(advice), time)):
            totals[group].update(names)
    for event in record.of["advice.refused"]:
        application = event["actor"].removeprefix("application:")
        for group in ("all", _group(by, event, application, event["time"])):
            totals[group].update(["refused"])
    return totals


def _of_check(revealed: dict[str, Any]) -> list[str]:
    if "caught" not in revealed:  # nobody decided on it
        return []
    names = ["checks", "caught"] if revealed["caught"] else ["checks"]
    if revealed.get("marked"):
        names += ["marked"] if revealed["caught"] else ["marked", "marked_missed"]
    return names


def _of_one(record: Record, advice: str) -> list[str]:
    names = ["requested"]
    outcome = record.settled.get(advice)
    if advice in record.received:
        names.append("received")
        if outcome is not None and outcome["type"] == "advice.expired":
            names.append("expired")
        if (record.end if outcome is None else outcome["time"]) > record.received[advice]["decide_by"]:
            names.append("overdue")
    if advice in record.missed:
        names.append("missed")
    return names


def _of_advice(counts: Counter[str]) -> dict[str, tuple[int, float | None]]:
    return {
        "overdue": _share(counts["overdue"], counts["received"]),
        "expired": _share(counts["expired"], counts["received"]),
        "missed": _share(counts["missed"], counts["requested"]),
        "refused": _share(counts["refused"], counts["requested"] + counts["refused"]),
        "caught": _share(counts["caught"], counts["checks"]),
        "marked_missed": _share(counts["marked_missed"], counts["marked"]),
    }


def _group(by: str, event: dict[str, Any], application: str, time: str) -> str:
    if by == "policy":
        return str(event["policy"]["id"])
    if by == "application":
        return application
    if by == "decider":
        return str(event["actor"]).removeprefix("person:")
    year, week, _ = datetime.fromisoformat(time).isocalendar()
    return f"{year}-W{week:02}"


def _kappa(ones: list[dict[str, Any]], answers: list[str]) -> tuple[int, float | None]:
    by_advice: dict[str, list[str]] = defaultdict(list)
    for one, answer in zip(ones, answers, strict=True):
        by_advice[one["advice"]].append(answer)
    pairs = [tuple(both) for both in by_advice.values() if len(both) == 2]
    if not pairs:
        return 0, None
    agreed = sum(first == second for first, second in pairs) / len(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(firsts[answer] * seconds[answer] for answer in firsts) / len(pairs) ** 2
    return len(pairs), None if math.isclose(chance, 1) else (agreed - chance) / (1 - chance)
