"""UK_VISOR_ID: ViSOR and MAPPS nominals: year, slash, seven digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_VISOR_ID = Identifier(
    type="UK_VISOR_ID",
    forms={r"(?<![\d/])\d{2} ?/ ?\d{7}(?![\dA-Z/])": WEAK},
    labels="VISOR, mappa nominal, nominal{n}",
    digits=(5, 9),
    context="mapps, nominal, mosovo, panel, mappa",
    least=9,
    examples=("ViSOR 31/9904177",),
)
