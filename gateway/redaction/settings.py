"""What the `redaction:` section of countersign.yaml holds."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_ENTITIES: Final = frozenset(
    [
        "PERSON",
        "LOCATION",
        "NRP",
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "CREDIT_CARD",
        "IBAN_CODE",
        "IP_ADDRESS",
        "URL",
        "DATE_OF_BIRTH",
        "UK_ADDRESS",
        "UK_ASN",
        "UK_BANK_ACCOUNT",
        "UK_CCD_CASE",
        "UK_CHI",
        "UK_CRN",
        "UK_CRO",
        "UK_CROWN_COURT_CASE",
        "UK_DRIVING_LICENCE",
        "UK_NHS",
        "UK_NINO",
        "UK_PASSPORT",
        "UK_PNC",
        "UK_POSTCODE",
        "UK_PRISON_NUMBER",
        "UK_UTR",
        "UK_VEHICLE_REGISTRATION",
    ]
)
"""What is redacted unless the settings say otherwise: everything but DATE_TIME and ORGANIZATION."""


class RedactionSettings(BaseModel):
    """How personal data is found.

    `model` is an installed spaCy package, or None for patterns only, which miss most names and places. `entities` are
    the types that are redacted. `score_threshold` is the least score of a finding, from 0 to 1.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    model: str | None = "en_core_web_sm"
    entities: frozenset[str] = DEFAULT_ENTITIES
    score_threshold: float = Field(default=0.4, ge=0.0, le=1.0)
    pattern_seconds: float = Field(default=5.0, gt=0.0)
