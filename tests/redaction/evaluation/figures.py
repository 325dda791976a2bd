"""The figures of docs/redaction.md, measured: `python -m tests.redaction.evaluation.figures` prints them as tables."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from gateway.commands.redaction_measurement import Report, Row, Share, measure, rows_of
from gateway.redaction import RedactionSettings, Redactor, Unreadable

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
        rows += [_row(f"{name} | {what}", share) for what, share in shares(name, report).items()]
    return "\n".join(rows)


def _row(name: str, share: Share) -> str:
    low, high = share.interval
    return f"| {name} | {share.value:.2%} | {low:.2%} to {high:.2%} | {share.whole:,} |".replace("%", " %")


_SPEECH: Final = re.compile(r"transcript|speech|spoken|dictat|\basr\b|voicemail")
_FEW: Final = 3
_HIGH: Final = 0.02
_MIN_WORDS: Final = 40
"""Of an origin with fewer, one missed name is more than 2 %."""


def by_writing(redactor: Redactor) -> str:
    """The words of names that leave in the notes of all sets: by how they are written, and of which origins most."""
    rows = [
        row
        for path in SETS
        if path.stem.startswith("notes")
        for row in rows_of(path.read_text().splitlines())
    ]

    def names(some: Sequence[Row]) -> Report:
        return measure(some, redactor.places, refusals=(Unreadable,))

    def only(which: Callable[[Row, str], bool]) -> Share:
        return names(
            [
                replace(row, spans=tuple(one for one in row.spans if which(row, row.text[slice(*one[:2])])))
                for row in rows
            ]
        ).names

    every = names(rows)

    def is_initials(name: str) -> bool:
        return len(re.sub(r"[^A-Za-z]", "", name)) <= _FEW and "".join(filter(str.isalpha, name)).isupper()

    def is_kept(row: Row, name: str) -> bool:
        return not row.text.isupper() and all(word[:1].isupper() for word in name.split())

    kinds: dict[str, Callable[[Row, str], bool]] = {
        "in ordinary writing, with their capitals": is_kept,
        "the same without bare initials": lambda row, name: is_kept(row, name) and not is_initials(name),
        "bare initials": lambda _, name: is_initials(name),
        "in capitals": lambda _, name: name.isupper() and not is_initials(name),
        "in small letters": lambda _, name: name.islower(),
    }
    spoken = names([row for row in rows if _SPEECH.search(dict(row.groups).get("style", "").lower())]).names
    lines = [
        "| names of all notes | words that leave | 95 % | of |",
        "|---|---|---|---|",
        _row("all", every.names),
        *(_row(what, only(which)) for what, which in kinds.items()),
        _row("in transcripts of speech", spoken),
    ]
    origins: dict[str, Share] = {}
    for (kind, name), share in every.by_group.items():
        if kind == "origin":
            origins.setdefault(name.lower(), Share()).add(share.part, share.whole)
    many = {name: share for name, share in origins.items() if share.whole >= _MIN_WORDS}
    above = {name: share for name, share in many.items() if share.value > _HIGH}
    lines += [
        _row(f"origin: {name}", share) for name, share in sorted(above.items(), key=lambda one: -one[1].value)
    ]
    lines.append(f"| origins of at least {_MIN_WORDS} words | {len(above)} of {len(many)} above 2 % | | |")
    return "\n".join(lines)


if __name__ == "__main__":
    loaded = Redactor.load(RedactionSettings())
    print(table(loaded), by_writing(loaded), sep="\n\n")
