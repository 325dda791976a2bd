"""Bar charts of what was measured, as SVG by pygal, for the documentation's pages."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pygal  # type: ignore[import-untyped]  # no py.typed
from pygal.style import Style  # type: ignore[import-untyped]  # no py.typed

CHARTS: Final = Path(__file__).parents[2] / "docs" / "assets" / "charts"
_SCRIPT: Final = re.compile(rb"<script.*?</script>", re.DOTALL)
_COLOURS: Final = ("#1d70b8", "#f47738", "#00703c", "#912b88", "#505a5f", "#d4351c", "#28a197")
"""Those of GOV.UK's palette that can be told apart on white."""


def draw(
    name: str,
    title: str,
    unit: str,
    groups: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    line: bool = False,
    folder: Path = CHARTS,
) -> str:
    """Write the chart `name` and give the Markdown that shows it; the figures stand in a table beside it."""
    style = Style(
        background="white",
        plot_background="white",
        colors=_COLOURS,
        font_family="sans-serif",
        title_font_size=18,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        value_font_size=11,
    )
    kind = pygal.Line if line else pygal.Bar
    chart = kind(
        title=title,
        y_title=unit,
        style=style,
        width=900,
        height=420,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        js=(),  # it asks no other host for a script
        disable_xml_declaration=False,
        no_prefix=True,
        print_values=not line,
        value_formatter=lambda value: (
            "" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
        ),
        show_dots=False,
        truncate_label=-1,
        x_label_rotation=45 if line else 0,
        min_scale=4,
        range=(0, 1.1 * max(v for values in series.values() for v in values if v is not None)),
        include_x_axis=True,
    )
    chart.uuid = name  # the same figures give the same file
    chart.x_labels = list(groups)
    for label, values in series.items():
        chart.add(label, list(values))
    folder.mkdir(parents=True, exist_ok=True)
    drawn: bytes = _SCRIPT.sub(b"", chart.render())
    (folder / f"{name}.svg").write_bytes(drawn.rstrip() + b"\n")
    return f"![{title}; the table has the figures](assets/charts/{name}.svg)"
