"""Identifiers that are certain by their form alone: by a check digit that passes, or by a form that nothing else has.

They are looked for in grammar (names of tools, `enum` and the like), where neither a model nor a label says anything.
"""

from collections.abc import Collection, Iterator
from typing import Final

from presidio_analyzer import PatternRecognizer

from gateway.redaction.findings import Finding
from gateway.redaction.patterns import PatternReader, Reading
from gateway.redaction.recognisers.credit_card import CreditCard
from gateway.redaction.recognisers.email_address import EmailAddress
from gateway.redaction.recognisers.iban_code import IbanCode
from gateway.redaction.recognisers.phone_number import PhoneNumber
from gateway.redaction.recognisers.uk_chi import UkChi
from gateway.redaction.recognisers.uk_cro import UkCro
from gateway.redaction.recognisers.uk_driving_licence import UkDrivingLicence
from gateway.redaction.recognisers.uk_nhs import UkNhs
from gateway.redaction.recognisers.uk_nino import UkNino
from gateway.redaction.recognisers.uk_pnc import UkPnc

_CHECKED: Final = 1.0
"""The score of a form whose check digit passes."""


def _forms() -> list[tuple[PatternRecognizer, float]]:
    """Their recognisers, each with the score from which it is certain."""
    return [
        (EmailAddress(), 0.9),
        (UkNino(), 0.5),
        (UkDrivingLicence(), 0.6),
        (PhoneNumber(), 0.6),
        (UkNhs(), _CHECKED),
        (UkChi(), _CHECKED),
        (UkCro(), _CHECKED),
        (UkPnc(), _CHECKED),
        (CreditCard(), _CHECKED),
        (IbanCode(), _CHECKED),
    ]


class CertainIdentifiers:
    """Finds them. Built once; safe to use from several threads."""

    def __init__(self, seconds: float) -> None:
        self._readers = [(PatternReader(one, seconds), score) for one, score in _forms()]

    def find(self, text: str, entities: Collection[str]) -> Iterator[Finding]:
        """Those of these types in a reading."""
        if not any(sign == "@" or sign.isdigit() for sign in text):
            return
        reading = Reading(text)
        for reader, score in self._readers:
            if reader.entity in entities:
                yield from reader.read(reading, score)
