"""Measures as charts (SVG, by pygal): bars with 95 % intervals, and the lines at which alerts are raised.

A table of the same figures stands beside each.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree

from gateway.oversight.chart_data import AlertLine, BarChart, Unit
from gateway.oversight.measures import Measure

_MAX_BARS: Final = 60
"""The newest of more: a bar must stay wide enough to be seen."""
_SIGNS: Final[Mapping[str, str]] = {"share": " %", "seconds": " s", "kappa": "", "minutes": " min"}
_FORMS: Final = dict.fromkeys(_SIGNS, ".3g")
_MAX_LEVEL: Final = 6
_MAX_LEVEL_LENGTH: Final = 12
_MAX_LABEL_LENGTH: Final = 17
_FEW: Final = 3
_COLOURS: Final = ("#1d70b8", "#0b0c0c", "#f47738")
_ALERT: Final = "#b10e1e"
_LABEL_HEIGHT: Final = 24


def draw(measure: Measure, lines: Sequence[AlertLine] = ()) -> bytes:
    """The chart of a measure's groups; hidden ones, and those without a value, are left out."""
    figures = [group for group in measure.groups if group.value is not None][-_MAX_BARS:]
    scale = 100 if measure.unit == "share" else 1
    labels = [figure.group for figure in figures]
    chart = _chart("Bar", measure.unit, labels, width=900, height=420, size=13, show_legend=False)
    chart.x_labels = labels
    chart.add(measure.title, [_bar(one.value, one.low, one.high, scale) for one in figures])
    by_policy = any(line.policy in labels for line in lines)
    return _svg(chart, lines, labels if by_policy else (), words=str)


def draw_amounts(amounts: Sequence[tuple[str, float]], unit: str) -> bytes:
    """Bars of so much of `unit`, each with its name."""
    labels = [name for name, _ in amounts]
    chart = _chart("Bar", unit, labels, width=900, height=420, size=13, show_legend=False)
    chart.x_labels = labels
    chart.add(unit, [{"value": value} for _, value in amounts])
    return _svg(chart, (), (), words=str)


def draw_picture(drawing: BarChart, words: Callable[[str], str]) -> bytes:
    """One of the pictures that are looked at first; `words` translates its titles."""
    labels = [short(group) for group in drawing.groups]
    chart = _chart(
        "StackedBar" if drawing.stacked else "Bar",
        drawing.unit,
        labels,
        width=620,
        height=340 + 30 * len(drawing.series),
        size=17,
        show_legend=len(drawing.series) > 1,
    )
    chart.x_labels = labels
    scale = 100 if drawing.unit == "share" else 1
    for series in drawing.series:
        bars = [_bar(bar.value, bar.low, bar.high, scale) for bar in series.bars]
        chart.add(words(series.title), bars)
    return _svg(chart, drawing.lines, drawing.groups if drawing.by == "policy" else (), words)


def _rotation(labels: Sequence[str]) -> int:
    """Degrees: many labels, or several long ones, stand aslant."""
    if len(labels) > _MAX_LEVEL:
        return 50
    return 20 if len(labels) > _FEW and max(map(len, labels)) > _MAX_LEVEL_LENGTH else 0


def short(group: str) -> str:
    """`W48` of `2026-W48`, so that the names of weeks stand side by side."""
    year, _, week = group.partition("-W")
    return f"W{week}" if year.isdigit() and week.isdigit() else group


def _chart(kind: str, unit: Unit | str, labels: Sequence[str], *, size: int, **more: Any) -> Any:
    import pygal  # type: ignore[import-untyped]  # no py.typed; only who looks at a chart pays for loading it
    from pygal.etree import etree  # type: ignore[import-untyped]  # no py.typed
    from pygal.style import Style  # type: ignore[import-untyped]  # no py.typed

    etree.to_etree()  # it would take lxml's elements where that is installed
    chart = getattr(pygal, kind)(
        style=Style(
            font_family="sans-serif",
            background="white",
            plot_background="white",
            colors=_COLOURS,
            label_font_size=size,
            major_label_font_size=size,
            legend_font_size=size,
            opacity=1,
        ),
        js=[],  # the library would load a script from its makers' site
        legend_at_bottom=True,
        legend_at_bottom_columns=1,
        truncate_legend=-1,
        truncate_label=_MAX_LABEL_LENGTH,
        x_label_rotation=_rotation(labels),
        range=(0, 100) if unit == "share" else None,
        y_labels=[0, 20, 40, 60, 80, 100] if unit == "share" else None,
        include_x_axis=True,
        value_formatter=lambda value: f"{value:{_FORMS.get(unit, ',.6g')}}{_SIGNS.get(unit, f' {unit}')}",
        no_data_text="–",
        print_values=False,
        **more,
    )
    chart.title = None
    return chart


