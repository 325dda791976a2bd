"""`make sbom`: the software bill of materials of a gateway, CycloneDX, from the lock: python -m tools.supply.sbom FILE

cyclonedx-py of .venv-packaging reads `requirements.lock`; each component then gets its licence, and what lies in the
repository beside PyPI's packages is added. The same lock gives the same bytes.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tools.supply.licences import LOCK, ROOT, packages

TOOL: Final = ROOT / ".venv-packaging" / "bin" / "cyclonedx-py"
ASSETS: Final = ROOT / "tools" / "pages" / "package.json"
_BUILD_ONLY: Final = frozenset({"sass"})


def bill() -> dict[str, Any]:
    """The whole document."""
    command = [TOOL, "requirements", LOCK, "--pyproject", ROOT / "pyproject.toml", "--of", "JSON"]
    done = subprocess.run(  # noqa: S603 - words of our own
        [*command, "--output-reproducible", "-o", "-"], check=True, capture_output=True, cwd=ROOT
    )
    document: dict[str, Any] = json.loads(done.stdout)
    licences = {one.name: one.licence for one in packages()}
    for component in document["components"]:
        licence = licences[component["name"]]
        if licence is not None:
            component["licenses"] = [{"expression": licence}]
        del component["description"]  # the line of the lock once more
    document["components"] += list(_assets())
    root = document["metadata"]["component"]["bom-ref"]
    everything = sorted(component["bom-ref"] for component in document["components"])
    document["dependencies"] = [
        *({"ref": one} for one in everything),
        {"ref": root, "dependsOn": everything},
    ]
    return document


def _assets() -> list[dict[str, Any]]:
    """What the pages' stylesheet and script were made from."""
    wanted: dict[str, str] = json.loads(ASSETS.read_text("utf-8"))["dependencies"]
    return [
        {
            "bom-ref": f"npm-{name}",
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{version}",
            "licenses": [{"expression": "MIT"}],
        }
        for name, version in wanted.items()
        if name not in _BUILD_ONLY
    ]


def main() -> None:
    """Write it."""
    file = Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(bill(), indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
