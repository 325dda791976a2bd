"""Deciders of known diligence decide on advice through the API, and the measures are asked whether they tell.

python -m tests.bench.deciders [PIECES]    (1,000 by default, a quarter for each kind of decider)

Each kind decides under a policy of its own. One answer in three has a wrong fact, and about one in eight is a seeded
check. The log's clock is moved by hand, so that nobody waits while somebody is said to read. For each measure it then
prints its value for each kind, and after how many decisions its interval is apart from that of those who read all.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np

from gateway.commands.demo_texts import LETTER, DemoText, writings
from gateway.oversight import Decisions
from gateway.oversight.decision_columns import DecisionColumns
from gateway.oversight.definitions import DECISION_MEASURES, Sample
from gateway.oversight.statistics import share_interval
from gateway.redaction import RedactionSettings
from tests.bench.diligence import KINDS, Diligence
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

SEED: Final = 20261129
_FAULTY: Final = 1 / 3
_CHECK_ONE_IN: Final = 8
_SIZES: Final = (10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250)
_DRAWS: Final = 200
_SURE: Final = 0.95
_POLICY: Final = """
id: {id}
title: {id}
purpose: Measure deciders of known diligence.
owner: Tests
stage: pilot
applications: [casebook]
models: [default]
prompt: plain
review:
  gate: release
  view_first: true
  check_one_in: {one_in}
  decide_within: 5d
limits: {{requests_per_minute: 30000, tokens_per_day: 500000000}}
alerts:
  - id: rubber-stamp
    over: 20
    when: decisions.accepted > 0.95 && decisions.hasty > 0.5
    say: Nearly everything is accepted faster than it can be read.
"""
_CHECK: Final = """
id: {id}
policy: {policy}
ask: {ask}
answer: {answer}
plant: [date, sum]
"""


class Clock:
    """The log's clock, moved by hand; it begins now, since the gateway compares some times with its own."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Trial:
    """A gateway with a policy for each kind of decider, and what each has decided on."""

    site: GatewayServer
    provider: ProviderServer
    clock: Clock
    draw: random.Random
    letters: list[DemoText]
    asked: dict[str, DemoText] = field(default_factory=dict)

    def play(self, kind: Diligence, pieces: int) -> None:
        """So many pieces of advice, with the checks that come between, all decided on by this kind."""
        with self.site.client() as application, self.site.client("ben") as person:
            for _ in range(pieces):
                writing = self.draw.choice(self.letters)
                if self.draw.random() < _FAULTY:
                    writing = writing.with_faults(1, self.draw)
                self.provider.answer = writing.answer
                body = {"model": kind.name, "messages": [{"role": "user", "content": writing.asked}]}
                answer = application.post("/v1/chat/completions", json=body)
                assert answer.status_code == 202, answer.text
                self.asked[answer.headers["x-advice-id"]] = writing
                self._decide_all(kind, person)
            wait_for(lambda: not self._under_way(kind))
            self._decide_all(kind, person)

    def _under_way(self, kind: Diligence) -> bool:
        with self.site.client() as client:
            found = client.get("/v1/advice", params={"policy": kind.name, "status": "requested"}).json()
        return bool(found["data"])

    def _decide_all(self, kind: Diligence, person: httpx.Client) -> None:
        wanted = {"policy": kind.name, "status": "pending", "limit": 100}
        for entry in person.get("/v1/advice", params=wanted).json()["data"]:
            self._decide(kind, person, entry["id"])

    def _decide(self, kind: Diligence, person: httpx.Client, advice: str) -> None:
        path = f"/v1/advice/{advice}"
        self.clock.forward(self.draw.uniform(30, 300))
        assert person.post(f"{path}/view", json={"view": "I read the note first."}).status_code == 201
        shown = person.get(path).json()
        text = shown["completion"]["choices"][0]["message"]["content"]
        words = len(text.split()) + sum(
            len(one["text"].split()) for one in shown["decision_support"]["caveats"]
        )
        self.clock.forward(words * 60 / 238 * self.draw.uniform(*kind.reads))
        said = self._said(kind, advice)
        answer = person.post(f"{path}/decisions", json=said)
        assert answer.status_code == 201, answer.text

    def _said(self, kind: Diligence, advice: str) -> dict[str, Any]:
        writing = self.asked.get(advice)  # what nobody asked for is a check, and wrong
        wrong = writing is None or bool(writing.wrong)
        if not (self.draw.random() < (kind.sees if wrong else kind.rejects_good)):
            agrees = self.draw.random() < kind.agrees
            return {"decision": "accept", "own_view": "agrees" if agrees else "differs"}
        if writing is not None and wrong and self.draw.random() < 0.5:
            return {"decision": "accept", "own_view": "differs", "amendment": writing.corrected}
        return {"decision": "reject", "own_view": "differs", "reason": "It is not what the note says."}


@contextmanager
def trial(folder: Path) -> Iterator[Trial]:
    """A gateway of its own in `folder`; without the name model, since names are not what is measured."""
    draw = random.Random(SEED)
    cases = writings(20, datetime(2026, 11, 2, tzinfo=UTC), draw)
    letters = [one for case in cases for one in case if one.policy == LETTER]
    folders = _write(folder, letters)
    clock = Clock()
    with ProviderServer() as provider:
        redaction = RedactionSettings(name_model=None)
        settings = {**folders, "redaction": redaction, "checks_within_minutes": 0}
        with GatewayServer(folder / "data", provider, clock=clock, **settings) as site:
            yield Trial(site, provider, clock, draw, letters)


