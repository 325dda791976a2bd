"""`verify`: recompute everything, and name everything that is not as it was signed."""

import argparse
import time
from base64 import b64encode
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

from audit.audit_errors import NoteInvalid, Unreadable
from audit.checking import verify_directory, verify_tree
from audit.checking.tiled_log import VerifyOptions
from audit.checkpoint_file import CheckpointFile
from audit.commands.arguments import (
    add_policy,
    add_where,
    add_witnesses,
    open_named,
    policy_of,
    token_of,
    witnesses_of,
)
from audit.commands.exits import OK, WRONG
from audit.commands.output import Bar, say, say_json
from audit.mirror import require_continued
from audit.note import Verifier
from audit.report import WHOLE, Finding, Report
from audit.sources import DatabaseSource, Source, read_given, trusted_keys
from audit.trust_policy import TlogPolicy
from audit.witness import ValidCosignature, cosigned

_FROM_THE_FOLDER: Final = " (from the folder: compare it with the published one)"


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("verify", help="recompute everything; exit 0 if all is as it was signed")
    add_where(parser, optional=True)
    parser.add_argument("--data", metavar="DIR", help="the same as the folder alone")
    add_witnesses(parser)
    add_policy(parser)
    parser.add_argument("--json", action="store_true", help="print the report for machines")
    parser.add_argument("--processes", type=int, metavar="N", help="default: as many as there are processors")
    parser.add_argument(
        "--any-entries",
        action="store_true",
        help="check tiles, hashes and signatures only, of a log whose entries are no Countersign events",
    )
    parser.add_argument(
        "--remember",
        type=Path,
        metavar="FILE",
        help="keep the newest checkpoint there; the next time the log must continue it, or it is a fork",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify, and print the report."""
    where, source = open_named(arguments)
    began, bar = time.monotonic(), Bar("verified")
    witnesses, policy = witnesses_of(arguments), policy_of(arguments)
    if policy and policy.logs and not arguments.key:
        arguments.key = [key.verifier_key for key in policy.logs]
    with closing(source):
        keys, own_keys = trusted_keys(arguments.key, source)
        report = _verify(where, source, keys, own_keys, arguments, bar)
        bar.end()
        witnessed, extra = _witnessed(source, keys, witnesses, arguments.quorum)
        extra += _unsatisfied(source, keys, policy)
        if report.ok and arguments.remember:
            _remember(source, keys, arguments.remember)
    findings = (*report.findings, *extra)
    if arguments.json:
        say_json(
            _document(where, report, findings, witnessed, own_keys=own_keys, seconds=time.monotonic() - began)
        )
    else:
        say(*_lines(report, findings, witnessed, own_keys=own_keys))
    return WRONG if findings else OK


def _verify(
    where: str,
    source: Source,
    keys: list[Verifier],
    own_keys: bool,
    arguments: argparse.Namespace,
    bar: Bar,
) -> Report:
    if isinstance(source, DatabaseSource):
        text = "\n".join(read_given(key).strip() for key in arguments.key) if own_keys else None
        return verify_directory(
            Path(where), verifier_key=text, progress=bar.show, processes=arguments.processes
        )
    options = VerifyOptions(where, token_of(arguments), arguments.any_entries, arguments.processes)
    return verify_tree(source, keys, options, bar.show)


def _witnessed(
    source: Source, keys: list[Verifier], witnesses: list[Verifier], quorum: int | None
) -> tuple[tuple[int, list[ValidCosignature]] | None, list[Finding]]:
    """The cosigned size and its witnesses; a finding if these are fewer than required."""
    if not witnesses:
        return None, []
    best: tuple[int, list[ValidCosignature]] = (0, [])
    for note in (source.witnessed(), source.checkpoint()):
        try:
            checkpoint, cosignatures = cosigned(note or b"", keys, witnesses)
        except NoteInvalid:
            continue
        if len(cosignatures) >= max(1, len(best[1])):
            best = checkpoint.size, cosignatures
    if quorum and len(best[1]) < quorum:
        problem = f"{len(best[1])} of the witnesses cosigned it; {quorum} must"
        return best, [Finding(WHOLE, WHOLE, problem, "checkpoint")]
    return best, []


def _unsatisfied(source: Source, keys: list[Verifier], policy: TlogPolicy | None) -> list[Finding]:
    """A finding, if neither the newest checkpoint nor the witnessed one has the cosignatures that the policy wants."""
    notes = [note for note in (source.witnessed(), source.checkpoint()) if note]
    if policy is None or any(policy.satisfied(partial(_cosigned_by, note, keys)) for note in notes):
        return []
    return [Finding(WHOLE, WHOLE, "not cosigned as the policy asks for", "checkpoint")]


def _cosigned_by(note: bytes, keys: list[Verifier], witness: Verifier) -> bool:
    try:
        return bool(cosigned(note, keys, [witness])[1])
    except NoteInvalid:
        return False


def _remember(source: Source, keys: list[Verifier], file: Path) -> None:
    try:
        remembered = file.read_bytes() if file.exists() else None
        note = source.checkpoint() if remembered is None else require_continued(source, remembered, keys)
        CheckpointFile(file).keep(note)
    except OSError as error:
        raise Unreadable(f"{file} can't be kept ({type(error).__name__}); name another file") from None


def _lines(
    report: Report,
    findings: tuple[Finding, ...],
    witnessed: tuple[int, list[ValidCosignature]] | None,
    *,
    own_keys: bool,
) -> list[str]:
    newest = report.checkpoint
    if newest is None or findings:
        verdict = (
            f"The log is not as it was signed: {len(findings)} finding{'s' if len(findings) != 1 else ''}."
        )
        return [*(str(finding) for finding in findings), *report.notices, verdict]
    return [
        *report.notices,
        f"All {report.size} events are as they were signed.",
        f"size        {newest.size}",
        f"root        {b64encode(newest.root).decode()}",
        f"newest      {report.time or 'no event yet'}",
        f"checkpoints {report.checkpoints}",
        f"key         {report.verifier_key}{'' if own_keys else _FROM_THE_FOLDER}",
        *_witness_lines(witnessed),
    ]


def _witness_lines(witnessed: tuple[int, list[ValidCosignature]] | None) -> list[str]:
    if witnessed is None:
        return []
    size, cosignatures = witnessed
    if not cosignatures:
        return ["witnesses   none of those given cosigned it"]
    return [f"witnesses   of the first {size} events: {'; '.join(map(str, cosignatures))}"]


def _document(
    where: str,
    report: Report,
    findings: tuple[Finding, ...],
    witnessed: tuple[int, list[ValidCosignature]] | None,
    *,
    own_keys: bool,
    seconds: float,
) -> dict[str, Any]:
    newest = report.checkpoint
    return {
        "format": "countersign-report/v1",
        "log": where,
        "ok": not findings,
        "events": report.size,
        "checkpoint": None
        if newest is None
        else {"origin": newest.origin, "size": newest.size, "root": b64encode(newest.root).decode()},
        "checkpoints": report.checkpoints,
        "newest_event": report.time or None,
        "key": report.verifier_key,
        "key_given": own_keys,
        "witnesses": None
        if witnessed is None
        else {
            "size": witnessed[0],
            "cosigned": [
                {"name": cosignature.name, "time": cosignature.time} for cosignature in witnessed[1]
            ],
        },
        "findings": [as_json(finding) for finding in findings],
        "notices": list(report.notices),
        "seconds": round(seconds, 3),
    }


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding for machines; no indices where it is about a whole file or table."""
    whole = finding.first == WHOLE
    return {
        "subject": finding.subject,
        "first": None if whole else finding.first,
        "last": None if whole else finding.last,
        "what": finding.what,
    }
