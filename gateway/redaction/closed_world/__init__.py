"""The closed world: a word that is in no list of common words is a name until shown otherwise; others by their cues."""

from gateway.redaction.closed_world.beside_names import BesideNames
from gateway.redaction.closed_world.clues import Seen
from gateway.redaction.closed_world.in_small_letters import InSmallLetters
from gateway.redaction.closed_world.likely import add_likely
from gateway.redaction.closed_world.with_capitals import WithCapitals

__all__ = ["BesideNames", "InSmallLetters", "Seen", "WithCapitals", "add_likely"]
