"""The kinds of deciders that are played: how they read, and what they see."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Diligence:
    """How somebody decides: for how long they read, as a share of what it takes; whether they see what is wrong."""

    name: str
    reads: tuple[float, float]
    sees: float
    """Of wrong answers: the share that they reject or mend."""
    rejects_good: float
    agrees: float
    """Of answers that they see nothing wrong with: the share of which they say that it is what they thought."""


KINDS: Final = (
    Diligence("reads-all", (1.0, 2.0), sees=0.9, rejects_good=0.05, agrees=0.95),
    Diligence("skims", (0.25, 0.7), sees=0.5, rejects_good=0.04, agrees=0.95),
    Diligence("rubber-stamps", (0.03, 0.15), sees=0.03, rejects_good=0.0, agrees=1.0),
    Diligence("careful-but-wrong", (1.0, 2.0), sees=0.3, rejects_good=0.2, agrees=0.7),
)
