"""A measure as a picture (SVG, by pygal): a bar a group, with its 95 % interval. Its table stands beside it."""

from typing import Final
from xml.etree import ElementTree

from gateway.oversight.measures import Measure

_MOST_BARS: Final = 60
"""The newest of more: a bar must stay wide enough to be seen."""


def draw(measure: Measure) -> bytes:
    """The chart of a measure's groups; hidden ones, and those without a value, are left out."""
    import pygal  # type: ignore[import-untyped]  # no py.typed; only who looks at a chart pays for loading it
    from pygal.etree import etree  # type: ignore[import-untyped]  # no py.typed
    from pygal.style import Style  # type: ignore[import-untyped]  # no py.typed

    etree.to_etree()  # it would take lxml's elements where that is installed

    figures = [one for one in measure.groups if one.value is not None][-_MOST_BARS:]
    scale = 100 if measure.unit == "share" else 1
    sign = {"share": " %", "seconds": " s", "kappa": ""}[measure.unit]
    chart = pygal.Bar(
        style=Style(
            font_family="sans-serif",
            background="white",
            plot_background="white",
            colors=("#1d70b8",),
            label_font_size=13,
            major_label_font_size=13,
        ),
        js=[],  # the library would load a script from its makers' site
        show_legend=False,
        width=900,
        height=420,
        x_label_rotation=50 if len(figures) > 6 else 0,
        range=(0, 100) if measure.unit == "share" else None,
        value_formatter=lambda value: f"{value:.3g}{sign}",
        no_data_text="There is nothing to draw",
        print_values=False,
    )
    chart.title = None
    chart.x_labels = [one.group for one in figures]
    chart.add(measure.title, [_bar(one.value, one.low, one.high, scale) for one in figures])
    root = chart.render_tree()
    for defs in root.iter("defs"):  # what is left of the library's own script, which would be of no use
        for script in list(defs.iter("script")):
            defs.remove(script)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _bar(value: float | None, low: float | None, high: float | None, scale: int) -> dict[str, object]:
    bar: dict[str, object] = {"value": (value or 0) * scale}
    if low is not None and high is not None:
        bar["ci"] = {"low": low * scale, "high": high * scale}
    return bar
