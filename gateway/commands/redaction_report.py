"""A measurement as a page of HTML: for each section a chart with its intervals, and the same as a table."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from gateway.commands.redaction_measurement import Report, Share, as_table

_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #b1b4b6}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}figure{margin:1rem 0}"
)
_BAR: Final = 26
_AROUND: Final = 110
"""Height in pixels of a bar, and of what stands above and below the bars."""
_PERCENT: Final = 100

Labelled = tuple[str, Share]


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


def _section(section: str, rows: Sequence[Labelled]) -> str:
    body = "".join(_row(label, share) for label, share in rows)
    head = "<tr>" + "".join(f"<th scope=col>{name}" for name in ("Group", "Share", "95 %", "Part of whole"))
    title = escape(section)
    figure = f"<figure aria-label='Chart of the table below: {title}'>{_chart(rows)}</figure>"
    return f"<h2>{title}</h2>{figure}<table>{head}{body}</table>"


def _chart(rows: Sequence[Labelled]) -> str:
    """Bars with their intervals, as SVG that fetches nothing."""
    import pygal  # type: ignore[import-untyped]  # it ships no types; only a report needs it

    chart: Any = pygal.HorizontalBar(
        js=[],
        show_legend=False,
        disable_xml_declaration=True,
        height=_AROUND + _BAR * len(rows),
        width=900,
        margin=10,
        x_title="per cent",
        range=(0, max((share.interval[1] for _, share in rows), default=1.0) * _PERCENT),
        pretty_print=False,
    )
    chart.x_labels = [label for label, _ in reversed(rows)]
    chart.add("share", [_bar(share) for _, share in reversed(rows)])
    svg: str = chart.render(is_unicode=True)
    return svg


def _bar(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {
        "value": round(share.value * _PERCENT, 2),
        "ci": {"low": round(low * _PERCENT, 2), "high": round(high * _PERCENT, 2)},
    }


def _row(label: str, share: Share) -> str:
    low, high = share.interval
    return (
        f"<tr><th scope=row>{escape(label)}<td class=n>{share.value:.2%}<td class=n>{low:.2%} to {high:.2%}"
        f"<td class=n>{share.part} of {share.whole}"
    )
