"""`watch`: hold a log against the rules of the process that it records."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from audit.commands.arguments import add_where, token_of
from audit.commands.exits import OK, WRONG
from audit.commands.output import Bar, say
from audit.sources import open_source, trusted_keys
from audit.watch import RULES, WatchReport, watch
from audit.watch.watch_log import as_json


def add(commands: Any) -> None:
    """Its arguments."""
    rules = "".join(f"  {rule.id}\n      {(rule.__doc__ or '').strip()}\n" for rule in RULES)
    parser = commands.add_parser(
        "watch",
        help="check that the process was kept to: who decided, on what, and when",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"rules:\n{rules}",
    )
    add_where(parser)
    parser.add_argument("--json", action="store_true", help="print the findings for machines")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Watch, and print what breaks a rule."""
    bar = Bar("watched")
    with closing(open_source(arguments.where, token_of(arguments))) as source:
        keys, _ = trusted_keys(arguments.key, source)
        report = watch(source, keys, bar.show)
    bar.end()
    say(as_json(report)) if arguments.json else say(*_lines(report))
    return WRONG if report.breaches else OK


def _lines(report: WatchReport) -> list[str]:
    summary = report.summary
    counts = "".join(
        f"\n{kind.removeprefix('advice.'):12}{count}" for kind, count in summary.outcomes.items()
    )
    verdict = (
        f"The process was not kept to: {len(report.breaches)} finding{'s' if len(report.breaches) != 1 else ''}."
        if report.breaches
        else f"The process was kept to in all {report.events} events."
    )
    return [
        *map(str, report.breaches),
        verdict,
        f"{'requested':12}{summary.requested}{counts}",
        f"{'waiting':12}{summary.waiting}, of which {summary.overdue} past their time",
        *_passkeys(summary.passkeys),
    ]


def _passkeys(by_trust: Mapping[str, list[int]]) -> Iterator[str]:
    """The number of passkeys by kind of trust, and the entries of those that two admins approved, for an overseer to
    ask about.
    """
    if not by_trust:
        return
    first, further, approved = (by_trust.get(trust, []) for trust in ("first", "signed_by", "approved"))
    where = f" (registered in {', '.join(map(str, approved))})" if approved else ""
    yield (
        f"{'passkeys':12}{len(first)} taken on trust, {len(further)} signed for by an older one,"
        f" {len(approved)} approved by two admins{where}"
    )
