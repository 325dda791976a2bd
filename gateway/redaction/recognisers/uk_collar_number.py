"""UK_COLLAR_NUMBER: collar and shoulder numbers of police officers, without the rank."""

from gateway.redaction.recognisers.identifier import Identifier, patterns


class UkCollarNumber(Identifier):
    """After a rank, or beside a word for it."""

    ENTITY = "UK_COLLAR_NUMBER"
    LEAST = 2
    FORMS = patterns(
        {
            r"(?:(?<=\b(?:[PD][CSI]|PCSO|SGT|DCI|DCS|CPS|SC|Officer|Constable|Sergeant),? )|"
            r"(?<=\b(?:[PD][CSI]|PCSO)))(?!\d{1,2}[/.:]\d)\d{2,6}(?: ?(?-i:[A-Z]{1,2})"
            r"(?![A-Z]))?(?![A-Z0-9])": 0.6,
            r"(?:(?<=collar (?:no\.?|number|num):? )|(?<=shoulder (?:no\.?|number|num):? )|"
            r"(?<=collar )|(?<=shoulder )|(?<=warrant card ))\d{2,6}(?:[A-Z]{1,2})?(?![A-Z0-9])": 0.6,
        }
    )
