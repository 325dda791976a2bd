"""A measurement as a page of HTML: every table with a bar for each share."""

from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from gateway.redaction import Report, Share, as_table

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #b1b4b6}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}meter{width:12rem}"
)


def write_report(report: Report, name: str, path: Path) -> None:
    """Write the report of the file `name` to `path`."""
    sections = "".join(
        _section(section, [(label, share) for _, label, share in rows])
        for section, rows in groupby(as_table(report), key=lambda row: row[0])
    )
    path.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Redaction of {escape(name)}</title>"
        f"<style>{_STYLE}</style><h1>Redaction of {escape(name)}</h1>"
        f"<p>{report.characters} characters, {report.speed:.0f} a second; {report.refused} texts refused. "
        f"Shares are of words, with 95 % intervals (Wilson); the worst come first.</p>{sections}</html>",
        "utf-8",
    )


def _section(section: str, rows: list[tuple[str, Share]]) -> str:
    body = "".join(_row(label, share) for label, share in rows)
    names = ("Group", "Share", "95 %", "Part of whole", "Chart")
    head = "<tr>" + "".join(f"<th scope=col>{name}" for name in names)
    return f"<h2>{escape(section)}</h2><table>{head}{body}</table>"


def _row(label: str, share: Share) -> str:
    low, high = share.interval
    return (
        f"<tr><th scope=row>{escape(label)}<td class=n>{share.value:.2%}<td class=n>{low:.2%} to {high:.2%}"
        f"<td class=n>{share.part} of {share.whole}"
        f"<td><meter min=0 max=1 value={share.value:.4f}>{share.value:.2%}</meter>"
    )
