"""`make bench`: Countersign beside what users would pick instead, every target in turn, in one run.

python -m tests.bench [--quick] [--sizes 1024,10240] [--out docs/benchmarks.md] [--results .bench/results.json]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench import report, targets
from tests.bench.targets import PEERS, Process, Target
from tests.free_port import free_port

ROUNDS, SECONDS, COUNT = 3, 3.0, 600


@dataclass(frozen=True)
class Cell:
    """One kind of load."""

    size: int
    concurrency: int
    stream: bool


def main() -> None:
    """Measure, report, and end all that was started."""
    options = _options()
    if options.results:
        _report(json.loads(options.results.read_text()), options)
        return
    PEERS.mkdir(exist_ok=True)
    targets.install_peers()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        started: list[Process] = []
        stack.callback(lambda: [process.end() for process in started])
        upstream_port = free_port()
        provider, _ = targets.start(
            [sys.executable, "-m", "tests.bench.provider", upstream_port], upstream_port, "/leaks"
        )
        started.append(provider)
        measured = [Target("directly", upstream_port, processes=[provider])]
        for target in _start_all(f"http://127.0.0.1:{upstream_port}/v1", work):
            started.extend(target.processes)
            measured.append(target)
            print(f"started {target.name} in {target.start_seconds:.1f} s", file=sys.stderr)
        rows = [_measure(cell, measured, upstream_port, options) for cell in _cells(options)]
        memory = {target.name: target.memory() for target in measured}
    starts = {target.name: target.start_seconds for target in measured}
    results = {"cells": rows, "memory_mb": memory, "start_seconds": starts, "quick": options.quick}
    (PEERS / "results.json").write_text(json.dumps(results, indent=1))
    _report(results, options)


def _report(results: dict[str, object], options: argparse.Namespace) -> None:
    charts = options.out.parent / "assets" / "charts" if options.out else PEERS
    text = report.render(results, charts)
    print(text)
    if options.out:
        options.out.write_text(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of one second")
    parser.add_argument("--sizes", default="1024,10240", help="bytes of a prompt")
    parser.add_argument("--out", type=Path, help="write the report as Markdown")
    parser.add_argument("--results", type=Path, help="report what was measured before, from results.json")
    return parser.parse_args()


def _start_all(upstream: str, work: Path) -> Iterator[Target]:
    yield targets.passthrough(upstream)
    yield targets.litellm(upstream, work, presidio=False)
    yield targets.litellm(upstream, work, presidio=True)
    yield targets.countersign(upstream, work, report.OURS)
    yield targets.countersign(upstream, work, f"{report.OURS}{report.TWO}")
    yield targets.litellm(upstream, work, presidio=True, names=True)
    yield targets.countersign(upstream, work, report.AS_IT_COMES)
    yield targets.countersign(upstream, work, f"{report.AS_IT_COMES}{report.TWO}")


def _cells(options: argparse.Namespace) -> list[Cell]:
    sizes = [int(size) for size in options.sizes.split(",")]
    return [Cell(size, many, stream) for stream in (False, True) for size in sizes for many in (1, 16)]


def _measure(
    cell: Cell, measured: list[Target], upstream: int, options: argparse.Namespace
) -> dict[str, object]:
    """All targets in turn, several times; the median of each figure."""
    rounds, seconds = (1, 1.0) if options.quick else (ROUNDS, SECONDS)
    found: dict[str, list[dict[str, float]]] = {target.name: [] for target in measured}
    for target in measured:
        _load(target, cell, 1.0, 30)  # warm
    for number in range(rounds):
        for target in measured:
            print(f"{cell} round {number + 1}/{rounds}: {target.name}", file=sys.stderr)
            before, leaks = target.cpu(), _leaks(upstream)
            one = _load(target, cell, seconds, COUNT)
            one["cpu_ms"] = (target.cpu() - before) * 1000 / max(1, one["count"])
            one["leaked"] = (_leaks(upstream) - leaks) / max(1, one["count"] + one["errors"])
            found[target.name].append(one)
    medians = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in found.items()
    }
    return {"size": cell.size, "concurrency": cell.concurrency, "stream": cell.stream, "targets": medians}


def _load(target: Target, cell: Cell, seconds: float, most: int) -> dict[str, float]:
    arguments = [target.url, target.key, target.model, cell.size, cell.concurrency, most, seconds]
    kind = "stream" if cell.stream else "whole"
    command = [sys.executable, "-m", "tests.bench.load", *map(str, arguments), kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True, cwd=targets.ROOT)
    one = json.loads(done.stdout)
    if error := one.pop("first_error"):
        print(f"{target.name}: {error}", file=sys.stderr)
    return dict(one)


def _leaks(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/leaks", timeout=10) as answer:
        return int(json.load(answer)["leaks"])


if __name__ == "__main__":
    main()
