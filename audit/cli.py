"""The commands that an overseer runs: `verify`, and `checkpoint`."""

import argparse
import sys
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from audit.errors import Unreadable
from audit.evidence import DATABASE_FILE, open_snapshot
from audit.report import Report
from audit.verify import Progress, verify_directory

OK, WRONG, UNREADABLE = 0, 1, 2


def main(argv: Sequence[str]) -> int:
    """Run `verify` or `checkpoint`; 0 if all is well, 1 if something is wrong with the log, 2 if there is none."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "checkpoint":
            return _checkpoint(arguments.data)
        return _verify(arguments.data, arguments.key)
    except Unreadable as error:
        print(f"Nothing was verified: {error}", file=sys.stderr)  # noqa: T201 - a command's output
        return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="audit", description="Verify a log from its bytes alone.")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="recompute everything; exit 0 if all is as it was signed")
    verify.add_argument("--key", help="the verifier key that was published; else log.vkey in the folder")
    checkpoint = commands.add_parser("checkpoint", help="print the newest signed checkpoint in the database")
    for command in (verify, checkpoint):
        command.add_argument("--data", type=Path, required=True, help="the gateway's data folder")
    return parser


def _verify(data: Path, key: str | None) -> int:
    report = verify_directory(data, verifier_key=key, progress=_progress())
    print("\n".join(_lines(report, given=key is not None)))  # noqa: T201 - a command's output
    return OK if report.ok else WRONG


def _lines(report: Report, *, given: bool) -> list[str]:
    newest = report.checkpoint
    if newest is None or not report.ok:
        found = [str(finding) for finding in report.findings]
        verdict = f"The log is not as it was signed: {len(found)} finding{'s' if len(found) != 1 else ''}."
        return [*found, *report.notices, verdict]
    return [
        *report.notices,
        f"All {report.size} events are as they were signed.",
        f"size        {newest.size}",
        f"root        {b64encode(newest.root).decode()}",
        f"newest      {report.time or 'no event yet'}",
        f"checkpoints {report.checkpoints}",
        f"key         {report.verifier_key}{'' if given else ' (from the folder: compare it with the published one)'}",
    ]


def _progress() -> Progress | None:
    """A line on a terminal; nothing where nobody looks."""
    return _show if sys.stderr.isatty() else None


def _show(done: int, total: int) -> None:
    end = "\n" if done >= total else "\r"
    print(f"verifying {done} of {total} events", end=end, file=sys.stderr, flush=True)  # noqa: T201 - as above


def _checkpoint(data: Path) -> int:
    with open_snapshot(data / DATABASE_FILE) as connection:
        row = connection.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    if row is None:
        raise Unreadable("the database holds no checkpoint; restore it from a backup")
    sys.stdout.write(str(row[0]))
    return OK
