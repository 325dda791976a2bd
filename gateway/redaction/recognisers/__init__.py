"""Recognisers of identifiers: declarations in files by kind, and the recognition of labels, spoken numbers and codes.

`docs/identifiers.md` says how one is added.
"""

from gateway.redaction.recognisers.identifier import Identifier, declared
from gateway.redaction.recognisers.numbers.labelled import LabelledNumber
from gateway.redaction.recognisers.numbers.spoken import SpokenNumber
from gateway.redaction.recognisers.numbers.unlabelled import UnlabelledNumber

Builtin = Identifier | LabelledNumber | SpokenNumber | UnlabelledNumber

__all__ = ["Builtin", "all_recognisers"]


def all_recognisers() -> list[Builtin]:
    """Every one of this gateway: each identifier that a file declares, and what reads in other ways."""
    return [*declared(), LabelledNumber(), SpokenNumber(), UnlabelledNumber()]
