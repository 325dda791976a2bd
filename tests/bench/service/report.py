"""What was measured of the service, as two pages with charts: benchmarks-service.md and capacity.md."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.bench.charts import draw
from tests.bench.report import wrapped
from tests.bench.service import capacity
from tests.bench.service.department import HOURS, KINDS, MODEL_SECONDS, PEAK, PER_PERSON, SIZES

PEOPLE: Final = (1_000, 3_000, 10_000, 30_000)

_HEAD: Final = """# Benchmarks of the service

`python -m tests.bench.service --out docs` measures and writes this page; each part ends by itself,
and `--only NAME` runs one. Everything is on loopback, on one machine. The tests run a short form of
each part (`tests/operations/test_load_and_faults.py`). A clock that is set forward and back is a
test alone, in the same file.
"""
_CAPACITY: Final = """# How many gateways

Reckoned from one run: the busiest hour of a department, or part of it
(`python -m tests.bench.service --only department --people 10000 --minutes 60 --out docs`). Measure
with your own texts and machines before you buy any.

## What is assumed

| matter | assumed |
|---|---|
| requests of one person a working day | {per_person} |
| hours of a working day | {hours} |
| the busiest hour, compared with a mean one | {peak:g} times |
| sizes of prompts | {sizes} |
| kinds of requests | {kinds}; all but streams are decided on |
| the model's time before its answer | {model:g} s |
| a gateway | {processors} processors, of which {busy:.0%} may be busy in that hour |
| gateways | one more than needed, so that one may be replaced |
"""


def write(known: dict[str, Any], docs: Path) -> None:
    """Both pages and their charts."""
    charts = docs / "assets" / "charts"
    (docs / "benchmarks-service.md").write_text(service_page(known, charts))
    if "department" in known:
        (docs / "capacity.md").write_text(capacity_page(known["department"], charts))


def service_page(known: dict[str, Any], charts: Path) -> str:
    """Every part that was measured."""
    sections: dict[str, Callable[[Any, Path], Iterator[str]]] = {
        "waiting": _waiting,
        "provider": _provider,
        "database": _database,
        "disk": _disk,
        "kills": _kills,
        "day": _day,
        "rebuilding": _rebuilding,
    }
    lines = [_HEAD]
    for name, section in sections.items():
        if name in known:
            lines += [*section(known[name]["found"], charts), _where(known[name])]
    return wrapped("\n".join(lines))


def _where(part: dict[str, Any]) -> str:
    return (
        f"{part['processors']} processors, shared with other work (mean load of 15 minutes at the end:"
        f" {part['load']:.1f}), Python {part['python']}; it took {part['took']:.0f} s.\n"
    )


def _rows(*rows: tuple[object, ...]) -> list[str]:
    head, *rest = rows
    lines = ["| " + " | ".join(map(str, head)) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rest), ""]


def _waiting(found: dict[str, Any], _: Path) -> Iterator[str]:
    yield "## Many who wait\n"
    yield (
        f"{found['held']:,} callers wait for a decision (`Prefer: wait`), and {found['streams']} streams run beside"
        " them, at one gateway without the name model. All were answered, none too early.\n"
    )
    yield from _rows(
        ("figure", "measured"),
        ("seconds until all were held", f"{found['seconds_to_hold']:.1f}"),
        ("`/health/ready` meanwhile", f"{found['ready_ms']:.0f} ms"),
        (
            "a stream, median and 99 %",
            f"{found['stream_p50_seconds']:.1f} s and {found['stream_p99_seconds']:.1f} s;"
            f" the model alone needs {found['stream_least_seconds']:.1f} s",
        ),
        (
            "a decision, median and 99 %",
            f"{found['deciding_p50_ms']:.0f} ms and {found['deciding_p99_ms']:.0f} ms",
        ),
        ("the last caller was told after the last decision", f"{found['told_after_last_ms']:.0f} ms"),
        (
            "memory before, with all held, at most",
            f"{found['megabytes_before']:.0f}, {found['megabytes_held']:.0f}, {found['megabytes_most']:.0f} MB",
        ),
    )


def _provider(found: list[dict[str, Any]], _: Path) -> Iterator[str]:
    yield "## A provider that fails\n"
    yield (
        f"{found[0]['many']} requests at once meet the same fault; `timeout_seconds` and `idle_seconds` are 2. Every"
        " caller was told with a code, and the next request was answered."
        " For a stream, the status had already been sent.\n"
    )
    rows = [
        (
            row["fault"],
            ", ".join(f"{number} × {told}" for told, number in row["told"].items()),
            f"{row['slowest_seconds']:.1f} s",
        )
        for row in found
    ]
    yield from _rows(("fault", "told", "the slowest"), *rows)


def _database(found: dict[str, Any], _: Path) -> Iterator[str]:
    yield "## A database that goes\n"
    told = ", ".join(f"{number:,} × {what}" for what, number in found["told"].items())
    yield (
        f"PostgreSQL is killed under load and started again after {found['away_seconds']:g} seconds,"
        f" {found['times']} times. Told were: {told}. The first answer came at most"
        f" {found['recovered_seconds']:.1f} s after the server took connections again. No answer was"
        " lost, and the log verified.\n"
    )


def _disk(found: dict[str, Any], _: Path) -> Iterator[str]:
    yield "## A disk that is full\n"
    told = ", ".join(f"{number:,} × {what}" for what, number in found["told"].items())
    yield (
        f"A small disk is filled so that 0, {found['step_bytes']:,}, {2 * found['step_bytes']:,} … bytes are left,"
        f" {found['steps']} times, and requests and a decision are tried. Told were: {told}. Once there was room the"
        f" gateway went on within {found['recovered_seconds']:.1f} s. No answer was lost, the log"
        " verified and all content was there.\n"
    )


def _kills(found: list[dict[str, Any]], _: Path) -> Iterator[str]:
    yield "## A gateway that is killed\n"
    yield (
        f"SIGKILL {sum(part['kills'] for part in found)} times in one run (`--only kills`, which ends after 20 minutes"
        " at the latest), half of them on SQLite and half on PostgreSQL, while seven callers stream, ask for advice"
        " that is held, wait for decisions, decide, and erase, and keys are moved. Every fifth kill comes while the"
        " gateway starts. After each kill, everything that callers had received was on record, and nothing had"
        " been released without an accept. After every fiftieth and at the end the log verified, contents were as"
        " recorded, erased ones were gone, and the projections were what the events say.\n"
    )
    yield from _rows(
        ("figure", *({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[part["kept_in"]] for part in found)),
        ("kills, of them while it starts", *(f"{p['kills']}, {p['while_starting']}" for p in found)),
        ("answers", *(f"{sum(p['answers'].values()):,}" for p in found)),
        ("advice that callers had been told of", *(f"{p['advice']:,}" for p in found)),
        ("events that had to be on record, and were", *(f"{p['required_events']:,}" for p in found)),
        ("released, erased", *(f"{p['released']:,}, {p['erased']:,}" for p in found)),
        ("advice that a kill interrupted, recorded as failed", *(f"{p['interrupted']:,}" for p in found)),
        ("seconds", *(f"{p['seconds']:.0f}" for p in found)),
    )


def _day(found: dict[str, Any], charts: Path) -> Iterator[str]:
    yield "## A day of traffic\n"
    pace = (
        f"as fast as they go ({found['requests'] / found['seconds']:.0f} requests/s)"
        if found["speed"] is None
        else f"at {found['speed']:g} times the clock's speed, so in {found['seconds'] / 60:.0f} minutes, most of them"
        f" in office hours; none began more than {found['latest_seconds']:.1f} s late"
    )
    yield (
        f"{found['requests']:,} requests in {found['hours']:g} hours, held and shown and streamed, decided and fetched,"
        f" {pace}, by 8 callers, without the name model, on SQLite. Memory from the first quarter of the requests to"
        f" the end grew by {found['growth_megabytes']:.0f} MB. The texts are few: a gateway's cache of 50,000"
        " texts, of about 2 kB each, would hide a leak.\n"
    )
    groups = [f"{done:,}" for done, _ in found["samples"]]
    series = {"memory": [megabytes for _, megabytes in found["samples"]]}
    title = "Memory of the gateway after so many requests"
    yield draw("service-memory", title, "MB", groups, series, line=True, folder=charts) + "\n"
    middle = next(one for one in found["samples"] if one[0] >= found["requests"] / 2)
    first, last = found["samples"][0], found["samples"][-1]
    yield from _rows(
        ("figure", "measured"),
        (
            "memory at the start, after half of the requests, and at the end",
            f"{first[1]:.0f} MB, {middle[1]:.0f} MB, {last[1]:.0f} MB",
        ),
        ("database a request", f"{found['database_bytes'] / 1024:.1f} kB"),
        ("events", f"{found['events']:,}"),
    )


def _rebuilding(found: dict[str, Any], _: Path) -> Iterator[str]:
    yield "## Projections made again\n"
    yield (
        f"The projections of a log of {found['a column']['events']:,} events, while another gateway records an event"
        " every 50 ms: on PostgreSQL, beside those in use; on SQLite, in one transaction, as one gateway does before it"
        f" serves. The process takes at most {found['most_megabytes']:.0f} MB.\n"
    )
    cases = {
        "a column": "PostgreSQL, one column of all advice differs",
        "everything": "PostgreSQL, all rows are missing",
        "sqlite": "SQLite",
    }
    yield from _rows(
        ("case", "seconds", "events a second", "another gateway waited at most"),
        *(
            (
                words,
                f"{found[name]['seconds']:.0f}",
                f"{found[name]['events'] / found[name]['seconds']:,.0f}",
                f"{found[name]['longest_wait_seconds']:.1f} s" if name != "sqlite" else "",
            )
            for name, words in cases.items()
        ),
    )


def capacity_page(part: dict[str, Any], charts: Path) -> str:
    """What was assumed, measured and reckoned."""
    found = part["found"]
    assumed = _CAPACITY.format(
        per_person=PER_PERSON,
        hours=HOURS,
        peak=PEAK,
        sizes=", ".join(f"{share} % of {size / 1000:g} kB" for size, share in SIZES.items()),
        kinds=", ".join(f"{share} % {kind}" for kind, share in KINDS.items()),
        model=MODEL_SECONDS,
        processors=capacity.PROCESSORS,
        busy=capacity.BUSY,
    )
    failed = sum(n for told, n in found["statuses"].items() if not told.split()[1].startswith("2"))
    lines = [assumed, "## What was measured\n"]
    lines.append(
        f"The busiest hour of {found['people']:,} people, {found['minutes']:g} minutes of it:"
        f" {found['rate']:.1f} requests a second at {found['gateways']} gateways as they come, on one PostgreSQL with"
        " its data on the same disk.\n"
    )
    lines += _rows(
        ("figure", "measured"),
        ("requests, and requests and decisions that failed", f"{found['asked']:,}, {failed}"),
        (
            "added to the model's time, median and 99 %",
            f"{found['p50_added_ms']:.0f} ms and {found['p99_added_ms']:.0f} ms",
        ),
        (
            "a decision, median and 99 %",
            f"{found['p50_deciding_ms']:.0f} ms and {found['p99_deciding_ms']:.0f} ms",
        ),
        ("processor time of the gateways a request, with its decision", f"{found['gateway_cpu_ms']:.0f} ms"),
        ("processor time of PostgreSQL a request", f"{found['database_cpu_ms']:.0f} ms"),
        ("events a request", f"{found['events'] / found['asked']:.1f}"),
        ("database a request", f"{found['database_bytes'] / 1024:.0f} kB"),
        (
            "memory of the gateways together, first and last minute",
            f"{found['megabytes'][0]} MB, {found['megabytes'][-1]} MB",
        ),
    )
    lines.append(
        "A gateway caches its findings for the newest 50,000 texts, at about 2 kB each. So its memory grows by 100 to"
        " 200 MB, and then stays constant. On a machine that is busy with other work, the latency added to the model's"
        " time says little. The processor time remains valid.\n"
    )
    lines += [_where(part), "## What is reckoned\n"]
    needs = [capacity.reckon(people, found) for people in PEOPLE]
    lines += _rows(
        (
            "people",
            "requests/s",
            "processors",
            "gateways",
            "their memory",
            "PostgreSQL: processors",
            "events/s",
            "GB a year",
        ),
        *(
            (
                f"{need.people:,}",
                f"{need.rate:.1f}",
                f"{need.processors:.1f}",
                need.gateways,
                f"{need.memory_gigabytes:.1f} GB",
                f"{need.database_processors:.1f}",
                f"{need.events:.0f}",
                f"{need.gigabytes_a_year:.0f}",
            )
            for need in needs
        ),
    )
    groups = [f"{people:,} people" for people in PEOPLE]
    series = {"gateways": [need.gateways for need in needs]}
    lines.append(draw("capacity-gateways", "Gateways by people", "gateways", groups, series, folder=charts))
    lines.append(
        "\nProcessors are the rate times the measured processor time. Gateways are those processors by"
        f' {capacity.PROCESSORS} × {capacity.BUSY:.0%}, rounded up, and one more. "GB a year" is the growth of'
        f" the database for each request, times the requests of {capacity.WORKING_DAYS} days. Retention later erases"
        " content; the log stays."
        " PostgreSQL writes to the disk for every event, and one disk syncs so many a second: the [benchmarks of the"
        " log](benchmarks-log.md) say how many, shared by all gateways."
    )
    return wrapped("\n".join(lines))
