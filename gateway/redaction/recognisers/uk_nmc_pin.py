"""UK_NMC_PIN: nurses' and midwives' PINs: year, month letter, four digits, country letter (NHS England FHIR
guides).
"""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_NMC_PIN = Identifier(
    type="UK_NMC_PIN",
    forms={r"(?<![A-Z0-9])\d{2}[ -]?[A-L][ -]?\d{4}[ -]?[A-Z](?![A-Z0-9])": WEAK},
    labels="NMC, nurse{n}, midwife{n}",
    digits=(4, 6),
    context="nurse, pin, midwife, nursing",
    least=6,
    examples=("NMC 31C9041E",),
)