def _svg(chart: Any, lines: Sequence[AlertLine], groups: Sequence[str], words: Callable[[str], str]) -> bytes:
    root = chart.render_tree()
    for defs in root.iter("defs"):  # what is left of the library's own script, which would be of no use
        for script in list(defs.iter("script")):
            defs.remove(script)
    _add_lines(root, lines, groups, words)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_lines(
    root: Any, lines: Sequence[AlertLine], groups: Sequence[str], words: Callable[[str], str]
) -> None:
    """A dashed line where an alert is raised: over the bars of its policy, else over all of them."""
    plot = next((element for element in root.iter("g") if element.get("class") == "plot"), None)
    if plot is None or not lines:
        return
    scale = _scale(plot)
    width = float(next(plot.iter("rect")).get("width"))
    places = [float(guide.find("text").get("x")) for guide in _guides(plot, "axis x")]
    half = width / max(1, len(places)) / 2
    drawn: set[tuple[str, float]] = set()
    for line in lines:
        if (line.policy if groups else "", line.value) in drawn:
            continue
        drawn.add((line.policy if groups else "", line.value))
        start, end = 0.0, width
        if line.policy in groups and len(places) == len(groups):
            middle = places[groups.index(line.policy)]
            start, end = max(0.0, middle - half), min(width, middle + half)
        elif groups:
            continue
        y = scale(line.value * 100)
        path = ElementTree.SubElement(plot, "path")
        path.set("d", f"M{start:.1f} {y:.1f} H{end:.1f}")
        path.set("style", f"stroke: {_ALERT}; stroke-width: 3; stroke-dasharray: 8 4; fill: none")
        words_of = f"{words('Alert')}: {'>' if line.above else '<'} {line.value * 100:g} %"
        above = y > _LABEL_HEIGHT
        _add_label(plot, words_of, start + 4, y - 6 if above else y + _LABEL_HEIGHT - 4)


def _add_label(plot: Any, text: str, x: float, y: float) -> None:
    """Words on white, so that they can be read on any bar."""
    ground = ElementTree.SubElement(plot, "rect")
    label = ElementTree.SubElement(plot, "text")
    for element, more in ((ground, {"y": y - 15, "width": 8.6 * len(text), "height": 19}), (label, {"y": y})):
        element.set("x", f"{x:.1f}")
        for name, value in more.items():
            element.set(name, f"{value:.1f}")
    ground.set("style", "fill: white; stroke: none")
    label.set("style", f"fill: {_ALERT}; font-size: 15px; font-family: sans-serif; font-weight: bold")
    label.text = text


def _guides(plot: Any, axis: str) -> list[Any]:
    group = next(
        (element for element in plot.iter("g") if (element.get("class") or "").startswith(axis)), None
    )
    return (
        [] if group is None else [element for element in group.iter("g") if element.get("class") == "guides"]
    )


def _scale(plot: Any) -> Callable[[float], float]:
    """The place of a value, from the axis that the library has drawn."""
    guides = _guides(plot, "axis y")
    marks = [
        (float(guide.find("text").text.split()[0]), float(guide.find("path").get("d").split()[1]))
        for guide in guides
    ]
    (low, bottom), (high, top) = min(marks), max(marks)
    return lambda value: bottom + (value - low) / ((high - low) or 1) * (top - bottom)


def _bar(value: float | None, low: float | None, high: float | None, scale: int) -> dict[str, object] | None:
    if value is None:
        return None
    bar: dict[str, object] = {"value": value * scale}
    if low is not None and high is not None:
        bar["ci"] = {"low": low * scale, "high": high * scale}
    return bar
