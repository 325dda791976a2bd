"""UK_COLLAR_NUMBER: collar and shoulder numbers of police officers, without the rank."""

from gateway.redaction.recognisers.identifier import Identifier

_NUMBERED = r"(?= ?(?:is|[=:#|(\[\)‘'>*-]|\w* ?number| \d|;|\.{2}))"
"""What stands behind a rank and before its holder's number, not his name."""

UK_COLLAR_NUMBER = Identifier(
    type="UK_COLLAR_NUMBER",
    forms={
        r"(?:(?<=\b(?:[PD][CSI]|PCSO|SGT|DCI|DCS|CPS|SC|Officer|Constable|Sergeant),? )|"
        r"(?<=\b(?:[PD][CSI]|PCSO)))(?!\d{1,2}[/.:]\d)\d{2,6}(?: ?(?-i:[A-Z]{1,2})"
        r"(?![A-Z]))?(?![A-Z0-9])": 0.6,
        r"(?:(?<=collar (?:no\.?|number|num):? )|(?<=shoulder (?:no\.?|number|num):? )|"
        r"(?<=collar )|(?<=shoulder )|(?<=warrant card ))\d{2,6}(?:[A-Z]{1,2})?(?![A-Z0-9])": 0.6,
    },
    labels=(
        r"p c(?= (?:is|would|it's|number|one|two|three|four|five|six|seven|eight|nine|double|\d)), pc(?= $), collar{n}, "
        "shoulder{n}, officer(?:'?s)?{n}, officers{n}, police constable(?: number)?, "
        + ", ".join(rank + _NUMBERED for rank in ("pc", "ps", "dc", "ds", "pcso", "sgt"))
    ),
    digits=(2, 4),
    least=2,
    examples=("PC 94177",),
)
