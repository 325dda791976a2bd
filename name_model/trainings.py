"""How a model was trained, as its `config.json` says it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Training:
    """One training: documents with slots (of which `nobody` name nobody), a department's own texts, word pieces."""

    documents: int
    nobody: int
    styles: int
    own: int
    pieces: int
    seed: int


@dataclass(frozen=True, slots=True)
class Average:
    """A mean of the model after one training and of an earlier one, after `other`, which counts `share`."""

    training: int
    other: int
    share: float


def trainings_of(folder: Path) -> list[Training]:
    """Those of the model in `folder`, the first first."""
    return [Training(**training) for training in _config(folder).get("trainings", ())]


def averages_of(folder: Path) -> list[Average]:
    """Those of the model in `folder`, beside the one at the end of each training."""
    return [Average(**average) for average in _config(folder).get("averages", ())]


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
    return config
