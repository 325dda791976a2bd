"""`countersign redaction …`: how well personal data is found, on texts of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.redaction_measurement import Report, RowInvalid, as_table, measure, rows_of
from gateway.redaction import Redactor, Unreadable
from gateway.settings import load_settings

app = typer.Typer(help="Redaction, measured.", no_args_is_help=True)

_MAX_GROUPS = 12


@app.command("measure")
def measure_file(
    file: Annotated[Path, typer.Argument(help="labelled texts: JSON lines with text, spans, stays, group")],
    html: Annotated[Path | None, typer.Option(help="also write a report with charts here")] = None,
    groups: Annotated[int, typer.Option(help="how many of the worst groups to show")] = _MAX_GROUPS,
    examples: Annotated[
        bool, typer.Option(help="also show words that left, and words redacted by mistake")
    ] = False,
) -> None:
    """Measure what leaves and what is redacted by mistake, by type and by group, the worst first."""
    try:
        rows = rows_of(file.read_text("utf-8").splitlines())
    except RowInvalid as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(2) from None
    redactor = Redactor.load(load_settings().redaction)
    report = measure(rows, redactor.places, refusals=(Unreadable,), examples=examples)
    _print(report, groups)
    for example, times in report.examples.most_common(60) if examples else ():
        kind, word = example
        typer.echo(f"  {kind:22} {times:5}  {word}  (text {report.first_seen[example]})")
    if html is not None:
        from gateway.commands.redaction_report import write_report

        write_report(report, file.name, html)
        typer.echo(f"Report: {html}")


def _print(report: Report, groups: int) -> None:
    last, shown = "", 0
    for section, name, share in as_table(report):
        if section != last:
            typer.echo(f"\n{section:34} {'share':>7}  {'95 %':>15} {'part':>7} / {'whole':<7}")
            last, shown = section, 0
        shown += 1
        if section in ("all", "type") or shown <= groups:
            low, high = share.interval
            typer.echo(
                f"  {name:32} {share.value:7.2%}  {low:7.2%}-{high:6.2%} {share.part:7} / {share.whole:<7}"
            )
    typer.echo(
        f"\n{report.characters} characters in {report.seconds:.1f} s: {report.speed:.0f} a second; "
        f"{report.refused} texts refused."
    )
