"""The figures of docs/redaction.md, measured: `python -m tests.redaction.evaluation.figures` prints them as a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.redaction import RedactionSettings, Redactor, Report, Share, Unreadable, measure, rows_of

FOLDER: Final = Path(__file__).parent
NAMES, DOCUMENTS, OTHERS, STAYS, IDENTIFIERS = (
    "words of names that leave",
    "documents that a name leaves",
    "ordinary words taken",
    "words that must stay, taken",
    "identifiers that leave",
)


SETS: Final = tuple(sorted(FOLDER.glob("*.jsonl")))


def reports(redactor: Redactor, sets: Sequence[Path] = SETS) -> dict[str, Report]:
    """What is measured on each set; the identifiers' by how they are written."""
    found: dict[str, Report] = {}
    for path in sets:
        rows = rows_of(path.read_text("utf-8").splitlines())
        if path.stem.startswith("identifiers"):
            for style in ("plain", "awkward", "spoken"):
                some = [row for row in rows if ("style", style) in row.groups]
                found[f"{path.stem}, {style}"] = measure(some, redactor.places, refusals=(Unreadable,))
        else:
            found[path.stem] = measure(rows, redactor.places, refusals=(Unreadable,))
    return found


def shares(name: str, report: Report) -> dict[str, Share]:
    """What a set says: only what it is made for."""
    if name.startswith("identifiers"):
        return {IDENTIFIERS: report.identifiers}
    if name.startswith("stays"):
        return {STAYS: report.stays}
    if not report.names.whole:
        return {OTHERS: report.others}
    measured = {NAMES: report.names, DOCUMENTS: report.documents, OTHERS: report.others}
    if report.identifiers.whole:
        measured[IDENTIFIERS] = report.identifiers
    return measured


def table(redactor: Redactor) -> str:
    """The rows of the card."""
    rows = ["| set | what | share | 95 % | of |", "|---|---|---|---|---|"]
    for name, report in reports(redactor).items():
        for what, share in shares(name, report).items():
            low, high = share.interval
            rows.append(
                f"| {name} | {what} | {share.value:.2%} | {low:.2%} to {high:.2%} | {share.whole:,} |".replace(
                    "%", " %"
                )
            )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(Redactor.load(RedactionSettings())))
