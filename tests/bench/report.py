"""The figures as Markdown, and whether they reach what was promised."""

import platform
import textwrap
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from tests.bench.charts import CHARTS, draw

PEER, OURS = "LiteLLM + Presidio", "Countersign"
NAMED_PEER, AS_IT_COMES = "LiteLLM + Presidio + names", "Countersign as it comes"
TWO = ", 2 processes"
TIMES: Final = 4.0
LATENCY: Final = 0.25
READY_SECONDS: Final = 3.0
MEMORY_MB: Final = 250.0

_WRAPPING: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}

_HEAD = """# Benchmarks

`make bench` (`python -m tests.bench`) measures every target in turn, {rounds}, against a provider
on loopback that answers at once. Figures are medians. Compare within a table, not across machines.
litellm {litellm}, Python {python}. The log's own rates: [benchmarks of the log](benchmarks-log.md);
load, faults and memory: [benchmarks of the service](benchmarks-service.md).

| name | meaning |
|---|---|
| directly | the load against the provider itself; added times are over this row |
| LiteLLM + Presidio | its proxy with the Presidio guardrail (mask and unmask). Presidio's analyzer and \
anonymizer run over HTTP as plain ASGI, lighter than the images. Seven pattern recognisers, the same as in \
*Countersign* |
| Countersign | every request is durably on record, twice synced to disk, with its content sealed; no peer \
does that |
| LiteLLM + Presidio + names | adds spaCy's small English model, and is asked for nine types |
| Countersign as it comes | reads names with its own model, looks for some sixty types, undoes encodings, \
and inspects the answer as well |
| …, 2 processes | the same with `redaction.processes: 2`; LiteLLM with Presidio runs in three |
| leaked | requests in which a personal value of the prompt reached the provider |
| restored | answers that hold a personal value of the prompt |
"""


def render(results: dict[str, Any], charts: Path = CHARTS) -> str:
    """The whole report; its charts are written into `charts`."""
    head = _HEAD.format(
        rounds="interleaved rounds", litellm=version("litellm"), python=platform.python_version()
    )
    if results.get("quick"):
        head += "\nThis is a quick run: one round of one second for each target.\n"
    tables = [_table(cell) for cell in results["cells"]]
    return wrapped("\n".join([head, *_charts(results, charts), *tables, _costs(results), _promises(results)]))


def wrapped(page: str) -> str:
    """The page with its paragraphs wrapped; tables, headings and pictures stay as they are."""
    parts = []
    for part in page.split("\n\n"):
        text = part.strip("\n")
        as_it_is = text.startswith(("|", "#", "!", "`python"))
        parts.append(text if as_it_is else "\n".join(textwrap.wrap(text, 100, **_WRAPPING)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _charts(results: dict[str, Any], folder: Path) -> list[str]:
    """How many requests a second, and how much later an answer comes; and the memory."""
    lines = []
    for many, name, title, unit in (
        (16, "requests", "Requests a second, 16 at a time", "requests/s"),
        (1, "added", "Added time, one at a time", "ms (median)"),
    ):
        cells = [cell for cell in results["cells"] if cell["concurrency"] == many]
        groups = [f"{c['size'] // 1024} kB, {'streamed' if c['stream'] else 'whole'}" for c in cells]
        series = {
            target: [_of(cell, target, name) for cell in cells]
            for target in cells[0]["targets"]
            if target != "directly" and not target.startswith("passing")
        }
        lines += [draw(f"bench-{name}", title, unit, groups, series, folder=folder), ""]
    memory = {name: [value] for name, value in results["memory_mb"].items() if name != "directly"}
    return [*lines, draw("bench-memory", "Memory after the load", "MB", [""], memory, folder=folder), ""]


def _of(cell: dict[str, Any], target: str, name: str) -> float:
    one, base = cell["targets"][target], cell["targets"]["directly"]
    return float(one["per_second"] if name == "requests" else one["p50"] - base["p50"])


def _table(cell: dict[str, Any]) -> str:
    kind = "streamed" if cell["stream"] else "whole"
    lines = [
        f"## {cell['size'] // 1024} kB, {cell['concurrency']} at a time, {kind}",
        "",
        "| target | requests/s | added p50 ms | added p99 ms | CPU ms a request | leaked | restored | errors |",
        "|---|---|---|---|---|---|---|---|",
    ]
    base = cell["targets"]["directly"]
    for name, one in cell["targets"].items():
        lines.append(
            f"| {name} | {one['per_second']:.0f} | {one['p50'] - base['p50']:.1f} | {one['p99'] - base['p99']:.1f} "
            f"| {one['cpu_ms']:.1f} | {one['leaked']:.0%} | {one['restored']:.0%} | {one['errors']:.0f} |"
        )
    return "\n".join([*lines, ""])


def _costs(results: dict[str, Any]) -> str:
    lines = [
        "## Memory and start",
        "",
        "| target | MB after the load | seconds to ready, warm |",
        "|---|---|---|",
    ]
    for name, memory in results["memory_mb"].items():
        lines.append(f"| {name} | {memory:.0f} | {results['start_seconds'][name]:.1f} |")
    return "\n".join([*lines, ""])


def _promises(results: dict[str, Any]) -> str:
    lines = [
        "## Against the promise",
        "",
        f"At least {TIMES:g} times the requests of LiteLLM with Presidio (16 at a time), at most {LATENCY:.0%} of its",
        "added latency (one at a time), with the same recognisers.",
        "",
        "| load | ratio | kept |",
        "|---|---|---|",
    ]
    for cell in results["cells"]:
        for peer, ours, more in ((PEER, OURS, ""), (NAMED_PEER, AS_IT_COMES, ", with names")):
            lines += [_kept(cell, peer, ours, more), _kept(cell, peer, f"{ours}{TWO}", f"{more}{TWO}")]
    ready, memory = results["start_seconds"][AS_IT_COMES], results["memory_mb"][AS_IT_COMES]
    lines.append(f"| ready when warm, as it comes | {ready:.1f} s | {_yes(ready < READY_SECONDS)} |")
    lines.append(f"| memory, as it comes | {memory:.0f} MB | {_yes(memory < MEMORY_MB)} |")
    return "\n".join([*lines, ""])


def _kept(cell: dict[str, Any], peer: str, ours: str, more: str) -> str:
    base, theirs, own = (cell["targets"][name] for name in ("directly", peer, ours))
    label = f"{cell['size'] // 1024} kB, {'streamed' if cell['stream'] else 'whole'}{more}"
    if cell["concurrency"] == 1:
        ratio = (own["p50"] - base["p50"]) / (theirs["p50"] - base["p50"])
        return f"| {label}: added latency | {ratio:.2f} | {_yes(ratio <= LATENCY)} |"
    ratio = own["per_second"] / theirs["per_second"]
    return f"| {label}: requests/s | {ratio:.1f} | {_yes(ratio >= TIMES)} |"


def _yes(kept: bool) -> str:
    return "yes" if kept else "no"
