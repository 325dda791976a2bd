"""Verifying a gateway's data folder: quickly whether all is as it was signed, and else what is not."""

from pathlib import Path

from audit.checking.intact import intact
from audit.checking.spans import processes_for
from audit.evidence import Evidence, open_evidence
from audit.progress import Progress, silent
from audit.report import Report
from audit.schema import FAILURES
from audit.verify import diagnose


def verify_directory(
    data: Path,
    *,
    verifier_key: str | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Verify the log in a gateway's data folder or in a database file.

    With `verifier_key`, one key a line, or else the key that lies in the folder.

    Works beside a running gateway and on what a crash left; changes nothing. `Unreadable` if there is no log.
    """
    tell = progress or silent
    with open_evidence(data, verifier_key) as evidence:
        processes = processes_for(_about(evidence), processes)
        return intact(evidence, processes, tell) or diagnose(evidence, tell)


def _about(evidence: Evidence) -> int:
    """The number of rows, as far as it can be read."""
    try:
        return int(evidence.connection.execute("SELECT coalesce(max(idx), 0) FROM events").fetchone()[0])
    except (*FAILURES, ValueError):
        return 0
