"""What is not a person although it may look like one, by kind: hospitals, drugs, charities, systems, laws, shops."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "names"
_LISTED: Final = {
    "prison": "prisons",
    "court": "courts",
    "police": "police_forces",
    "institution": "institutions",
}
"""Kinds whose lists the gateway has, for its own rules."""


@cache
def terms() -> dict[str, tuple[str, ...]]:
    """The terms of each kind."""
    found: dict[str, tuple[str, ...]] = {}
    for line in [*lines_of(FOLDER / "terms.txt"), *lines_of(FOLDER / "places.txt")]:
        kind, _, listed = line.partition(":")
        found[kind] = tuple(term.strip() for term in listed.split(","))
    for kind, name in _LISTED.items():
        text = (files("gateway.redaction.lexicon") / f"{name}.txt").read_text("utf-8")
        found[kind] = tuple(line for line in text.splitlines() if line and not line.startswith("#"))
    found["police"] = tuple(f"{name} Police" for name in found["police"])
    return found


@cache
def frames() -> tuple[str, ...]:
    """Sentences and lines about nobody, most with slots for terms."""
    return (*lines_of(FOLDER / "frames.txt"), *lines_of(FOLDER / "nobody.txt"))


@cache
def sentences() -> tuple[str, ...]:
    """Short sentences and lines about persons."""
    return tuple(lines_of(FOLDER / "sentences.txt"))


def lines_of(path: Path) -> list[str]:
    """The lines of a list, without its remarks."""
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
