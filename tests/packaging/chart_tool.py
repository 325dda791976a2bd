"""Helm's own code and Kubernetes' schemas, run with the Python of .venv-packaging: chart_tool.py CHART < VALUES

Reads {name: values} and prints {name: {"error": …} or {"files": {…}, "mistakes": […]}}, and Helm's lint under "lint".
"""

import json
import sys
from typing import Any

import helm_python as helm  # type: ignore[import-not-found]
import kubernetes_validate  # type: ignore[import-not-found]
import yaml


def mistakes(text: str) -> list[str]:
    """What Kubernetes would refuse, unknown fields among it."""
    found = []
    for manifest in filter(None, yaml.safe_load_all(text)):
        try:
            kubernetes_validate.validate(manifest, "1.30", strict=True)
        except kubernetes_validate.ValidationError as error:
            found.append(f"{manifest['kind']} {'.'.join(map(str, error.path))}: {error.message}")
    return found


def main() -> None:
    """Render the chart with each set of values."""
    chart_folder = sys.argv[1]
    out: dict[str, Any] = {"lint": helm.lint(chart_folder)["errors"]}
    for name, values in json.load(sys.stdin).items():
        with helm.Chart.load(chart_folder) as chart:
            try:
                chart.validate_schema(values)
                files = chart.render(values, name="countersign", namespace="service")
            except helm.HelmError as error:
                out[name] = {"error": str(error)}
                continue
        manifests = {path: text for path, text in files.items() if path.endswith(".yaml")}
        found = [mistake for text in manifests.values() for mistake in mistakes(text)]
        out[name] = {"files": files, "mistakes": found}
    print(json.dumps(out))


if __name__ == "__main__":
    main()