def _write(folder: Path, letters: list[DemoText]) -> dict[str, Path]:
    folders = {name: folder / name for name in ("policies", "prompts", "checks")}
    for one in folders.values():
        one.mkdir()
    (folders["prompts"] / "plain.md").write_text("---\nid: plain\ntitle: Plain\n---\nWrite plainly.\n")
    for kind in KINDS:
        policy = _POLICY.format(id=kind.name, one_in=_CHECK_ONE_IN)
        (folders["policies"] / f"{kind.name}.yaml").write_text(policy)
        for number, letter in enumerate(letters):
            name = f"{kind.name}-{number}"
            asked, answer = json.dumps(letter.asked), json.dumps(letter.answer)
            check = _CHECK.format(id=name, policy=kind.name, ask=asked, answer=answer)
            (folders["checks"] / f"{name}.yaml").write_text(check)
    return folders


# What the measures say


def measured(site: GatewayServer) -> dict[str, dict[str, dict[str, Any]]]:
    """By the API: each measure's figure of each kind."""
    with httpx.Client(
        base_url=site.url, headers={"Authorization": f"Bearer {site.people['olu'][1]}"}
    ) as client:
        found = client.get("/v1/oversight/measures", params={"by": "policy"}).json()["data"]
    return {one["id"]: {figure["group"]: figure for figure in one["groups"]} for one in found}


@dataclass(frozen=True)
class Column:
    """What one measure is worked out from, for one kind: as many draws as there are decisions or checks."""

    facts: DecisionColumns | None = None
    checks: tuple[bool, ...] = ()

    def drawn(self, size: int, work_out: Any, draw: np.random.Generator) -> Sample:
        """The measure of `size` of them, drawn with putting back."""
        if not (self.checks if self.facts is None else len(self.facts)):
            return Sample(0, None, None)
        if self.facts is None:
            caught = int(draw.choice(np.array(self.checks), size).sum())
            return Sample(size, caught / size, share_interval(caught, size))
        chosen = draw.integers(0, len(self.facts), size)
        sample: Sample = work_out(self.facts.where(chosen))
        return sample


def needed(site: GatewayServer, only: Collection[str] | None = None) -> dict[str, dict[str, int | None]]:
    """For each measure and kind: after how many decisions, or checks, its interval is apart from those who read all.

    In 95 of 100 draws of so many; None if 250 are too few.
    """
    draw = np.random.Generator(np.random.PCG64(SEED))
    columns = _columns(site)
    found: dict[str, dict[str, int | None]] = {}
    wanted: dict[str, Any] = {
        one.id: one.work_out for one in DECISION_MEASURES if one.id not in ("kappa", "reading_time", "late")
    }
    wanted = {name: one for name, one in {**wanted, "caught": None}.items() if only is None or name in only}
    for name, work_out in wanted.items():
        found[name] = {}
        for kind in KINDS[1:]:
            first, other = (
                columns[one.name]["checks" if name == "caught" else "decisions"] for one in (KINDS[0], kind)
            )
            found[name][kind.name] = next(
                (size for size in _SIZES if _apart(first, other, size, work_out, draw) >= _SURE), None
            )
    return found


def _columns(site: GatewayServer) -> Mapping[str, Mapping[str, Column]]:
    facts = site.resources.database.read(Decisions().read)
    revealed = [event for event in site.events() if event["type"] == "check.revealed"]
    return {
        kind.name: {
            "decisions": Column(facts.where((facts.policy == kind.name) & ~facts.seeded)),
            "checks": Column(
                checks=tuple(one["caught"] for one in revealed if one["policy"]["id"] == kind.name)
            ),
        }
        for kind in KINDS
    }


def _apart(first: Column, other: Column, size: int, work_out: Any, draw: np.random.Generator) -> float:
    """In what share of draws the two intervals do not meet."""
    apart = 0
    for _ in range(_DRAWS):
        one, two = (column.drawn(size, work_out, draw).interval for column in (first, other))
        apart += one is not None and two is not None and (one[1] < two[0] or two[1] < one[0])
    return apart / _DRAWS


def main() -> None:
    """Play, and print the two tables of docs/measures.md."""
    pieces = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as made, trial(Path(made)) as played:
        began = time.monotonic()
        for kind in KINDS:
            played.play(kind, pieces // len(KINDS))
        print(
            f"{pieces} pieces of advice, {len(played.site.events())} events, {time.monotonic() - began:.0f} s\n"
        )
        names = [kind.name for kind in KINDS]
        print("| measure | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
        for measure, figures in measured(played.site).items():
            cells = [_cell(figures.get(name)) for name in names]
            if any(cells):
                print(f"| `{measure}` | " + " | ".join(cells) + " |")
        print("\n| measure | " + " | ".join(names[1:]) + " |\n|---|" + "---|" * len(names[1:]))
        for measure, by_kind in needed(played.site).items():
            cells = [str(by_kind[name] or f"more than {_SIZES[-1]}") for name in names[1:]]
            print(f"| `{measure}` | " + " | ".join(cells) + " |")


def _cell(figure: Mapping[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return ""
    low, high = figure["interval"] or (figure["value"], figure["value"])
    if high > 1:
        return f"{figure['value']:.1f} s ({low:.1f} to {high:.1f})"
    return f"{figure['value']:.1%} ({low:.1%} to {high:.1%})".replace("%", " %")


if __name__ == "__main__":
    main()
