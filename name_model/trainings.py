"""How a model was trained, as its `config.json` says it."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Training:
    """One training: documents with slots (of which `nobody` name nobody), a department's own texts, word pieces."""

    documents: int
    nobody: int
    styles: int
    own: int
    pieces: int
    seed: int


def trainings_of(folder: Path) -> list[Training]:
    """Those of the model in `folder`, the first first."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    return [Training(**training) for training in config.get("trainings", ())]
